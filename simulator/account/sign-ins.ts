import type { ApiItem } from '../options.ts';
import type { Random } from '../random.ts';
import type { Account } from './account.ts';
import type { PlannedSignIn } from './agenda.ts';
import { foreignOrigin, locationField, type Origin, originOf, timestampOf } from './details.ts';
import type { Person } from './people.ts';
import type { Session } from './sessions.ts';

interface Result {
  readonly category: string;
  readonly types: readonly string[];
  /** The attempt comes from where nobody of the account lives. */
  readonly isForeign?: boolean;
}

const SUCCESS: Result = { category: 'success', types: ['credentials_ok', 'credentials_ok', 'mfa_ok', 'federated'] };

const WRONG_PASSWORD: Result = { category: 'credentials_failed', types: ['password_secret_bad'] };

const results: readonly (readonly [weight: number, result: Result])[] = [
  // Those of sessions that the audit log knows come on top.
  [20, SUCCESS],
  [12, WRONG_PASSWORD],
  [5, { category: 'mfa_failed', types: ['totp_bad', 'totp_timeout', 'mfa_missing', 'duo_timeout', 'u2f_bad'] }],
  [4, { category: 'firewall_failed', types: ['country_blocked', 'continent_blocked', 'ip_blocked'], isForeign: true }],
  [2, { category: 'firewall_reported_success', types: ['country_blocked'], isForeign: true }],
  [3, { category: 'sso_failed', types: ['sso_user_mismatch', 'non_sso_user'] }],
  [2, { category: 'modern_version_failed', types: ['modern_version_old', 'modern_version_missing'] }],
  [2, { ...WRONG_PASSWORD, isForeign: true }],
];

const continents: Readonly<Record<string, string>> = {
  PT: 'Europe',
  BR: 'South America',
  VN: 'Asia',
  ZA: 'Africa',
};

/** A member signs in, or somebody tries to. */
export function signInAttempt(account: Account, random: Random, atMs: number): ApiItem {
  const isBridge = random.chance(0.06);
  const person = isBridge ? account.bridge : account.member(atMs);
  const result = isBridge ? SUCCESS : random.weighted(results);
  const origin = result.isForeign ? foreignOrigin(random) : originOf(person, random);
  const session = {
    person,
    // Where nobody came in, there is not always a session to name.
    uuid: result === SUCCESS || random.chance(0.9) ? random.upperId() : '',
    startMs: atMs,
    loginTime: timestampOf(atMs, 9, random),
    origin,
  };
  return attempt(account, random, session, result);
}

/** The sign-in with which a session began. */
export function signInOf(account: Account, random: Random, session: Session): ApiItem {
  return attempt(account, random, session, SUCCESS);
}

/** An attempt that is already decided on. Its place is always known. */
export function plannedSignIn(account: Account, random: Random, planned: PlannedSignIn): ApiItem {
  const { person, atMs, origin, isSuccess } = planned;
  const session = { person, uuid: random.upperId(), startMs: atMs, loginTime: timestampOf(atMs, 9, random), origin };
  const { location, code } = origin.place;
  return { ...attempt(account, random, session, isSuccess ? SUCCESS : WRONG_PASSWORD), country: code, location };
}

function attempt(account: Account, random: Random, session: Session, { category, types }: Result): ApiItem {
  const { person, origin } = session;
  const { code, location } = origin.place;
  const type = random.pick(types);
  return {
    uuid: random.upperId(),
    session_uuid: session.uuid,
    timestamp: session.loginTime,
    category,
    type,
    country: random.chance(0.8) ? code : location.country,
    ...detailsField(category, type, origin, random),
    target_user: targetOf(person),
    client: { ...person.client, ip_address: origin.ip },
    ...locationField(origin, random, random.chance(0.8) ? code : location.country),
    account_uuid: account.uuid,
  };
}

/** Members carry `type`, and only people of another account what is documented. */
function targetOf({ uuid, name, email, type, accountUuid }: Person): Record<string, unknown> {
  const isOutside = type === 'external_user';
  return { uuid, name, email, type, ...(isOutside && { user_type: type, user_account_uuid: accountUuid }) };
}

/** Without a firewall rule: null, and at times an object without its value, or nothing. */
function detailsField(category: string, type: string, origin: Origin, random: Random): Record<string, unknown> {
  if (category.startsWith('firewall')) return { details: { value: matchedValue(type, origin) } };
  return random.weighted<Record<string, unknown>>([
    [96, { details: null }],
    [2, { details: {} }],
    [2, {}],
  ]);
}

function matchedValue(type: string, { place, ip }: Origin): string {
  if (type === 'ip_blocked') return ip;
  return type === 'continent_blocked' ? (continents[place.code] ?? '') : place.location.country;
}
