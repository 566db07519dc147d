import { bridgeOf, isActive, nameOf, type Person, personOf, serviceAccountOf } from './people.ts';
import { places } from './places.ts';
import type { Random } from './random.ts';

/** A team; `A` manages it, `R` is a plain member. */
export interface Group {
  readonly uuid: string;
  readonly roles: Map<Person, 'A' | 'R'>;
}

/** A shared vault and who may open it. */
export interface Vault {
  readonly uuid: string;
  readonly items: string[];
  readonly people: Set<Person>;
  readonly groups: Set<Group>;
}

/** A service account and its tokens. */
export interface ServiceAccount {
  readonly person: Person;
  readonly tokens: string[];
}

const MEMBERS = 22;
const GROUPS = 5;
const VAULTS = 9;

/** The state of the invented account, which the generated events change. */
export class Account {
  readonly uuid: string;
  readonly people: Person[];
  readonly groups: Group[] = [];
  readonly vaults: Vault[] = [];
  readonly serviceAccounts: ServiceAccount[];
  /** Provisions people. */
  readonly bridge: Person;
  readonly invitations: { readonly uuid: string; readonly name: string; readonly email: string }[] = [];
  readonly #random: Random;

  constructor(uuid: string, random: Random) {
    this.uuid = uuid;
    this.#random = random;
    this.people = foundersOf(uuid, random);
    for (let count = 0; count < MEMBERS; count += 1) {
      this.people.push(personOf(random, { name: nameOf(random), accountUuid: uuid }));
    }
    const guest = { name: nameOf(random), accountUuid: random.upperId(), type: 'external_user' } as const;
    this.people.push(personOf(random, guest));
    this.serviceAccounts = [{ person: serviceAccountOf(random, 'deploy', uuid), tokens: [random.lowerId()] }];
    this.bridge = bridgeOf(random, uuid);

    for (let count = 0; count < GROUPS; count += 1) this.addGroup('q3znx7tkjh2vb5rwyd4lmcgeau');
    for (let count = 0; count < VAULTS; count += 1) this.addVault(this.owner());
    for (const person of this.people) random.pick(this.groups).roles.set(person, person.isAdmin ? 'A' : 'R');
    for (const vault of this.vaults) vault.groups.add(random.pick(this.groups));
  }

  /** The first of each kind has the identifier of the documented examples. */
  addGroup(firstUuid?: string): Group {
    const drawn = this.#random.lowerId();
    const group: Group = { uuid: this.groups.length === 0 && firstUuid ? firstUuid : drawn, roles: new Map() };
    this.groups.push(group);
    return group;
  }

  addVault(owner: Person): Vault {
    const isFirst = this.vaults.length === 0;
    const items = Array.from({ length: this.#random.integer(5, 16) }, () => this.#random.lowerId());
    const drawn = this.#random.lowerId();
    const vault: Vault = {
      uuid: isFirst ? 'w2kqz7tnxhvb5rjyd4lmcge3au' : drawn,
      items: isFirst ? ['r5tnqz2kxhjb7vwdl4ycmg3aeu', ...items] : items,
      people: new Set([owner]),
      groups: new Set(),
    };
    this.vaults.push(vault);
    return vault;
  }

  /** Owners never leave, so there is always somebody to act. */
  owner(): Person {
    return this.#random.pick(this.people.filter(({ isAdmin }) => isAdmin));
  }

  /** A member who was active then. */
  member(atMs: number): Person {
    return this.#random.pick(this.people.filter((person) => isActive(person, atMs)));
  }

  /** Active members without the owners: those to whom things happen. */
  ordinary(atMs: number): Person[] {
    return this.people.filter((person) => !person.isAdmin && isActive(person, atMs));
  }

  /** Those who may open the vault, directly or through a group, and were active then. */
  readersOf(vault: Vault, atMs: number): Person[] {
    const readers = new Set([...vault.people, ...[...vault.groups].flatMap(({ roles }) => [...roles.keys()])]);
    return [...readers].filter((person) => isActive(person, atMs));
  }

  /** Takes somebody out of every group and vault. */
  strip(person: Person): void {
    for (const { roles } of this.groups) roles.delete(person);
    for (const { people } of this.vaults) people.delete(person);
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
