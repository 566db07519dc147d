import type { Account } from './account.ts';
import type { Ending, Stretch } from './holdings.ts';
import { belongs, isSuspended, type Person } from './people.ts';
import { type Group, roleAt, type Vault } from './vaults.ts';

/** An ISO time as warehouses read it, with six fraction digits; null for what is older than the log, or not over. */
type Time = string | null;

/** When something began and ended, and what ended it. */
interface Interval {
  since: Time;
  ended_at: Time;
  ended_by: Ending | null;
}

/** The roles as the inputs of the evidence models name them. */
const ROLES = { A: 'manager', R: 'member' } as const;

/** What was true of the account from the start of the log to its end, as nobody can know who has the log alone. */
export interface Truth {
  direct_access: ({ vault_uuid: string; user_uuid: string } & Interval)[];
  group_access: ({ vault_uuid: string; group_uuid: string } & Interval)[];
  /** `role` is the one at the end. */
  memberships: ({ group_uuid: string; user_uuid: string; role: string | null } & Interval)[];
  people: {
    user_uuid: string;
    name: string;
    email: string;
    kind: 'member' | 'guest' | 'service account';
    status: 'active' | 'suspended' | 'removed';
    invited_at: Time;
    joined_at: Time;
    removed_at: Time;
    suspensions: { since: Time; ended_at: Time }[];
  }[];
  vaults: { vault_uuid: string; since: Time; deleted_at: Time }[];
  groups: { group_uuid: string; since: Time; deleted_at: Time }[];
  /** What the named rule of the findings has to find; `at` is when all is there that it needs. */
  incidents: { rule: string; user_uuid: string | null; at: Time }[];
}

export function truthOf(account: Account, untilMs: number): Truth {
  const { groups, vaults } = account;
  return {
    direct_access: vaults.flatMap(({ uuid, people }) =>
      people.stretches.map((stretch) => ({ vault_uuid: uuid, user_uuid: stretch.holder.uuid, ...intervalOf(stretch) })),
    ),
    group_access: vaults.flatMap((vault) =>
      vault.groups.stretches.map((stretch) => ({
        vault_uuid: vault.uuid,
        group_uuid: stretch.holder.uuid,
        ...intervalOf(stretch),
      })),
    ),
    memberships: groups.flatMap((group) =>
      group.members.stretches.map((stretch) => ({
        group_uuid: group.uuid,
        user_uuid: stretch.holder.uuid,
        role: roleName(group, stretch.holder, stretch.endedMs),
        ...intervalOf(stretch),
      })),
    ),
    people: everybodyIn(account).map((person) => ({
      user_uuid: person.uuid,
      name: person.name,
      email: person.email,
      kind: kindOf(person),
      status: statusOf(person, Number.MAX_VALUE),
      invited_at: timeOf(person.invitedMs),
      joined_at: timeOf(person.joinedMs),
      removed_at: timeOf(person.removedMs),
      suspensions: person.suspensions.map(({ fromMs, toMs }) => ({ since: timeOf(fromMs), ended_at: timeOf(toMs) })),
    })),
    vaults: vaults.map(({ uuid, sinceMs, deletedMs }) => ({
      vault_uuid: uuid,
      since: timeOf(sinceMs),
      deleted_at: timeOf(deletedMs),
    })),
    groups: groups.map(({ uuid, sinceMs, deletedMs }) => ({
      group_uuid: uuid,
      since: timeOf(sinceMs),
      deleted_at: timeOf(deletedMs),
    })),
    incidents: account.incidents
      .filter(({ atMs }) => atMs < untilMs)
      .map(({ rule, person, atMs }) => ({ rule, user_uuid: person?.uuid ?? null, at: timeOf(atMs) })),
  };
}

/** What an administrator would have listed at a time, in the form of the inputs of the evidence models. */
export interface Baseline {
  baseline_members: { user_uuid: string; email: string; name: string; status: string; as_of: string }[];
  baseline_group_members: { group_uuid: string; user_uuid: string; role: string; as_of: string }[];
  baseline_vault_access: { vault_uuid: string; grantee_type: 'user' | 'group'; grantee_uuid: string; as_of: string }[];
}

/** What happened at that very time had happened. */
export function baselineOf(account: Account, atMs: number): Baseline {
  const as_of = timeOf(atMs) ?? '';
  const accessOf = (vault: Vault): Baseline['baseline_vault_access'] => [
    ...vault.people.heldBy(atMs).map(({ uuid }) => ({
      vault_uuid: vault.uuid,
      grantee_type: 'user' as const,
      grantee_uuid: uuid,
      as_of,
    })),
    ...vault.groups.heldBy(atMs).map(({ uuid }) => ({
      vault_uuid: vault.uuid,
      grantee_type: 'group' as const,
      grantee_uuid: uuid,
      as_of,
    })),
  ];
  return {
    baseline_members: everybodyIn(account)
      .filter((person) => belongs(person, atMs))
      .map((person) => ({
        user_uuid: person.uuid,
        email: person.email,
        name: person.name,
        status: statusOf(person, atMs),
        as_of,
      })),
    baseline_group_members: account.groups.flatMap((group) =>
      group.members.heldBy(atMs).map((person) => ({
        group_uuid: group.uuid,
        user_uuid: person.uuid,
        role: roleName(group, person, atMs) ?? '',
        as_of,
      })),
    ),
    baseline_vault_access: account.vaults.flatMap(accessOf),
  };
}

/** Tells whether somebody had access to a vault when they used one of its items. */
export function accessJudge(account: Account): (userUuid: string, vaultUuid: string, atMs: number) => boolean {
  const people = new Map(everybodyIn(account).map((person) => [person.uuid, person]));
  const vaults = new Map(account.vaults.map((vault) => [vault.uuid, vault]));
  return (userUuid, vaultUuid, atMs) => {
    const [person, vault] = [people.get(userUuid), vaults.get(vaultUuid)];
    return person !== undefined && vault !== undefined && account.hadAccess(person, vault, atMs);
  };
}

/** `2026-10-03T09:20:55.318204Z`; null for a time without end or beginning. */
export function timeOf(atMs: number): Time {
  if (!Number.isFinite(atMs)) return null;
  const microseconds = Math.round(atMs * 1000);
  const seconds = Math.floor(microseconds / 1_000_000);
  const fraction = String(microseconds - seconds * 1_000_000).padStart(6, '0');
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${fraction}Z`;
}

function intervalOf({ sinceMs, endedMs, endedBy }: Stretch<unknown>): Interval {
  return { since: timeOf(sinceMs), ended_at: timeOf(endedMs), ended_by: endedBy ?? null };
}

function roleName(group: Group, person: Person, atMs: number): 'manager' | 'member' | null {
  const role = roleAt(group, person, atMs);
  return role === undefined ? null : ROLES[role];
}

/** Everybody who ever belonged to it, service accounts included. */
export function everybodyIn({ people, serviceAccounts, bridge }: Account): Person[] {
  return [...people, ...serviceAccounts.map(({ person }) => person), bridge];
}

function kindOf({ type, isServiceAccount }: Person): 'member' | 'guest' | 'service account' {
  if (isServiceAccount) return 'service account';
  return type === 'external_user' ? 'guest' : 'member';
}

function statusOf(person: Person, atMs: number): 'active' | 'suspended' | 'removed' {
  if (!belongs(person, atMs)) return 'removed';
  return isSuspended(person, atMs) ? 'suspended' : 'active';
}
