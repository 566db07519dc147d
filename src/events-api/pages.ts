/** Where a stream ends: what a page means for the next request. */
import type { PageBody } from './cursor-endpoint.ts';

/** An API that works ends long before this. */
const MAX_EMPTY_PAGES_IN_A_ROW = 1_000;

/** What to do after a page: ask for the next one, stop, or deliver this one and give up. */
export type NextStep = 'continue' | 'end' | 'stuck';

/** Follows the cursors of one stream and decides after each page how it goes on. */
export class Paginator {
  /** A cursor that comes a second time would lead round in a circle. */
  readonly #seen = new Set<string>();
  #sentCursor: string | undefined;
  #emptyPages = 0;

  /** `sentCursor` is the cursor of the first request; undefined if that one asks for a start time. */
  constructor(sentCursor: string | undefined) {
    this.#sentCursor = sentCursor;
    if (sentCursor !== undefined) this.#seen.add(sentCursor);
  }

  step({ items, cursor, hasMore }: PageBody): NextStep {
    const isEmpty = items.length === 0;
    const hasMoved = cursor !== undefined && cursor !== this.#sentCursor;
    this.#emptyPages = isEmpty ? this.#emptyPages + 1 : 0;
    this.#sentCursor = cursor;

    if (hasMore === false || (hasMore === undefined && isEmpty)) return 'end';
    if (!hasMoved) return hasMore === true && !isEmpty ? 'stuck' : 'end';
    if (this.#seen.has(cursor) || this.#emptyPages >= MAX_EMPTY_PAGES_IN_A_ROW) return 'stuck';
    this.#seen.add(cursor);
    return 'continue';
  }
}
