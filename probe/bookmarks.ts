import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { isObject } from './forms.ts';

/** Where a stream stood when it was probed. The cursor is as secret as the events behind it. */
export interface Bookmark {
  cursor: string;
  /** Epoch milliseconds. */
  readAtMs: number;
  /** The newest event that had come, in epoch milliseconds; absent if there was none. */
  newestMs?: number;
  /** How many events were dated in the days before that one; absent if the stream was not read to its end. */
  window?: { fromMs: number; events: number };
}

/** A bookmark for each feature. */
export type Bookmarks = Record<string, Bookmark>;

/** The file beside a report that keeps its cursors, for their owner alone. */
export function bookmarksFileOf(report: string): string {
  return `${report.replace(/\.json$/, '')}.cursors.json`;
}

export function writeBookmarks(file: string, bookmarks: Bookmarks): void {
  writeFileSync(file, `${JSON.stringify(bookmarks)}\n`, { mode: 0o600 });
  // A file that was there keeps its mode.
  chmodSync(file, 0o600);
}

/** Throws an error with a sentence if the file cannot be used. */
export function readBookmarks(file: string): Bookmarks {
  let found: unknown;
  try {
    found = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new Error(
      `${file} cannot be read, or is no JSON. It is the file that an earlier --out wrote beside its report.`,
    );
  }
  const isBookmark = (value: unknown) =>
    isObject(value) && typeof value['cursor'] === 'string' && typeof value['readAtMs'] === 'number';
  if (isObject(found) && Object.values(found).every(isBookmark)) return found as unknown as Bookmarks;
  throw new Error(`${file} holds no cursors. It is the file that an earlier --out wrote beside its report.`);
}
