import type { Account } from '../account/account.ts';
import { nameGroups, nameVaults } from '../account/names.ts';
import { belongs, isActive, isSuspended, type Person } from '../account/people.ts';
import { everybodyIn } from '../account/truth.ts';
import { exists, type Group, roleAt, type Vault } from '../account/vaults.ts';
import type { OpSettings } from './options.ts';

const VIEW = ['view_items', 'view_and_copy_passwords', 'view_item_history'];
const EDIT = [...VIEW, 'create_items', 'edit_items', 'archive_items', 'delete_items', 'import_items', 'export_items'];
const MANAGE = ['manage_vault'];
const EVERYTHING = [...EDIT, 'copy_and_share_items', 'print_items', ...MANAGE];
/** What a grant may hold. Whoever uses an item may view it. */
const PERMISSIONS = [VIEW, EDIT, EVERYTHING];

const BEFORE_THE_LOG = '2017-07-17T15:54:00Z';

/** An answer by its question, and by the identifier of a group or vault where there is one: `user list`, `vault user list/…`. */
export type Answers = ReadonlyMap<string, unknown>;

interface BuiltIn {
  id: string;
  name: string;
  description: string;
  members: readonly Person[];
  /** Whether it is listed with each vault. */
  isOnVaults: boolean;
}

/** What 1Password's CLI would tell about an account as it was then. What happened at that very time had happened. */
export function answersOf(account: Account, atMs: number, settings: OpSettings): Answers {
  const people = everybodyIn(account).filter((person) => belongs(person, atMs));
  const groups = namedOf(account.groups, nameGroups).filter(({ thing }) => exists(thing, atMs));
  const vaults = namedOf(account.vaults, nameVaults).filter(({ thing }) => exists(thing, atMs));
  const viewer = viewerOf(account, atMs, settings);
  const isOwner = settings.viewer === 'owner';
  const builtIns = builtInsOf(account, settings);
  const list = (entries: readonly object[]): unknown => (entries.length === 0 && settings.emptyAsNull ? null : entries);

  const manages = (vault: Vault): boolean =>
    isOwner
      ? !settings.unmanaged.includes(vault.uuid)
      : permissionsOf(vault, viewer, settings).includes('manage_vault');
  const open = vaults.filter(({ thing }) => account.hadAccess(viewer, thing, atMs));
  const managed = vaults.filter(({ thing }) => manages(thing) && (isOwner || thing.people.isHeld(viewer, atMs)));

  const userOf = (person: Person) => ({
    id: person.uuid,
    name: person.name,
    email: person.email,
    type: typeOf(person),
    state: isSuspended(person, atMs) ? 'SUSPENDED' : 'ACTIVE',
  });
  const told = (permissions: readonly string[]) => (settings.withoutPermissions ? {} : { permissions });
  const grantOf = (vault: Vault) => (person: Person) => ({
    ...userOf(person),
    ...(person.isServiceAccount ? {} : told(permissionsOf(vault, person, settings))),
  });
  const accessOf = (vault: Vault) => [
    ...groups
      .filter(({ thing }) => vault.groups.isHeld(thing, atMs))
      .map((group) => ({ ...groupOf(group), ...told(permissionsOf(vault, group.thing, settings)) })),
    ...builtIns.filter(({ isOnVaults }) => isOnVaults).map((group) => ({ ...builtInOf(group), ...told([]) })),
  ];
  const membersOf = (group: Group) =>
    group.members
      .heldBy(atMs)
      .map((person) => ({ ...userOf(person), role: roleAt(group, person, atMs) === 'A' ? 'MANAGER' : 'MEMBER' }));
  const maySee = (group: Group): boolean => isOwner || roleAt(group, viewer, atMs) === 'A';

  return new Map<string, unknown>([
    ['whoami', whoamiOf(account, viewer)],
    ['account get', { id: account.uuid, name: 'Example', domain: 'example', type: 'BUSINESS', state: 'ACTIVE' }],
    [
      'user list',
      list(people.filter(({ isServiceAccount }) => !isServiceAccount || !settings.hidesServiceAccounts).map(userOf)),
    ],
    ['group list', list([...groups.map(groupOf), ...builtIns.map(builtInOf)])],
    ['vault list', list(open.map(vaultOf))],
    ['vault list --permission manage_vault', list(managed.map(vaultOf))],
    ...groups
      .filter(({ thing }) => maySee(thing))
      .map(({ thing }) => [`group user list/${thing.uuid}`, list(membersOf(thing))] as const),
    ...builtIns.map(
      ({ id, members }) =>
        [`group user list/${id}`, list(members.map((person) => ({ ...userOf(person), role: 'MEMBER' })))] as const,
    ),
    // Of a vault that they may only open, the lists are refused.
    ...[...new Set(isOwner ? [...managed, ...open] : managed)].flatMap(({ thing }) => [
      [`vault user list/${thing.uuid}`, list(thing.people.heldBy(atMs).map(grantOf(thing)))] as const,
      [`vault group list/${thing.uuid}`, list(accessOf(thing))] as const,
    ]),
  ]);
}

/** A group or vault and its name, which the account itself does not know. */
interface Named<T> {
  thing: T;
  name: string;
}

/** Names do not hang on the time: a vault that is gone had one. */
function namedOf<T extends { uuid: string }>(
  things: readonly T[],
  name: (uuids: readonly string[]) => { name: string }[],
): Named<T>[] {
  const names = name(things.map(({ uuid }) => uuid));
  return things.map((thing, place) => ({ thing, name: names[place]?.name ?? thing.uuid }));
}

function viewerOf({ people }: Account, atMs: number, { viewer }: OpSettings): Person {
  const isWanted = (person: Person): boolean =>
    person.isAdmin === (viewer === 'owner') && person.type === 'user' && isActive(person, atMs);
  const found = people.find(isWanted);
  if (found === undefined) throw new Error(`The account has no ${viewer}.`);
  return found;
}

function whoamiOf({ uuid }: Account, viewer: Person): object {
  return {
    url: 'https://example.1password.com',
    email: viewer.email,
    user_uuid: viewer.uuid,
    account_uuid: uuid,
  };
}

function builtInsOf({ people }: Account, { recoveryGroup, ownersGroup }: OpSettings): BuiltIn[] {
  const recovery = {
    id: 'rcvry2kqz7tnxhvb5rjyd4lmcg',
    name: 'Recovery',
    description: 'Members of this group may recover accounts.',
    members: [],
    isOnVaults: true,
  };
  const owners = {
    id: 'owner2kqz7tnxhvb5rjyd4lmcg',
    name: 'Owners',
    description: 'Members of this group own the account.',
    members: people.filter(({ isAdmin }) => isAdmin),
    isOnVaults: false,
  };
  return [...(recoveryGroup ? [recovery] : []), ...(ownersGroup ? [owners] : [])];
}

function builtInOf({ id, name, description }: BuiltIn) {
  return { id, name, description, state: 'ACTIVE', created_at: BEFORE_THE_LOG };
}

function groupOf({ thing, name }: Named<Group>) {
  return { id: thing.uuid, name, state: 'ACTIVE', created_at: timeOf(thing) };
}

function vaultOf({ thing, name }: Named<Vault>) {
  const times = { created_at: timeOf(thing), updated_at: timeOf(thing) };
  return { id: thing.uuid, name, content_version: 1, ...times, items: thing.items.length };
}

function timeOf({ sinceMs }: Group | Vault): string {
  return Number.isFinite(sinceMs) ? `${new Date(sinceMs).toISOString().slice(0, 19)}Z` : BEFORE_THE_LOG;
}

function typeOf({ type, isServiceAccount }: Person): string {
  if (isServiceAccount) return 'SERVICE_ACCOUNT';
  return type === 'external_user' ? 'GUEST' : 'MEMBER';
}

/** The account does not know permissions either; a pair keeps its own as long as it lasts. */
function permissionsOf({ uuid }: Vault, grantee: Person | Group, { manageOnly }: OpSettings): readonly string[] {
  if (manageOnly.includes(grantee.uuid)) return MANAGE;
  const sum = [...uuid, ...grantee.uuid].reduce((total, letter) => (31 * total + letter.charCodeAt(0)) % 65_521, 7);
  return PERMISSIONS[sum % PERMISSIONS.length] ?? [];
}
