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

/** Somebody who may open a vault uses one of its items; or a service account fetches it. */
export function itemUsage(account: Account, random: Random, atMs: number): ApiItem {
  const vault = random.pick(account.vaults);
  const readers = account.readersOf(vault, atMs);
  const isScript = readers.length === 0 || random.chance(0.06);
  const person = isScript ? random.pick(account.serviceAccounts).person : random.pick(readers);
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
