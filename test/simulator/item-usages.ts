import type { Account } from './account.ts';
import { locationField, originOf, timestampOf, userOf } from './details.ts';
import type { ApiItem } from './options.ts';
import type { Random } from './random.ts';

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

/** Somebody who may open a vault uses one of its items, a service account fetches it, or an outsider gets at it. */
export function itemUsage(account: Account, random: Random, atMs: number): ApiItem {
  const vault = account.vault(atMs);
  const isOutside = random.chance(OUTSIDERS);
  const person = (isOutside ? undefined : account.readerOf(vault, atMs)) ?? account.member(atMs);
  const isScript = person.isServiceAccount;
  const origin = originOf(person, random);
  return {
    uuid: random.upperId(),
    timestamp: timestampOf(atMs, 3, random),
    used_version: random.integer(1, 12),
    vault_uuid: vault.uuid,
    item_uuid: random.pick(vault.items),
    action: isScript ? 'server-fetch' : random.weighted(ofPeople),
    user: userOf(person),
    client: { ...person.client, ip_address: origin.ip },
    ...locationField(origin, random),
    account_uuid: account.uuid,
  };
}
