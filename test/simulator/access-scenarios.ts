import { affected, draft, type Scenario } from './audit-draft.ts';
import { detailsOf } from './details.ts';
import { serviceAccountOf } from './people.ts';
import type { Random } from './random.ts';

const MOST_GROUPS = 12;
const MOST_VAULTS = 40;
const MOST_SERVICE_ACCOUNTS = 8;

export const changeVaultAccess: Scenario = (account, random, atMs) => {
  const vault = random.pick(account.vaults);
  const holders = account.ordinary(atMs).filter((person) => vault.people.has(person));
  const isAnybody = holders.length === 0 || random.chance(0.4);
  const person = random.pick(isAnybody ? account.ordinary(atMs) : holders);
  const action = accessChange(vault.people, person, random);
  return [draft(account.owner(), 'uva', action, vault.uuid, affected(person, random))];
};

export const changeGroupAccess: Scenario = (account, random) => {
  const vault = random.pick(account.vaults);
  const holders = [...vault.groups];
  const group = random.pick(holders.length === 0 || random.chance(0.3) ? account.groups : holders);
  const action = accessChange(vault.groups, group, random);
  const aux = { aux_id: random.integer(1_000_000, 9_999_999), aux_uuid: group.uuid };
  return [draft(account.owner(), 'gva', action, vault.uuid, aux)];
};

export const createVault: Scenario = (account, random, atMs) => {
  if (account.vaults.length >= MOST_VAULTS) return [];
  const owner = account.member(atMs);
  const vault = account.addVault(owner);
  return [
    draft(owner, 'vault', 'create', vault.uuid),
    draft(owner, 'uva', 'grant', vault.uuid, affected(owner, random)),
  ];
};

export const touchVault: Scenario = (account, random, atMs) => {
  const vault = random.pick(account.vaults);
  const readers = account.readersOf(vault, atMs);
  if (readers.length === 0) return [];
  const action = random.weighted([
    [5, 'update'],
    [3, 'export'],
    [1, 'purge'],
  ]);
  return [draft(random.pick(readers), 'vault', action, vault.uuid)];
};

export const administer: Scenario = (account, random) => {
  const action = random.pick(['updatfw', 'updatmfa', 'enblmfa', 'disblmfa', 'update', 'changenm', 'vrfydmn', 'uisas']);
  return [draft(account.owner(), 'account', action, account.uuid)];
};

export const changeSso: Scenario = (account, random) => {
  const action = random.pick(['enblsso', 'disblsso', 'chngpsso', 'chngasso', 'chngdsso', 'addgsso', 'delgsso']);
  return [draft(account.owner(), 'sso', action, account.uuid)];
};

export const createGroup: Scenario = (account) => {
  if (account.groups.length >= MOST_GROUPS) return [];
  return [draft(account.owner(), 'group', 'create', account.addGroup().uuid)];
};

export const createServiceAccount: Scenario = (account, random) => {
  if (account.serviceAccounts.length >= MOST_SERVICE_ACCOUNTS) return [];
  const person = serviceAccountOf(random, random.pick(['backup', 'ci', 'monitoring', 'reports']), account.uuid);
  const token = random.lowerId();
  account.serviceAccounts.push({ person, tokens: [token] });
  const owner = account.owner();
  return [draft(owner, 'sa', 'create', person.uuid), draft(owner, 'satoken', 'create', token)];
};

export const changeToken: Scenario = (account, random) => {
  const { person, tokens } = random.pick(account.serviceAccounts);
  const [token] = tokens;
  if (token === undefined || random.chance(0.4)) {
    tokens.push(random.lowerId());
    return [draft(account.owner(), 'satoken', 'create', tokens.at(-1) ?? '')];
  }
  const action = random.pick(['trename', 'tverify', 'trevoke']);
  if (action === 'trevoke') tokens.shift();
  return [draft(action === 'tverify' ? person : account.owner(), 'satoken', action, token)];
};

export const secureOneself: Scenario = (account, random, atMs) => {
  const person = account.member(atMs);
  const action = random.pick(['enblmfa', 'updatmfa', 'disblmfa', 'changemp', 'changesk', 'changenm', 'trvlaway']);
  const event = draft(person, 'user', action, person.uuid, { object_details: detailsOf(person) });
  return action === 'trvlaway' ? [event, { ...event, action: 'trvlback' }] : [event];
};

export const changeDevice: Scenario = (account, random, atMs) => {
  const person = account.member(atMs);
  const action = random.pick(['create', 'delete', 'update', 'reauth']);
  return [draft(person, 'device', action, random.lowerId(), affected(person, random))];
};

function accessChange<T>(holders: Set<T>, holder: T, random: Random): 'grant' | 'update' | 'revoke' {
  if (!holders.has(holder)) {
    holders.add(holder);
    return 'grant';
  }
  if (random.chance(0.5)) return 'update';
  holders.delete(holder);
  return 'revoke';
}
