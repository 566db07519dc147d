import type { Account } from './account.ts';
import { addressIn, locationField, type Origin, originOf, timestampOf, userOf } from './details.ts';
import type { ApiItem } from './options.ts';
import type { Person } from './people.ts';
import { farPlaces } from './places.ts';
import type { Random } from './random.ts';

interface Result {
  readonly category: string;
  readonly types: readonly string[];
  /** The attempt comes from where nobody of the account lives. */
  readonly isForeign?: boolean;
}

const results: readonly (readonly [weight: number, result: Result])[] = [
  [70, { category: 'success', types: ['credentials_ok', 'credentials_ok', 'mfa_ok', 'federated'] }],
  [12, { category: 'credentials_failed', types: ['password_secret_bad'] }],
  [5, { category: 'mfa_failed', types: ['totp_bad', 'totp_timeout', 'mfa_missing', 'duo_timeout', 'u2f_bad'] }],
  [4, { category: 'firewall_failed', types: ['country_blocked', 'continent_blocked', 'ip_blocked'], isForeign: true }],
  [2, { category: 'firewall_reported_success', types: ['country_blocked'], isForeign: true }],
  [3, { category: 'sso_failed', types: ['sso_user_mismatch', 'non_sso_user'] }],
  [2, { category: 'modern_version_failed', types: ['modern_version_old', 'modern_version_missing'] }],
  [2, { category: 'credentials_failed', types: ['password_secret_bad'], isForeign: true }],
];

const continents: Readonly<Record<string, string>> = {
  PT: 'Europe',
  BR: 'South America',
  VN: 'Asia',
  ZA: 'Africa',
};

/** A member signs in, or somebody tries to. */
export function signInAttempt(account: Account, random: Random, atMs: number): ApiItem {
  const person = account.member(atMs);
  const { category, types, isForeign = false } = random.weighted(results);
  const type = random.pick(types);
  const origin = isForeign ? foreignOrigin(random) : originOf(person, random);
  return {
    uuid: random.upperId(),
    session_uuid: random.upperId(),
    timestamp: timestampOf(atMs, 0, random),
    category,
    type,
    country: origin.place.code,
    details: category.startsWith('firewall') ? { value: matchedValue(type, origin) } : null,
    target_user: userOf(person),
    client: clientField(person, origin),
    ...locationField(origin, random),
    account_uuid: account.uuid,
  };
}

function foreignOrigin(random: Random): Origin {
  const place = random.pick(farPlaces);
  return { place, ip: addressIn(place, random.integer(1, 254)) };
}

function matchedValue(type: string, { place, ip }: Origin): string {
  if (type === 'ip_blocked') return ip;
  return type === 'continent_blocked' ? (continents[place.code] ?? '') : place.location.country;
}

function clientField({ client }: Person, { ip }: Origin): Record<string, unknown> {
  return { ...client, ip_address: ip };
}
