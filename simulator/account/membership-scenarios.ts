import { AccessChanges, toldEnd } from './access-changes.ts';
import type { Scenario } from './account.ts';
import { draft } from './audit-draft.ts';
import { isActive } from './people.ts';
import { exists, roleAt } from './vaults.ts';

const FEWEST_GROUPS = 3;
const MOST_GROUPS = 12;
const PEOPLE_A_GROUP = 20;

export const changeGroup: Scenario = (account, random, atMs) => {
  const group = account.group(atMs);
  const changes = new AccessChanges(account, random);
  const member = group.members.pick(random, atMs, ({ isAdmin }) => !isAdmin);

  if (member === undefined || random.chance(0.45)) {
    // Who was a member once comes back more often than chance would have it.
    const former = random.chance(0.3) ? group.members.pickFormer(random) : undefined;
    const person = former && isActive(former, atMs) ? former : account.ordinaryMember(atMs);
    if (person === undefined || group.members.isHeldNow(person)) return [];
    return [changes.join(group, person, random.chance(0.1) ? 'A' : 'R')];
  }
  if (random.chance(0.4)) return [changes.changeRole(group, member, roleAt(group, member, atMs) === 'A' ? 'R' : 'A')];
  return [changes.leave(group, member)];
};

export const createGroup: Scenario = (account, random, atMs) => {
  const most = Math.max(MOST_GROUPS, account.foundedWith / PEOPLE_A_GROUP);
  if (account.groups.filter((group) => exists(group, atMs)).length >= most) return [];
  const owner = account.owner();
  const group = account.newGroup();
  const create = draft(owner, 'group', 'create', group.uuid, { effect: (sinceMs) => account.add(group, sinceMs) });
  const first = random.chance(0.7) ? account.ordinaryMember(atMs) : undefined;
  return first ? [create, new AccessChanges(account, random, owner).join(group, first, 'A')] : [create];
};

export const deleteGroup: Scenario = (account, random, atMs) => {
  if (account.groups.filter((group) => exists(group, atMs)).length <= FEWEST_GROUPS) return [];
  const group = account.group(atMs);
  const owner = account.owner();
  const end = draft(owner, 'group', 'delete', group.uuid, { effect: (endMs) => account.deleteGroup(group, endMs) });
  return toldEnd(random, end, new AccessChanges(account, random, owner).emptyGroup(group));
};
