/** What a token's claims reveal to its owner: why it was rejected, and when it expires. */
import type { Config } from './config.ts';
import { isLegacy, type TokenClaims } from './events-api/token.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** The owner needs a few days to issue a new token. */
const WARNED_AHEAD_DAYS = 14;

/** Completes a sentence that asks for a new token. */
export const WHERE_TO_ISSUE = 'in 1Password under Integrations, Events Reporting';

/** Why 1Password responded with 401, as far as the token shows, and what to do. */
export function explainRejection({ claims, baseUrl }: Config, nowMs: number): string {
  const host = new URL(baseUrl).host;
  if (claims === undefined || (claims.audience === undefined && claims.features === undefined)) {
    return (
      `${host} rejected api_token (HTTP 401), and it does not look like an Events API token at all. ` +
      `Issue one ${WHERE_TO_ISSUE}, and paste it whole.`
    );
  }
  if (claims.expiresAtMs !== undefined && claims.expiresAtMs <= nowMs) {
    return `The token expired on ${toDate(claims.expiresAtMs)} (HTTP 401 from ${host}). Issue a new one ${WHERE_TO_ISSUE}.`;
  }
  if (claims.audience === undefined || isLegacy(claims)) {
    return (
      `${host} rejected the token (HTTP 401). It is a legacy token, which names no host of its own: set region to ` +
      `where the account signs in, or issue a new token ${WHERE_TO_ISSUE}.`
    );
  }
  return (
    `${host} rejected the token (HTTP 401), although it has not expired: it was revoked, altered or issued for ` +
    `another account. Issue a new one ${WHERE_TO_ISSUE}.`
  );
}

/** A sentence for a token that expires within fourteen days; undefined for any other. */
export function adviseOfExpiry(claims: TokenClaims | undefined, nowMs: number): string | undefined {
  const { expiresAtMs } = claims ?? {};
  const days = Math.ceil(((expiresAtMs ?? Number.NaN) - nowMs) / DAY_MS);
  if (expiresAtMs === undefined || days < 1 || days > WARNED_AHEAD_DAYS) return undefined;
  return (
    `The token expires on ${toDate(expiresAtMs)}, in ${days} ${days === 1 ? 'day' : 'days'}. Issue a new one ` +
    `${WHERE_TO_ISSUE}, and enter it before syncs fail.`
  );
}

function toDate(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}
