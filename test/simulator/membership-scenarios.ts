import { affected, draft, type Scenario } from './audit-draft.ts';
import { detailsOf } from './details.ts';
import { nameOf, personOf } from './people.ts';

const FOREVER = Number.POSITIVE_INFINITY;
const FEWEST_PEOPLE = 10;
const MOST_PEOPLE = 60;

export const invite: Scenario = (account, random) => {
  if (account.people.length + account.invitations.length >= MOST_PEOPLE) return [];
  const name = nameOf(random);
  const newcomer = personOf(random, { name, accountUuid: account.uuid });
  const { email } = newcomer;
  const invitation = { uuid: random.upperId(), name, email };
  account.invitations.push(invitation);
  const inviter = random.chance(0.6) ? account.bridge : account.owner();
  return [draft(inviter, 'invite', 'create', invitation.uuid, { aux_info: email })];
};

export const join: Scenario = (account, random, atMs) => {
  const invitation = account.invitations.shift();
  if (invitation === undefined) return [];
  const { name, email } = invitation;
  const person = personOf(random, { name, email, accountUuid: account.uuid, joinedMs: atMs });
  account.people.push(person);
  const group = random.pick(account.groups);
  group.roles.set(person, 'R');
  return [
    draft(person, 'user', 'join', person.uuid, { object_details: detailsOf(person) }),
    draft(person, 'user', 'activate', person.uuid, { object_details: detailsOf(person) }),
    draft(account.owner(), 'gm', 'join', group.uuid, { ...affected(person, random), aux_info: 'R' }),
  ];
};

export const withdrawInvitation: Scenario = (account, random) => {
  const invitation = account.invitations.pop();
  if (invitation === undefined) return [];
  return [draft(account.owner(), 'invite', random.pick(['delete', 'expire']), invitation.uuid)];
};

export const changeGroup: Scenario = (account, random, atMs) => {
  const group = random.pick(account.groups);
  const person = random.pick(account.ordinary(atMs));
  const role = group.roles.get(person);
  const owner = account.owner();
  if (role === undefined) {
    group.roles.set(person, 'R');
    return [draft(owner, 'gm', 'join', group.uuid, { ...affected(person, random), aux_info: 'R' })];
  }
  if (random.chance(0.4)) {
    const newRole = role === 'A' ? 'R' : 'A';
    group.roles.set(person, newRole);
    return [draft(owner, 'gm', 'role', group.uuid, { ...affected(person, random), aux_info: newRole })];
  }
  group.roles.delete(person);
  return [draft(owner, 'gm', 'leave', group.uuid, { ...affected(person, random), aux_info: role })];
};

export const suspend: Scenario = (account, random, atMs) => {
  const candidates = account.ordinary(atMs);
  if (candidates.length < FEWEST_PEOPLE) return [];
  const person = random.pick(candidates);
  person.absences.push({ fromMs: atMs, toMs: FOREVER });
  // The real API leaves the details out at times.
  const details = random.chance(0.5) ? { object_details: detailsOf(person) } : {};
  return [draft(account.owner(), 'user', 'suspend', person.uuid, details)];
};

export const endSuspension: Scenario = (account, random, atMs) => {
  const suspended = account.people.filter(({ absences }) => absences.at(-1)?.toMs === FOREVER);
  if (suspended.length === 0) return [];
  const person = random.pick(suspended);
  const details = { object_details: detailsOf(person) };
  if (random.chance(0.6)) {
    const absence = person.absences.at(-1);
    if (absence) absence.toMs = atMs;
    return [draft(account.owner(), 'user', 'reactive', person.uuid, details)];
  }
  account.strip(person);
  account.people.splice(account.people.indexOf(person), 1);
  return [draft(account.owner(), 'user', 'delete', person.uuid, details)];
};

export const recover: Scenario = (account, random, atMs) => {
  const person = random.pick(account.ordinary(atMs));
  const owner = account.owner();
  return ['beginr', 'completr'].map((action) =>
    draft(owner, 'user', action, person.uuid, { object_details: detailsOf(person) }),
  );
};
