import type { ApiItem, Endpoint, PageBody } from './endpoint.ts';
import { ApiError } from './errors.ts';

/** The versions of the cursor endpoints; `v2` adds the fields for managed service providers. */
export type ApiVersion = 'v1' | 'v2';

/**
 * An endpoint of version 1 or 2: POST with a reset cursor (limit and start time) first, then with the cursor alone.
 * https://developer.1password.com/docs/events-api/pagination/
 */
export function cursorEndpoint(path: string): Endpoint {
  return {
    firstRequest: (startTime, limit) => ({ method: 'POST', path, body: { limit, start_time: startTime } }),
    nextRequest: (cursor) => ({ method: 'POST', path, body: { cursor } }),
    parsePage: (body) => parsePage(body, path),
  };
}

function parsePage(body: unknown, path: string): PageBody {
  const { items, cursor, has_more: hasMore } = (body ?? {}) as Record<string, unknown>;
  if (!Array.isArray(items)) throw new ApiError('wrong_shape', { path, reason: 'has no list named "items"' });
  if (!items.every(isItem)) {
    throw new ApiError('wrong_shape', { path, reason: 'lists something among its "items" that is no object' });
  }
  return {
    items,
    ...(typeof cursor === 'string' && cursor !== '' && { cursor }),
    ...(typeof hasMore === 'boolean' && { hasMore }),
  };
}

function isItem(item: unknown): item is ApiItem {
  return typeof item === 'object' && item !== null && !Array.isArray(item);
}
