import type { Random } from '../random.ts';
import { AccessChanges, toldEnd } from './access-changes.ts';
import type { Account, Scenario } from './account.ts';
import { type AuditDraft, draft } from './audit-draft.ts';
import { detailsOf } from './details.ts';
import { isActive, isSuspended, type Person, personOf } from './people.ts';

const FOREVER = Number.POSITIVE_INFINITY;

export const invite: Scenario = (account, random) => {
  if (present(account) + account.invitations.length >= 2 * account.foundedWith) return [];
  const invitation = account.newInvitation();
  const effect = (invitedMs: number): void => {
    account.invitations.push({ ...invitation, invitedMs });
  };
  const inviter = random.chance(0.6) ? account.bridge : account.owner();
  return [draft(inviter, 'invite', 'create', invitation.uuid, { aux_info: invitation.email, effect })];
};

export const join: Scenario = (account, random, atMs) => {
  const invitation = account.invitations.shift();
  if (invitation === undefined) return [];
  const { name, email, invitedMs } = invitation;
  const person = personOf(random, { name, email, invitedMs, accountUuid: account.uuid, joinedMs: FOREVER });
  const owner = account.owner();
  const changes = new AccessChanges(account, random, owner);
  const welcome = (joinedMs: number): void => {
    person.joinedMs = joinedMs;
    account.people.push(person);
  };

  // Accounts differ in how they take people in.
  const before = random.chance(0.2) ? [aboutPerson(account.bridge, 'provsn', person)] : [];
  const after = random.chance(0.4) ? [aboutPerson(person, random.pick(['verify', 'activate']), person)] : [];
  const access = random.chance(0.4) ? [changes.grant(account.vault(atMs), person)] : [];
  return [
    ...before,
    aboutPerson(person, 'join', person, welcome),
    ...after,
    changes.join(account.group(atMs), person),
    ...access,
  ];
};

export const withdrawInvitation: Scenario = (account, random) => {
  const invitation = account.invitations.pop();
  if (invitation === undefined) return [];
  return [draft(account.owner(), 'invite', random.pick(['delete', 'expire']), invitation.uuid)];
};

export const suspend: Scenario = (account, random, atMs) => {
  const person = dispensable(account, atMs);
  if (person === undefined) return [];
  const effect = (fromMs: number): void => {
    person.suspensions.push({ fromMs, toMs: FOREVER });
  };
  // The real API leaves the details out at times.
  const details = random.chance(0.5) ? { object_details: detailsOf(person) } : {};
  return [draft(account.owner(), 'user', 'suspend', person.uuid, { ...details, effect })];
};

export const endSuspension: Scenario = (account, random, atMs) => {
  const isWaiting = (person: Person): boolean => isSuspended(person, atMs) && person.removedMs > atMs;
  const person = random.pickWhere(account.people, isWaiting);
  if (person === undefined) return [];
  if (random.chance(0.4)) return removed(account, random, person);
  return [
    aboutPerson(account.owner(), 'reactive', person, (toMs) => {
      const suspension = person.suspensions.at(-1);
      if (suspension) suspension.toMs = toMs;
    }),
  ];
};

export const remove: Scenario = (account, random, atMs) => {
  const person = dispensable(account, atMs);
  return person ? removed(account, random, person) : [];
};

export const leave: Scenario = (account, _random, atMs) => {
  const person = dispensable(account, atMs);
  return person ? [aboutPerson(person, 'leave', person, (endMs) => account.remove(person, endMs))] : [];
};

export const recover: Scenario = (account, _random, atMs) => {
  const person = account.ordinaryMember(atMs);
  if (person === undefined) return [];
  const owner = account.owner();
  return ['beginr', 'completr'].map((action) => aboutPerson(owner, action, person));
};

function removed(account: Account, random: Random, person: Person): AuditDraft[] {
  const owner = account.owner();
  const end = aboutPerson(owner, 'delete', person, (endMs) => account.remove(person, endMs));
  return toldEnd(random, end, new AccessChanges(account, random, owner).takeEverything(person));
}

function aboutPerson(
  actor: Person,
  action: string,
  person: Person,
  effect: (atMs: number) => void = () => {},
): AuditDraft {
  return draft(actor, 'user', action, person.uuid, { object_details: detailsOf(person), effect });
}

/** Somebody who may go; nobody while the account is down to half of those with whom it began. */
function dispensable(account: Account, atMs: number): Person | undefined {
  const active = account.people.filter((person) => isActive(person, atMs)).length;
  return active > account.foundedWith / 2 ? account.ordinaryMember(atMs) : undefined;
}

function present({ people }: Account): number {
  return people.filter(({ removedMs }) => removedMs === FOREVER).length;
}
