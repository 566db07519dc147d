import type { ApiItem, ApiVersion } from './options.ts';
import { parseRfc3339 } from './rfc3339.ts';

const v2Only = ['account_uuid', 'actor_type', 'actor_account_uuid'];
const people = ['user', 'target_user', 'actor_details', 'object_details', 'aux_details'];
const v2OnlyOfPeople = ['user_type', 'user_account_uuid', 'type'];

/** A stretch of the log: which events a cursor still has to serve. */
export interface Span {
  /** Place in arrival order from which to look. */
  readonly from: number;
  /** What the reset asked for. Applies to what was there at the time: later arrivals come whatever their date. */
  readonly startMs: number;
  readonly arrivedBefore: number;
  readonly endMs: number;
  /** Dates before this are out of retention. */
  readonly retainedFromMs: number;
}

/** One feature's events in arrival order, kept as JSON texts so that a page is a mere join. */
export class EventLog {
  readonly #v2: string[] = [];
  readonly #v1: (string | undefined)[] = [];
  readonly #atMs: (number | undefined)[] = [];

  get length(): number {
    return this.#v2.length;
  }

  add(item: ApiItem): void {
    this.#v2.push(JSON.stringify(item));
    // Tests serve items that are no objects, too.
    this.#atMs.push(parseRfc3339((item as ApiItem | null)?.['timestamp']));
  }

  /** Up to `limit` events as JSON texts, and the place of the first one after them (the end, if there is none). */
  take(version: ApiVersion, span: Span, limit: number): { items: string[]; next: number; hasMore: boolean } {
    const items: string[] = [];
    let place = span.from;
    for (; place < this.length && items.length < limit; place += 1) {
      if (this.#isIn(place, span)) items.push(this.#text(place, version));
    }
    while (place < this.length && !this.#isIn(place, span)) place += 1;

    return { items, next: place, hasMore: place < this.length };
  }

  #isIn(place: number, { startMs, arrivedBefore, endMs, retainedFromMs }: Span): boolean {
    const atMs = this.#atMs[place];
    // An event without a readable date cannot be filtered by it.
    if (atMs === undefined) return true;
    return atMs >= retainedFromMs && atMs < endMs && (atMs >= startMs || place >= arrivedBefore);
  }

  #text(place: number, version: ApiVersion): string {
    const text = this.#v2[place] ?? '';
    if (version === 'v2') return text;
    this.#v1[place] ??= JSON.stringify(toV1(JSON.parse(text)));
    return this.#v1[place];
  }
}

/** Blanks what V1 lacks: a field that is undefined does not reach the JSON, and this is quicker than a copy. */
export function toV1(item: unknown): unknown {
  blank(item, v2Only);
  if (isObject(item)) for (const field of people) blank(item[field], v2OnlyOfPeople);
  return item;
}

function blank(value: unknown, fields: readonly string[]): void {
  if (!isObject(value)) return;
  for (const field of fields) if (field in value) value[field] = undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
