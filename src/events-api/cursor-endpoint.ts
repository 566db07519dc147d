/**
 * The endpoints that serve events: POST with a reset cursor (limit and start time) first, then with the cursor alone.
 * https://developer.1password.com/docs/events-api/pagination/
 */
import { toRfc3339 } from './date-time.ts';
import { ApiError } from './errors.ts';
import { mayHoldUnportableText } from './json.ts';
import { parseBody } from './responses.ts';
import type { HttpRequest, HttpResponse } from './transport.ts';

/** The versions of the endpoints; `v2` adds the fields for managed service providers. */
export type ApiVersion = 'v1' | 'v2';

/** An event as the API served it. */
export type ApiItem = Record<string, unknown>;

/** The body of a response, with what was no cursor and no boolean left out. */
export interface PageBody {
  items: ApiItem[];
  /** What the next request carries, now or in a later run; opaque. */
  cursor?: string;
  hasMore?: boolean;
  /** Some string may hold half of a surrogate pair or U+0000. */
  mayHoldUnportableText: boolean;
}

/** The path of an event type, `auditevents` for instance. */
export function eventsPath(version: ApiVersion, feature: string): string {
  return `/api/${version}/${feature}`;
}

/** The request for the events since a time, in epoch milliseconds, with at most `limit` of them on a page. */
export function firstRequest(path: string, startTimeMs: number, limit: number): HttpRequest {
  return { method: 'POST', path, body: { limit, start_time: toRfc3339(startTimeMs) } };
}

/** The request for what follows a page. */
export function nextRequest(path: string, cursor: string): HttpRequest {
  return { method: 'POST', path, body: { cursor } };
}

/** The page in a response. Throws `wrong_shape` if it holds none. */
export function parsePage(response: HttpResponse, path: string): PageBody {
  const body = parseBody(response, path);
  const { items, cursor, has_more: hasMore } = (body ?? {}) as Record<string, unknown>;
  if (!Array.isArray(items)) throw new ApiError('wrong_shape', { path, reason: 'has no list named "items"' });
  if (!items.every(isItem)) {
    throw new ApiError('wrong_shape', { path, reason: 'lists something among its "items" that is no object' });
  }
  return {
    items,
    mayHoldUnportableText: mayHoldUnportableText(response.body),
    ...(typeof cursor === 'string' && cursor !== '' && { cursor }),
    ...(typeof hasMore === 'boolean' && { hasMore }),
  };
}

function isItem(item: unknown): item is ApiItem {
  return typeof item === 'object' && item !== null && !Array.isArray(item);
}
