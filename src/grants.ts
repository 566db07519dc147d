import type { LogLevel } from './airbyte/protocol.ts';
import type { EventsApiClient } from './events-api/client.ts';
import { isApiError } from './events-api/errors.ts';
import type { TokenClaims } from './events-api/token.ts';

/** Which event types the token may read, and who says so. */
export interface Grants {
  /** Undefined if nobody says: then the API's answers decide. */
  features: readonly string[] | undefined;
  /** The account, if introspection told it. */
  accountUuid: string | undefined;
  /** Introspection is the authority: it asked 1Password, and 1Password accepted the token. */
  isConfirmed: boolean;
}

/**
 * Asks 1Password what the token may read. Where introspection is not to be had, the token's own claim counts. Throws
 * an ApiError if the token is rejected or the API cannot be reached.
 */
export async function learnGrants(
  client: EventsApiClient,
  claims: TokenClaims | undefined,
  log: (level: LogLevel, message: string) => void,
): Promise<Grants> {
  try {
    const { features, accountUuid } = await client.introspect();
    if (features !== undefined) return { features, accountUuid, isConfirmed: true };
  } catch (error) {
    const isUnavailable = isApiError(error, 'not_found', 'forbidden', 'firewall', 'server_error');
    if (!isUnavailable) throw error;
  }
  if (claims?.features !== undefined) {
    log('INFO', "1Password's introspection is not available: the event types named in the token itself are used.");
    return { features: claims.features, accountUuid: undefined, isConfirmed: false };
  }
  log(
    'WARN',
    "1Password's introspection is not available and the token names no event types, so a stream that the token may " +
      'not read may look empty.',
  );
  return { features: undefined, accountUuid: undefined, isConfirmed: false };
}

/** False only if somebody who knows says so. */
export function mayRead(grants: Grants, feature: string): boolean {
  return grants.features?.includes(feature) ?? true;
}
