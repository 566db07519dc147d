import { randomBytes } from 'node:crypto';
import type { ApiVersion, Feature } from './options.ts';

// About 200 characters once encoded, as long as the real ones.
const CURSOR_BYTES = 147;

/** What a cursor stands for. The reset that began it is part of it: it can only be changed by another reset. */
export interface Bookmark {
  readonly feature: Feature;
  readonly version: ApiVersion;
  readonly accountUuid: string;
  readonly limit: number;
  /** Place in arrival order of the next event. */
  readonly next: number;
  /** The time and the place of the last event, where pages go by time. */
  readonly after?: readonly [atMs: number, place: number];
  readonly startMs: number;
  readonly endMs: number;
  /** How many events had arrived when the reset was made. */
  readonly arrivedBefore: number;
}

/** Cursors never expire and may be used again. They are random, so that nobody can read anything into them. */
export class CursorBook {
  readonly #bookmarks = new Map<string, Bookmark>();

  issue(bookmark: Bookmark): string {
    const cursor = randomBytes(CURSOR_BYTES).toString('base64');
    this.#bookmarks.set(cursor, bookmark);
    return cursor;
  }

  find(cursor: string): Bookmark | undefined {
    return this.#bookmarks.get(cursor);
  }
}
