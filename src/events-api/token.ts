/**
 * 1Password's hosts, and what an Events API token says about itself. The claims are read and never verified: they
 * choose the host and explain a refusal, while the API alone decides whether the token is good.
 */

/** Where an account signs in. https://developer.1password.com/docs/events-api/reference/ */
export const REGIONS = ['1password.com', 'ent.1password.com', '1password.ca', '1password.eu'] as const;

/** One of the four regions. */
export type Region = (typeof REGIONS)[number];

/** The host of the Events API for the accounts of a region. */
export function eventsHost(region: Region): string {
  return `events.${region}`;
}

/** The claims of a token, as far as they have the expected types. */
export interface TokenClaims {
  /** The first audience: the host of the Events API, or `com.1password.…` in a legacy token. */
  audience?: string;
  /** The event types that were granted when the token was issued. */
  features?: readonly string[];
  /** Epoch milliseconds. */
  expiresAtMs?: number;
}

/** A claim beyond the range of JavaScript's dates says nothing about an expiry. */
const LATEST_DATE_MS = 8.64e15;

/** The claims of a token; undefined if it is no JSON Web Token. */
export function readClaims(token: string): TokenClaims | undefined {
  const parts = token.split('.');
  if (parts.length !== 3) return undefined;
  let payload: unknown;
  try {
    payload = JSON.parse(Buffer.from(parts[1] ?? '', 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
  if (typeof payload !== 'object' || payload === null) return undefined;

  const { aud, exp, '1password.com/fts': features } = payload as Record<string, unknown>;
  const audience: unknown = Array.isArray(aud) ? aud[0] : aud;
  const expiresAtMs = typeof exp === 'number' ? exp * 1000 : Number.NaN;
  return {
    ...(typeof audience === 'string' && audience !== '' && { audience }),
    ...(isStrings(features) && { features }),
    ...(Math.abs(expiresAtMs) <= LATEST_DATE_MS && { expiresAtMs }),
  };
}

/** Tokens of the first generation name a service instead of a host. */
export function isLegacy(claims: TokenClaims): boolean {
  return claims.audience?.startsWith('com.') ?? false;
}

/** The region whose host the token names; undefined if it names none of 1Password's hosts. */
export function regionOf(claims: TokenClaims): Region | undefined {
  return REGIONS.find((region) => eventsHost(region) === claims.audience?.toLowerCase());
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((element) => typeof element === 'string');
}
