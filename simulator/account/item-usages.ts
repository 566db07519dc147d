import type { ApiItem } from '../options.ts';
import type { Random } from '../random.ts';
import type { Account } from './account.ts';
import type { PlannedUsage } from './agenda.ts';
import { locationField, originOf, timestampOf, userOf } from './details.ts';
import type { Person } from './people.ts';
import type { Vault } from './vaults.ts';

const ofPeople = [
  [40, 'fill'],
  [20, 'reveal'],
  [18, 'secure-copy'],
  [6, 'enter-item-edit-mode'],
  [4, 'select-sso-provider'],
  [3, 'share'],
  [2, 'export'],
  [3, 'server-create'],
  [3, 'server-update'],
  [1, 'other'],
] as const;

/** Of the usages, those by members who have no access to the vault, or have lost it. */
const OUTSIDERS = 0.02;
const MOST_ATTEMPTS = 20;

/** Somebody who may open a vault uses one of its items, a service account fetches it, or an outsider gets at it. */
export function itemUsage(account: Account, random: Random, atMs: number): ApiItem {
  const { vault, person } = random.chance(OUTSIDERS) ? outsider(account, atMs) : reader(account, atMs);
  const action = person.isServiceAccount ? 'server-fetch' : random.weighted(ofPeople);
  return plannedUsage(account, random, { atMs, person, vault, item: random.pick(vault.items), action });
}

/** A usage that is already decided on. */
export function plannedUsage(account: Account, random: Random, planned: PlannedUsage): ApiItem {
  const { atMs, person, vault, item, action, client = person.client } = planned;
  const origin = originOf(person, random);
  return {
    uuid: random.upperId(),
    timestamp: timestampOf(atMs, 3, random),
    used_version: random.integer(1, 12),
    vault_uuid: vault.uuid,
    item_uuid: item,
    action,
    user: userOf(person),
    client: { ...client, ip_address: origin.ip },
    ...locationField(origin, random),
    account_uuid: account.uuid,
  };
}

function outsider(account: Account, atMs: number): { vault: Vault; person: Person } {
  return { vault: account.vault(atMs), person: account.member(atMs) };
}

/** Nobody may open some vaults. An account in which that is so of all of them has outsiders alone. */
function reader(account: Account, atMs: number): { vault: Vault; person: Person } {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const vault = account.vault(atMs);
    const person = account.readerOf(vault, atMs);
    if (person) return { vault, person };
  }
  return outsider(account, atMs);
}
