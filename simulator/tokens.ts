import { randomBytes } from 'node:crypto';
import { type Feature, features, type Settings } from './options.ts';

/** What a token may be issued with; everything else follows the simulator's options. */
export interface TokenClaims {
  /** Default: all three. */
  features?: Feature[];
  /** The events host that the token names. Another than the simulator's is a token of another region. */
  host?: string;
  /** Put into `aud` as it is; undefined leaves the claim out. */
  audience?: unknown;
  accountUuid?: string;
  /** Default: never expires. */
  expiresAt?: Date;
  /** An old token, whose audience names no host. */
  legacy?: boolean;
  /** Further claims, or other values for the usual ones. */
  extra?: Record<string, unknown>;
}

/** A token that the simulator knows. */
export interface Grant {
  readonly claims: Record<string, unknown>;
  readonly accountUuid: string;
  readonly integrationUuid: string;
  readonly issuedAtMs: number;
  features: readonly Feature[];
}

/** Issues tokens and recognises them again, as the server behind the API does. */
export class TokenRegistry {
  readonly #grants = new Map<string, Grant>();

  /** A token in the shape of a JWT. The signature is random: only the server could tell. */
  issue(wanted: TokenClaims, settings: Settings): string {
    const accountUuid = wanted.accountUuid ?? settings.accountUuid;
    const granted = wanted.features ?? features.filter((feature) => !settings.lacks.includes(feature));
    const issuedAtMs = Math.floor(settings.now() / 1000) * 1000;
    const integrationUuid = randomId();
    const claims: Record<string, unknown> = {
      aud: audienceOf(wanted, settings.host),
      sub: integrationUuid,
      iss: 'com.1password.b5',
      iat: issuedAtMs / 1000,
      jti: randomId().toLowerCase(),
      ...(wanted.expiresAt && { exp: Math.floor(wanted.expiresAt.getTime() / 1000) }),
      '1password.com/auuid': accountUuid,
      '1password.com/fts': granted,
      ...wanted.extra,
    };
    const header = { alg: 'ES256', kid: randomId().toLowerCase(), typ: 'JWT' };
    const token = `${encode(header)}.${encode(claims)}.${randomBytes(64).toString('base64url')}`;
    this.#grants.set(token, { claims, accountUuid, integrationUuid, issuedAtMs, features: granted });
    return token;
  }

  revoke(token: string): void {
    this.#grants.delete(token);
  }

  setFeatures(token: string, granted: readonly Feature[]): void {
    const grant = this.#grants.get(token);
    if (grant === undefined) throw new Error('The simulator did not issue this token, or has revoked it.');
    grant.features = granted;
  }

  /** The grant behind a token; undefined if it is unknown, revoked, expired, or meant for another host. */
  find(token: string, settings: Settings): Grant | undefined {
    const grant = this.#grants.get(token);
    if (grant === undefined) return undefined;
    const { exp, aud } = grant.claims;
    if (typeof exp === 'number' && settings.now() >= exp * 1000) return undefined;
    const named: unknown = Array.isArray(aud) ? aud[0] : aud;
    const namesHost = typeof named === 'string' && !named.startsWith('com.');
    return namesHost && named !== settings.host ? undefined : grant;
  }
}

function audienceOf(wanted: TokenClaims, host: string): unknown {
  if ('audience' in wanted) return wanted.audience;
  return [wanted.legacy ? 'com.1password.streamingservice' : (wanted.host ?? host)];
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function randomId(): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return Array.from(randomBytes(26), (byte) => alphabet[byte % alphabet.length]).join('');
}
