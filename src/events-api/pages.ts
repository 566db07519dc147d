/** Where a stream ends: what one answer of an event endpoint means for the next request. */
import { ApiError } from './errors.ts';

/** An event as the API served it. */
export type ApiItem = Record<string, unknown>;

/** The body of an event endpoint's answer, with what was no cursor and no boolean left out. */
export interface PageBody {
  items: ApiItem[];
  cursor?: string;
  hasMore?: boolean;
}

/**
 * Reads the body of an answer. Throws `wrong_shape` if it has no list of objects called `items`.
 * https://developer.1password.com/docs/events-api/pagination/
 */
export function parsePage(body: unknown, path: string): PageBody {
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

/** The answers of an API that means well come to an end long before this. */
const EMPTY_PAGES_IN_A_ROW = 1_000;
const RETURNS_TO_ONE_CURSOR = 3;

/** What to do after a page: ask for the next one, stop, or write this one and give up. */
export type NextStep = 'continue' | 'end' | 'stuck';

/** Follows the cursors of one stream and decides after each page how it goes on. */
export class PageWalk {
  #sentCursor: string | undefined;
  #emptyPages = 0;
  #pages = 0;
  /** A cursor of the past, renewed at every power of two: cursors that go round in a circle must come back to one. */
  #landmark: string | undefined;
  #returns = 0;

  /** `sentCursor` is the cursor of the first request, undefined if that one is a reset. */
  constructor(sentCursor: string | undefined) {
    this.#sentCursor = sentCursor;
  }

  step({ items, cursor, hasMore }: PageBody): NextStep {
    const isNew = cursor !== undefined && cursor !== this.#sentCursor;
    this.#emptyPages = items.length > 0 ? 0 : this.#emptyPages + 1;
    this.#sentCursor = cursor;

    if (hasMore === false) return 'end';
    if (items.length === 0) {
      if (hasMore === undefined || !isNew) return 'end';
      return this.#emptyPages >= EMPTY_PAGES_IN_A_ROW ? 'stuck' : 'continue';
    }
    if (!isNew) return hasMore === undefined ? 'end' : 'stuck';
    return this.#goesRound(cursor) ? 'stuck' : 'continue';
  }

  #goesRound(cursor: string): boolean {
    this.#pages += 1;
    if (cursor === this.#landmark) this.#returns += 1;
    const isPowerOfTwo = (this.#pages & (this.#pages - 1)) === 0;
    if (isPowerOfTwo) {
      this.#landmark = cursor;
      this.#returns = 0;
    }
    return this.#returns >= RETURNS_TO_ONE_CURSOR;
  }
}
