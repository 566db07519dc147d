import type { Random } from '../random.ts';
import type { Account } from './account.ts';
import { type AuditDraft, affected, draft } from './audit-draft.ts';
import type { Person } from './people.ts';
import { type Group, type Role, roleAt, type Vault } from './vaults.ts';

const MOST_TOLD = 15;

/** The events that give or take access and membership, each with what it does to the account. */
export class AccessChanges {
  readonly #account: Account;
  readonly #random: Random;
  readonly #actor: Person;

  constructor(account: Account, random: Random, actor: Person = account.owner()) {
    this.#account = account;
    this.#random = random;
    this.#actor = actor;
  }

  grant({ uuid, people }: Vault, person: Person): AuditDraft {
    return this.#ofPerson('uva', 'grant', uuid, person, (atMs) => people.open(person, atMs));
  }

  update({ uuid }: Vault, person: Person): AuditDraft {
    return this.#ofPerson('uva', 'update', uuid, person);
  }

  revoke({ uuid, people }: Vault, person: Person): AuditDraft {
    return this.#ofPerson('uva', 'revoke', uuid, person, (atMs) => people.close(person, atMs, 'revoked'));
  }

  grantGroup({ uuid, groups }: Vault, group: Group): AuditDraft {
    return this.#ofGroup('grant', uuid, group, (atMs) => groups.open(group, atMs));
  }

  updateGroup({ uuid }: Vault, group: Group): AuditDraft {
    return this.#ofGroup('update', uuid, group);
  }

  revokeGroup({ uuid, groups }: Vault, group: Group): AuditDraft {
    return this.#ofGroup('revoke', uuid, group, (atMs) => groups.close(group, atMs, 'revoked'));
  }

  join(group: Group, person: Person, role: Role = 'R'): AuditDraft {
    const effect = (atMs: number): void => this.#account.join(group, person, atMs, role);
    return { ...this.#ofPerson('gm', 'join', group.uuid, person, effect), aux_info: role };
  }

  changeRole(group: Group, person: Person, role: Role): AuditDraft {
    const effect = (atMs: number): void => this.#account.setRole(group, person, atMs, role);
    return { ...this.#ofPerson('gm', 'role', group.uuid, person, effect), aux_info: role };
  }

  leave(group: Group, person: Person): AuditDraft {
    const effect = (atMs: number): void => group.members.close(person, atMs, 'left');
    const event = this.#ofPerson('gm', 'leave', group.uuid, person, effect);
    const role = roleAt(group, person, Number.POSITIVE_INFINITY);
    // Nobody has documented whether the role comes with it.
    return role && this.#random.chance(0.5) ? { ...event, aux_info: role } : event;
  }

  /** Whatever the person has: one event for each group and vault. */
  takeEverything(person: Person): AuditDraft[] {
    const { groups, vaults } = this.#account;
    return [
      ...groups.filter(({ members }) => members.isHeldNow(person)).map((group) => this.leave(group, person)),
      ...vaults.filter(({ people }) => people.isHeldNow(person)).map((vault) => this.revoke(vault, person)),
    ];
  }

  /** Whoever may open the vault: one event for each person and group. */
  closeVault(vault: Vault): AuditDraft[] {
    return [
      ...vault.people.holders().map((person) => this.revoke(vault, person)),
      ...vault.groups.holders().map((group) => this.revokeGroup(vault, group)),
    ];
  }

  /** Whoever is in the group, and whatever it may open: one event for each. */
  emptyGroup(group: Group): AuditDraft[] {
    return [
      ...group.members.holders().map((person) => this.leave(group, person)),
      ...this.#account.vaults
        .filter(({ groups }) => groups.isHeldNow(group))
        .map((vault) => this.revokeGroup(vault, group)),
    ];
  }

  #ofPerson(
    objectType: string,
    action: string,
    uuid: string,
    person: Person,
    effect: (atMs: number) => void = () => {},
  ): AuditDraft {
    return draft(this.#actor, objectType, action, uuid, { ...affected(person, this.#random), effect });
  }

  #ofGroup(action: string, uuid: string, group: Group, effect: (atMs: number) => void = () => {}): AuditDraft {
    const aux = { aux_id: this.#random.integer(1_000_000, 9_999_999), aux_uuid: group.uuid };
    return draft(this.#actor, 'gva', action, uuid, { ...aux, effect });
  }
}

/**
 * The end of a person, vault or group takes away what hung on it. The log tells the end alone, or also some of what it
 * takes away: before it, as far as an administrator cleaned up, or after it.
 */
export function toldEnd(random: Random, end: AuditDraft, taken: readonly AuditDraft[]): AuditDraft[] {
  const told = taken.slice(0, random.integer(1, MOST_TOLD));
  return random.weighted([
    [5, [end]],
    [3, [...taken.slice(0, MOST_TOLD), end]],
    [1, [...told, end]],
    [1, [end, ...told]],
  ]);
}
