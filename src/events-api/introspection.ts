import { parseBody } from './responses.ts';
import type { HttpResponse } from './transport.ts';

/** The current path, and the original one for hosts without it. https://developer.1password.com/docs/events-api/reference/ */
export const INTROSPECTION_PATHS = ['/api/v2/auth/introspect', '/api/auth/introspect'] as const;

/** What a token is good for. */
export interface Introspection {
  /** Absent if the response named none. */
  features?: readonly string[];
  /** Absent in responses of the original path. */
  accountUuid?: string;
}

/** The original path spells its keys in PascalCase. */
export function parseIntrospection(response: HttpResponse, path: string): Introspection {
  const body = parseBody(response, path);
  if (typeof body !== 'object' || body === null) return {};
  const { features, Features, account_uuid: accountUuid } = body as Record<string, unknown>;
  const granted = features ?? Features;
  return {
    ...(Array.isArray(granted) && { features: granted.filter((feature) => typeof feature === 'string') }),
    ...(typeof accountUuid === 'string' && accountUuid !== '' && { accountUuid }),
  };
}
