import { AccessChanges, toldEnd } from './access-changes.ts';
import type { Scenario } from './account.ts';
import { affected, draft } from './audit-draft.ts';
import { serviceAccountClients } from './clients.ts';
import { detailsOf } from './details.ts';
import { belongs, isActive, serviceAccountOf } from './people.ts';
import { exists } from './vaults.ts';

const FEWEST_VAULTS = 4;
const MOST_VAULTS = 40;
const PEOPLE_A_VAULT = 4;
const MOST_SERVICE_ACCOUNTS = 8;
const PEOPLE_A_SERVICE_ACCOUNT = 50;

export const changeVaultAccess: Scenario = (account, random, atMs) => {
  const vault = account.vault(atMs);
  const changes = new AccessChanges(account, random);
  const holder = vault.people.pick(random, atMs, ({ isAdmin }) => !isAdmin);

  if (holder === undefined || random.chance(0.45)) {
    const former = random.chance(0.3) ? vault.people.pickFormer(random) : undefined;
    const script = random.chance(0.1) ? account.serviceAccount(atMs)?.person : undefined;
    const person = script ?? (former && isActive(former, atMs) ? former : account.ordinaryMember(atMs));
    if (person === undefined || vault.people.isHeldNow(person)) return [];
    return [changes.grant(vault, person)];
  }
  return [random.chance(0.4) ? changes.update(vault, holder) : changes.revoke(vault, holder)];
};

export const changeGroupAccess: Scenario = (account, random, atMs) => {
  const vault = account.vault(atMs);
  const changes = new AccessChanges(account, random);
  const holder = vault.groups.pick(random, atMs);

  if (holder === undefined || random.chance(0.45)) {
    const former = random.chance(0.3) ? vault.groups.pickFormer(random) : undefined;
    const group = former && exists(former, atMs) ? former : account.group(atMs);
    return vault.groups.isHeldNow(group) ? [] : [changes.grantGroup(vault, group)];
  }
  return [random.chance(0.4) ? changes.updateGroup(vault, holder) : changes.revokeGroup(vault, holder)];
};

/** The same grant or revoke once more, of something that began in the log, so that it tells nothing new. */
export const repeatChange: Scenario = (account, random, atMs) => {
  const vault = account.vault(atMs);
  const changes = new AccessChanges(account, random);
  const known = random.pickWhere(vault.people.lastOfEach(), ({ holder, sinceMs, endedBy }) => {
    return (
      sinceMs > Number.NEGATIVE_INFINITY && (endedBy === undefined || endedBy === 'revoked') && belongs(holder, atMs)
    );
  });
  if (known === undefined) return [];
  const { holder, endedBy } = known;
  return [endedBy === undefined ? changes.grant(vault, holder) : changes.revoke(vault, holder)];
};

export const createVault: Scenario = (account, random, atMs) => {
  const most = Math.max(MOST_VAULTS, account.foundedWith / PEOPLE_A_VAULT);
  if (account.vaults.filter((vault) => exists(vault, atMs)).length >= most) return [];
  const owner = account.member(atMs);
  const vault = account.newVault();
  return [
    draft(owner, 'vault', 'create', vault.uuid, { effect: (sinceMs) => account.add(vault, sinceMs) }),
    new AccessChanges(account, random, owner).grant(vault, owner),
  ];
};

export const deleteVault: Scenario = (account, random, atMs) => {
  if (account.vaults.filter((vault) => exists(vault, atMs)).length <= FEWEST_VAULTS) return [];
  const vault = account.vault(atMs);
  const owner = account.owner();
  const end = draft(owner, 'vault', 'delete', vault.uuid, { effect: (endMs) => account.deleteVault(vault, endMs) });
  return toldEnd(random, end, new AccessChanges(account, random, owner).closeVault(vault));
};

export const touchVault: Scenario = (account, random, atMs) => {
  const vault = account.vault(atMs);
  const reader = account.readerOf(vault, atMs);
  if (reader === undefined) return [];
  const action = random.weighted([
    [5, 'update'],
    [3, 'export'],
    [1, 'purge'],
  ]);
  return [draft(reader, 'vault', action, vault.uuid)];
};

export const administer: Scenario = (account, random) => {
  const action = random.pick(['updatfw', 'updatmfa', 'enblmfa', 'disblmfa', 'update', 'changenm', 'vrfydmn', 'uisas']);
  return [draft(account.owner(), 'account', action, account.uuid)];
};

export const changeSso: Scenario = (account, random) => {
  const action = random.pick(['enblsso', 'disblsso', 'chngpsso', 'chngasso', 'chngdsso', 'addgsso', 'delgsso']);
  return [draft(account.owner(), 'sso', action, account.uuid)];
};

export const createServiceAccount: Scenario = (account, random, atMs) => {
  const present = account.serviceAccounts.filter(({ person }) => belongs(person, atMs)).length;
  if (present >= Math.max(MOST_SERVICE_ACCOUNTS, account.foundedWith / PEOPLE_A_SERVICE_ACCOUNT)) return [];
  const name = random.pick(['backup', 'ci', 'monitoring', 'reports']);
  const person = serviceAccountOf(random, name, account.uuid, random.pick(serviceAccountClients));
  const token = random.lowerId();
  const effect = (joinedMs: number): void => {
    person.joinedMs = joinedMs;
    account.serviceAccounts.push({ person, tokens: [token] });
  };
  const owner = account.owner();
  return [
    draft(owner, 'sa', 'create', person.uuid, { effect }),
    new AccessChanges(account, random, owner).grant(account.vault(atMs), person),
    draft(owner, 'satoken', 'create', token),
  ];
};

export const deleteServiceAccount: Scenario = (account, random, atMs) => {
  const person = account.serviceAccount(atMs)?.person;
  if (person === undefined) return [];
  const owner = account.owner();
  const end = draft(owner, 'sa', 'delete', person.uuid, { effect: (endMs) => account.remove(person, endMs) });
  return toldEnd(random, end, new AccessChanges(account, random, owner).takeEverything(person));
};

export const changeToken: Scenario = (account, random, atMs) => {
  const serviceAccount = account.serviceAccount(atMs);
  if (serviceAccount === undefined) return [];
  const { person, tokens } = serviceAccount;
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
