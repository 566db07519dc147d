import type { Bookmark } from './cursors.ts';
import type { ApiItem, ApiVersion, Feature, Settings } from './options.ts';
import { parseRfc3339 } from './rfc3339.ts';

const v2Only = ['account_uuid', 'actor_type', 'actor_account_uuid'];
const people = ['user', 'target_user', 'actor_details', 'object_details', 'aux_details'];
const v2OnlyOfPeople = ['user_type', 'user_account_uuid', 'type'];

const DAY_MS = 86_400_000;

/** Which events a cursor still has to serve, and in which form. */
export interface Wanted extends Pick<Bookmark, 'next' | 'after' | 'startMs' | 'endMs' | 'arrivedBefore'> {
  readonly feature: Feature;
  readonly version: ApiVersion;
  readonly limit: number;
}

/** Events as JSON texts, and from where to go on. */
interface Taken {
  readonly items: string[];
  readonly next: number;
  readonly after?: readonly [atMs: number, place: number];
  readonly hasMore: boolean;
}

/** One feature's events in arrival order, kept as JSON texts so that a page is a mere join. */
export class EventLog {
  readonly #v2: string[] = [];
  readonly #v1: (string | undefined)[] = [];
  readonly #atMs: (number | undefined)[] = [];
  /** When each event arrived, as far as dates tell: not before the events that arrived before it happened. */
  readonly #arrivedMs: number[] = [];

  get length(): number {
    return this.#v2.length;
  }

  add(item: ApiItem): void {
    this.#v2.push(JSON.stringify(item));
    // Tests serve items that are no objects, too.
    const atMs = parseRfc3339((item as ApiItem | null)?.['timestamp']);
    this.#atMs.push(atMs);
    const earlierMs = this.#arrivedMs.at(-1) ?? Number.NEGATIVE_INFINITY;
    this.#arrivedMs.push(Math.max(earlierMs, atMs ?? earlierMs));
  }

  /** Up to `limit` events, and the place of the first one after them (the end, if there is none). */
  take(wanted: Wanted, settings: Settings): Taken {
    return settings.order === 'timestamp' ? this.#byTime(wanted, settings) : this.#byArrival(wanted, settings);
  }

  #byArrival(wanted: Wanted, settings: Settings): Taken {
    const { limit } = wanted;
    const items: string[] = [];
    let place = wanted.next;
    for (; place < this.length && items.length < limit; place += 1) {
      if (this.#isIn(place, wanted, settings)) this.#serve(place, items, wanted, settings);
    }
    while (place < this.length && !this.#isIn(place, wanted, settings)) place += 1;
    if (settings.order === 'newest first') items.reverse();
    return { items, next: place, hasMore: place < this.length };
  }

  /** What arrives late is dated before the last event that was served, and so never comes. */
  #byTime(wanted: Wanted, settings: Settings): Taken {
    const [afterMs, afterPlace] = wanted.after ?? [Number.NEGATIVE_INFINITY, -1];
    const timeOf = (place: number): number => this.#atMs[place] ?? 0;
    const places = this.#atMs
      .map((_, place) => place)
      .filter((place) => this.#isIn(place, wanted, settings))
      .filter((place) => timeOf(place) > afterMs || (timeOf(place) === afterMs && place > afterPlace))
      .sort((one, other) => timeOf(one) - timeOf(other) || one - other);
    const items: string[] = [];
    let count = 0;
    for (; count < places.length && items.length < wanted.limit; count += 1) {
      this.#serve(places[count] ?? 0, items, wanted, settings);
    }
    const last = places[count - 1];
    const after = last === undefined ? wanted.after : ([timeOf(last), last] as const);
    return { items, next: wanted.next, ...(after && { after }), hasMore: count < places.length };
  }

  #isIn(place: number, { startMs, arrivedBefore, endMs }: Wanted, settings: Settings): boolean {
    const atMs = this.#atMs[place];
    // An event without a readable date cannot be filtered by it.
    if (atMs === undefined) return true;
    if (atMs < settings.now() - settings.retentionDays * DAY_MS || atMs >= endMs) return false;
    // The start applies to what was there at the time of the reset: later arrivals come whatever their date.
    if (place >= arrivedBefore) return true;
    if (settings.startTime === 'by arrival') return (this.#arrivedMs[place] ?? atMs) >= startMs;
    return settings.startTime === 'exclusive' ? atMs > startMs : atMs >= startMs;
  }

  #serve(place: number, items: string[], { version, feature, limit }: Wanted, settings: Settings): void {
    const text = this.#dressed(place, version, feature, settings);
    items.push(text);
    if (isNth(place, settings.repeatEvery) && items.length < limit) items.push(text);
  }

  #dressed(place: number, version: ApiVersion, feature: Feature, settings: Settings): string {
    const text = this.#text(place, version);
    const fields = settings.undeclaredFields[feature] ?? [];
    const digits = settings.fractionDigits[feature];
    const isUnknown = isNth(place, settings.unknownKindEvery);
    if (fields.length === 0 && digits === undefined && !isUnknown) return text;
    const item = JSON.parse(text) as ApiItem;
    for (const field of fields) item[field] = 'something new';
    if (isUnknown) item[feature === 'signinattempts' ? 'category' : 'action'] = 'unheard-of';
    if (digits !== undefined) item['timestamp'] = withDigits(String(item['timestamp']), digits);
    return JSON.stringify(item);
  }

  #text(place: number, version: ApiVersion): string {
    const text = this.#v2[place] ?? '';
    if (version === 'v2') return text;
    this.#v1[place] ??= JSON.stringify(toV1(JSON.parse(text)));
    return this.#v1[place];
  }
}

function isNth(place: number, every: number): boolean {
  return every > 0 && (place + 1) % every === 0;
}

function withDigits(timestamp: string, digits: number): string {
  const [, whole = '', fraction = '', zone = ''] = /^(.*:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/.exec(timestamp) ?? [];
  return whole === ''
    ? timestamp
    : `${whole}${digits === 0 ? '' : `.${fraction.slice(0, digits).padEnd(digits, '0')}`}${zone}`;
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
