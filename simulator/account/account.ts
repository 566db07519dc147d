import type { Random } from '../random.ts';
import { Agenda, type PlannedSignIn, type PlannedUsage } from './agenda.ts';
import type { AuditDraft } from './audit-draft.ts';
import { type Client, serviceAccountClients } from './clients.ts';
import { Holdings } from './holdings.ts';
import { belongs, bridgeOf, isActive, nameOf, type Person, personOf, serviceAccountOf } from './people.ts';
import { places } from './places.ts';
import { exists, type Group, type Role, type Vault } from './vaults.ts';

/** A service account and its tokens. */
export interface ServiceAccount {
  readonly person: Person;
  readonly tokens: string[];
}

/** Somebody who was asked to join and has not yet. */
export interface Invitation {
  readonly uuid: string;
  readonly name: string;
  readonly email: string;
  readonly invitedMs: number;
}

/** Tells the events of a change; none, if the change is not possible now. The account changes as each of them happens. */
export type Scenario = (account: Account, random: Random, atMs: number) => AuditDraft[];

/** What happens at a time or soon after it, unless it has become impossible. */
export interface PlannedChange {
  readonly atMs: number;
  readonly scenario: Scenario;
}

/** How many people an account has unless told otherwise, the guest among them. */
const DEFAULT_PEOPLE = 26;

const BEFORE_THE_LOG = Number.NEGATIVE_INFINITY;
const NOT_YET = Number.POSITIVE_INFINITY;

/** The invented account: what is true of it now and what was true at any time before, which the generated events change. */
export class Account {
  readonly uuid: string;
  /** How many people it had when the log began. */
  readonly foundedWith: number;
  /** Everybody who ever belonged to it, service accounts apart. */
  readonly people: Person[];
  readonly groups: Group[] = [];
  readonly vaults: Vault[] = [];
  readonly serviceAccounts: ServiceAccount[] = [];
  /** Provisions people. */
  readonly bridge: Person;
  readonly invitations: Invitation[] = [];
  /** What people have decided to do. */
  readonly usages = new Agenda<PlannedUsage>();
  readonly signIns = new Agenda<PlannedSignIn>();
  readonly changes = new Agenda<PlannedChange>();
  /** What ought to be found, by the rule that finds it. */
  readonly incidents: { readonly rule: string; readonly person: Person | undefined; readonly atMs: number }[] = [];
  readonly #owners: Person[];
  readonly #random: Random;

  constructor(uuid: string, random: Random, people = DEFAULT_PEOPLE) {
    this.uuid = uuid;
    this.foundedWith = people;
    this.#random = random;
    this.people = foundersOf(uuid, random);
    while (this.people.length < people - 1) {
      const isAdmin = this.people.length % 100 === 50;
      const suspensions = !isAdmin && random.chance(0.03) ? [{ fromMs: BEFORE_THE_LOG, toMs: NOT_YET }] : [];
      this.people.push(personOf(random, { name: nameOf(random), accountUuid: uuid, isAdmin, suspensions }));
    }
    const guest = { name: nameOf(random), accountUuid: random.upperId(), type: 'external_user' } as const;
    this.people.push(personOf(random, guest));
    this.bridge = bridgeOf(random, uuid);
    this.#owners = this.people.filter(({ isAdmin }) => isAdmin);

    for (let count = 0; count < Math.max(5, people / 40); count += 1) this.add(this.newGroup(), BEFORE_THE_LOG);
    for (let count = 0; count < Math.max(9, people / 8); count += 1) this.add(this.newVault(), BEFORE_THE_LOG);
    for (const person of this.people) this.#giveGroups(person);
    for (const vault of this.vaults) this.#giveAccess(vault);
    for (let count = 0; count < Math.max(1, people / 300); count += 1) {
      for (const client of serviceAccountClients) this.#addServiceAccount(client);
    }
    this.invitations.push(this.newInvitation());
  }

  /** A group that is not in the account yet. The first one has the identifier of the documented examples. */
  newGroup(): Group {
    const drawn = this.#random.lowerId();
    const uuid = this.groups.length === 0 ? 'q3znx7tkjh2vb5rwyd4lmcgeau' : drawn;
    return { kind: 'group', uuid, sinceMs: NOT_YET, deletedMs: NOT_YET, members: new Holdings(), roles: new Map() };
  }

  /** A vault that is not in the account yet. The first one and its first item have the documented identifiers. */
  newVault(): Vault {
    const isFirst = this.vaults.length === 0;
    const items = Array.from({ length: this.#random.integer(5, 16) }, () => this.#random.lowerId());
    const drawn = this.#random.lowerId();
    return {
      kind: 'vault',
      uuid: isFirst ? 'w2kqz7tnxhvb5rjyd4lmcge3au' : drawn,
      sinceMs: NOT_YET,
      deletedMs: NOT_YET,
      items: isFirst ? ['r5tnqz2kxhjb7vwdl4ycmg3aeu', ...items] : items,
      people: new Holdings(),
      groups: new Holdings(),
    };
  }

  add(what: Group | Vault, sinceMs: number): void {
    what.sinceMs = sinceMs;
    if (what.kind === 'group') this.groups.push(what);
    else this.vaults.push(what);
  }

  /** Somebody to invite. */
  newInvitation(): Invitation {
    const { name, email } = personOf(this.#random, { name: nameOf(this.#random), accountUuid: this.uuid });
    return { uuid: this.#random.upperId(), name, email, invitedMs: BEFORE_THE_LOG };
  }

  /** Owners never leave, so there is always somebody to act. */
  owner(): Person {
    return this.#random.pick(this.#owners);
  }

  /** A member who was active then. */
  member(atMs: number): Person {
    return this.#random.pickWhere(this.people, (person) => isActive(person, atMs)) as Person;
  }

  /** An active member who is no owner: one of those to whom things happen. */
  ordinaryMember(atMs: number): Person | undefined {
    return this.#random.pickWhere(this.people, (person) => !person.isAdmin && isActive(person, atMs));
  }

  /** A vault that existed then. */
  vault(atMs: number): Vault {
    return this.#random.pickWhere(this.vaults, (vault) => exists(vault, atMs)) as Vault;
  }

  /** A group that existed then. */
  group(atMs: number): Group {
    return this.#random.pickWhere(this.groups, (group) => exists(group, atMs)) as Group;
  }

  /** A service account that was not deleted then. */
  serviceAccount(atMs: number): ServiceAccount | undefined {
    return this.#random.pickWhere(this.serviceAccounts, ({ person }) => belongs(person, atMs));
  }

  /** Somebody who could open the vault then, directly or through a group. */
  readerOf(vault: Vault, atMs: number): Person | undefined {
    const random = this.#random;
    const isWanted = (person: Person): boolean => isActive(person, atMs);
    const direct = (): Person | undefined => vault.people.pick(random, atMs, isWanted);
    const byGroup = (): Person | undefined => vault.groups.pick(random, atMs)?.members.pick(random, atMs, isWanted);
    return random.chance(0.5) ? (direct() ?? byGroup()) : (byGroup() ?? direct());
  }

  /** Whether the person had access to the vault then, directly or through a group. Suspended people keep theirs. */
  hadAccess(person: Person, vault: Vault, atMs: number): boolean {
    if (vault.people.isHeld(person, atMs)) return true;
    return vault.groups.heldBy(atMs).some(({ members }) => members.isHeld(person, atMs));
  }

  setRole({ roles }: Group, person: Person, sinceMs: number, role: Role): void {
    const known = roles.get(person);
    if (known) known.push({ sinceMs, role });
    else roles.set(person, [{ sinceMs, role }]);
  }

  join(group: Group, person: Person, sinceMs: number, role: Role): void {
    if (group.members.isHeldNow(person)) return;
    group.members.open(person, sinceMs);
    this.setRole(group, person, sinceMs, role);
  }

  /** Takes somebody out of the account, and so out of every group and vault. */
  remove(person: Person, atMs: number): void {
    person.removedMs = atMs;
    for (const { members } of this.groups) members.close(person, atMs, 'user removed');
    for (const { people } of this.vaults) people.close(person, atMs, 'user removed');
  }

  deleteVault(vault: Vault, atMs: number): void {
    vault.deletedMs = atMs;
    vault.people.closeAll(atMs, 'vault deleted');
    vault.groups.closeAll(atMs, 'vault deleted');
  }

  deleteGroup(group: Group, atMs: number): void {
    group.deletedMs = atMs;
    group.members.closeAll(atMs, 'group deleted');
    for (const { groups } of this.vaults) groups.close(group, atMs, 'group deleted');
  }

  #giveGroups(person: Person): void {
    const random = this.#random;
    for (let count = random.integer(1, 3); count > 0; count -= 1) {
      const role = person.isAdmin || random.chance(0.08) ? 'A' : 'R';
      this.join(random.pick(this.groups), person, BEFORE_THE_LOG, role);
    }
  }

  #giveAccess({ people, groups }: Vault): void {
    const random = this.#random;
    people.open(this.owner(), BEFORE_THE_LOG);
    for (let count = random.integer(0, 4); count > 0; count -= 1) {
      people.open(random.pick(this.people), BEFORE_THE_LOG);
    }
    for (let count = random.integer(1, 2); count > 0; count -= 1) groups.open(random.pick(this.groups), BEFORE_THE_LOG);
  }

  #addServiceAccount(client: Client): void {
    const person = serviceAccountOf(this.#random, 'deploy', this.uuid, client);
    this.serviceAccounts.push({ person, tokens: [this.#random.lowerId()] });
    for (let count = 0; count < 2; count += 1) this.#random.pick(this.vaults).people.open(person, BEFORE_THE_LOG);
  }
}

function foundersOf(accountUuid: string, random: Random): Person[] {
  const [ottawa, montreal] = places;
  if (ottawa === undefined || montreal === undefined) throw new Error('Nobody has a home.');
  return [
    personOf(random, {
      uuid: 'M7QZ2TXKNHJ5VRWYD4LBCGE3AU',
      name: 'Olu Park',
      email: 'olu.park@example.com',
      deviceUuid: 'd7kqz2tnxhvb5rjyw4lmcge3au',
      home: ottawa,
      isAdmin: true,
      accountUuid,
    }),
    personOf(random, {
      uuid: 'H2LQXT5RNBJZ7VYDWK4CMEAG3U',
      name: 'Rana Iyer',
      email: 'rana.iyer@example.com',
      home: montreal,
      accountUuid,
    }),
    personOf(random, { name: 'Imke Duarte', email: 'imke.duarte@example.com', isAdmin: true, accountUuid }),
  ];
}
