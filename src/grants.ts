import { toPortable } from './airbyte/portable-text.ts';
import type { LogLevel } from './airbyte/protocol.ts';
import type { EventsApiClient } from './events-api/client.ts';
import { isApiError } from './events-api/errors.ts';
import type { TokenClaims } from './events-api/token.ts';

/** Which event types the token may read, and the source of that knowledge. */
export interface Grants {
  /** Undefined if unknown: then the API's responses decide. */
  features: readonly string[] | undefined;
  /** The account, if introspection returned it. */
  accountUuid: string | undefined;
  /** Introspection returned the features: it is the authority. Otherwise they are the token's own claim. */
  isConfirmed: boolean;
}

/**
 * Asks 1Password what the token may read. If introspection is unavailable, the token's own claim counts. Throws an
 * ApiError if the token is rejected or the API cannot be reached.
 */
export async function fetchGrants(
  client: EventsApiClient,
  claims: TokenClaims | undefined,
  log: (level: LogLevel, message: string) => void,
): Promise<Grants> {
  try {
    const { features, accountUuid } = await client.introspect();
    if (features !== undefined) {
      return { features, accountUuid: toPortable(accountUuid ?? '') || undefined, isConfirmed: true };
    }
  } catch (error) {
    if (!isUnavailable(error) && !isApiError(error, 'server_error')) throw error;
  }
  if (claims?.features !== undefined) {
    log('INFO', "1Password's introspection is unavailable: the event types that the token itself names are used.");
    return { features: claims.features, accountUuid: undefined, isConfirmed: false };
  }
  log(
    'WARN',
    "1Password's introspection is unavailable and the token names no event types, so a stream that the token may not " +
      'read may look empty.',
  );
  return { features: undefined, accountUuid: undefined, isConfirmed: false };
}

/** Whether introspection failed because 1Password, or a gateway in front of it, does not offer it. */
export function isUnavailable(error: unknown): boolean {
  return isApiError(error, 'not_found', 'forbidden', 'firewall');
}

/** False only if introspection or the token itself says so. */
export function mayRead(grants: Grants, feature: string): boolean {
  return grants.features?.includes(feature) ?? true;
}
