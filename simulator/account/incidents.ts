import type { Random } from '../random.ts';
import { AccessChanges } from './access-changes.ts';
import type { Account, Scenario } from './account.ts';
import type { PlannedUsage } from './agenda.ts';
import { type AuditDraft, draft } from './audit-draft.ts';
import { unknownClient } from './clients.ts';
import { addressIn, detailsOf, foreignOrigin, originOf } from './details.ts';
import { isActive, type Person } from './people.ts';
import type { Vault } from './vaults.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** More than twenty items within ten minutes. */
const takeItemsInABurst: Scenario = (account, random, atMs) => {
  const vault = account.vault(atMs);
  const person = account.readerOf(vault, atMs);
  if (person === undefined || person.isServiceAccount) return [];
  const action = random.pick(['reveal', 'secure-copy', 'export']);
  while (vault.items.length < 24) vault.items.push(random.lowerId());
  const items = vault.items.slice(0, random.integer(22, 24));
  const uses = items.map((item, index) => ({ atMs: atMs + index * 20_000, person, vault, item, action }));
  account.usages.add(...uses);
  return noted(account, 'items_taken_in_a_burst', person, atMs + items.length * 20_000);
};

/** More than twenty wrong passwords within an hour, and then the right one. */
const guessPassword: Scenario = (account, random, atMs) => {
  const person = account.member(atMs);
  const origin = foreignOrigin(random);
  const attempts = random.integer(22, 30);
  for (let attempt = 0; attempt <= attempts; attempt += 1) {
    account.signIns.add({ atMs: atMs + attempt * 1.5 * MINUTE_MS, person, origin, isSuccess: attempt === attempts });
  }
  return noted(account, 'failures_then_success', person, atMs + attempts * 1.5 * MINUTE_MS);
};

/** More than twenty wrong passwords of different people from one address. */
const sprayPasswords: Scenario = (account, random, atMs) => {
  const origin = foreignOrigin(random);
  for (let attempt = 0; attempt < 25; attempt += 1) {
    const person = account.member(atMs);
    account.signIns.add({ atMs: atMs + attempt * 2 * MINUTE_MS, person, origin, isSuccess: false });
  }
  return noted(account, 'failed_sign_ins_burst_by_address', undefined, atMs + 48 * MINUTE_MS);
};

/** At home, and an hour later on another continent. */
const travelTooFast: Scenario = (account, random, atMs) => {
  const person = account.member(atMs);
  const home = { place: person.home, ip: addressIn(person.home, person.host) };
  account.signIns.add(
    { atMs, person, origin: home, isSuccess: true },
    { atMs: atMs + HOUR_MS, person, origin: foreignOrigin(random), isSuccess: true },
  );
  return noted(account, 'impossible_travel', person, atMs + HOUR_MS);
};

/** Somebody exports a vault, and is removed or leaves within days. */
const exportBeforeLeaving: Scenario = (account, random, atMs) => {
  const [person, vault] = [account.ordinaryMember(atMs), account.vault(atMs)];
  if (person === undefined || !account.hadAccess(person, vault, atMs)) return [];
  account.usages.add(...usesOf(random, person, vault, Math.ceil(atMs) + MINUTE_MS, 'export'));
  account.changes.add({
    atMs: atMs + random.integer(1, 3) * DAY_MS,
    scenario: (_account, _random, laterMs) => {
      if (!isActive(person, laterMs)) return [];
      const isOwnWish = random.chance(0.5);
      const effect = (endMs: number): void => {
        account.remove(person, endMs);
        note(account, 'vault_exported_before_leaving', person, endMs);
      };
      return [
        draft(isOwnWish ? person : account.owner(), 'user', isOwnWish ? 'leave' : 'delete', person.uuid, {
          object_details: detailsOf(person),
          effect,
        }),
      ];
    },
  });
  return [draft(person, 'vault', 'export', vault.uuid)];
};

/** Somebody who joined within the last two weeks exports a vault. */
const exportByNewcomer: Scenario = (account, random, atMs) => {
  const isNew = (person: Person): boolean => person.joinedMs > atMs - 14 * DAY_MS && isActive(person, atMs);
  const person = random.pickWhere(account.people, isNew);
  const vault = person && random.pickWhere(account.vaults, (candidate) => account.hadAccess(person, candidate, atMs));
  if (person === undefined || vault === undefined) return [];
  const effect = (exportedMs: number): void => note(account, 'vault_exported_by_newcomer', person, exportedMs);
  return [draft(person, 'vault', 'export', vault.uuid, { effect })];
};

/** An owner opens a vault to themselves in one of three ways, looks at its items, and takes the access away again. */
const helpOneself: Scenario = (account, random, atMs) => {
  const owner = account.owner();
  const vault = account.vault(atMs);
  if (account.hadAccess(owner, vault, atMs)) return [];
  const changes = new AccessChanges(account, random, owner);
  const ofVault = vault.groups.pick(random, atMs);
  const ofOwner = random.pickWhere(account.groups, ({ members }) => members.isHeldNow(owner));
  const ways: [rule: string, take: AuditDraft, back: () => AuditDraft][] = [
    ['gave_oneself_a_vault', changes.grant(vault, owner), () => changes.revoke(vault, owner)],
  ];
  if (ofVault)
    ways.push(['gave_oneself_a_group', changes.join(ofVault, owner, 'A'), () => changes.leave(ofVault, owner)]);
  if (ofOwner) {
    const back = (): AuditDraft => changes.revokeGroup(vault, ofOwner);
    ways.push(['gave_own_group_a_vault', changes.grantGroup(vault, ofOwner), back]);
  }
  const [rule, take, back] = random.pick(ways);
  const effect = (grantedMs: number): void => {
    take.effect?.(grantedMs);
    account.usages.add(...usesOf(random, owner, vault, Math.ceil(grantedMs) + MINUTE_MS, 'reveal'));
    account.changes.add({
      atMs: grantedMs + DAY_MS,
      scenario: (_account, _random, laterMs) => (account.hadAccess(owner, vault, laterMs) ? [back()] : []),
    });
    note(account, rule, owner, grantedMs);
    note(account, 'took_secret_after_giving_oneself_access', owner, grantedMs + 2 * MINUTE_MS);
  };
  return [{ ...take, effect }];
};

/** Items are read with an app that nobody knows. */
const useUnknownApp: Scenario = (account, random, atMs) => {
  const vault = account.vault(atMs);
  const person = account.readerOf(vault, atMs);
  if (person === undefined) return [];
  const uses = usesOf(random, person, vault, Math.ceil(atMs), 'reveal');
  account.usages.add(...uses.map((use) => ({ ...use, client: unknownClient })));
  return noted(account, 'unknown_app', person, atMs + MINUTE_MS);
};

/** An app goes on for a while with what it has, though the person was suspended, or removed. */
const useAfterTheEnd: Scenario = (account, random, atMs) => {
  const vault = account.vault(atMs);
  const person = account.readerOf(vault, atMs);
  if (person === undefined || person.isAdmin || person.isServiceAccount) return [];
  const isSuspension = random.chance(0.5);
  const effect = (endMs: number): void => {
    if (isSuspension) person.suspensions.push({ fromMs: endMs, toMs: Number.POSITIVE_INFINITY });
    else account.remove(person, endMs);
    account.usages.add(...usesOf(random, person, vault, Math.ceil(endMs) + MINUTE_MS, 'fill'));
    account.signIns.add({ atMs: endMs + 5 * MINUTE_MS, person, origin: originOf(person, random), isSuccess: true });
    note(account, 'used_after_suspension', person, endMs + 2 * MINUTE_MS);
  };
  const action = isSuspension ? 'suspend' : 'delete';
  return [draft(account.owner(), 'user', action, person.uuid, { object_details: detailsOf(person), effect })];
};

/** What ought to be found. An account has some of them. */
export const incidents: readonly Scenario[] = [
  takeItemsInABurst,
  guessPassword,
  sprayPasswords,
  travelTooFast,
  exportBeforeLeaving,
  exportByNewcomer,
  helpOneself,
  useUnknownApp,
  useAfterTheEnd,
];

/** `rule` is the one of the evidence models that has to fire; `atMs` is when there is enough for it. */
function note(account: Account, rule: string, person: Person | undefined, atMs: number): void {
  account.incidents.push({ rule, person, atMs });
}

/** The same for an incident that the audit log does not tell. */
function noted(...incident: Parameters<typeof note>): [] {
  note(...incident);
  return [];
}

function usesOf(random: Random, person: Person, vault: Vault, fromMs: number, action: string): PlannedUsage[] {
  return Array.from({ length: random.integer(1, 4) }, (_, index) => ({
    atMs: fromMs + index * MINUTE_MS,
    person,
    vault,
    item: random.pick(vault.items),
    action,
  }));
}
