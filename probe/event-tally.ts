import type { JSONSchema7 } from 'json-schema';
import { parseDateTime } from '../src/events-api/date-time.ts';
import { AccessTally } from './access-tally.ts';
import type { Bookmark } from './bookmarks.ts';
import { count, fieldName, formOf, isObject } from './forms.ts';
import { isKnownKind } from './known-kinds.ts';

const WINDOW_MS = 2 * 86_400_000;

/** An item of the API, before anything is known of it. */
export type Item = Record<string, unknown>;

/** What is counted of one stream's events while its pages are read. Values are looked at and not kept. */
export class EventTally {
  readonly feature: string;
  readonly access = new AccessTally();
  events = 0;
  pages = 0;
  /** Events dated before the one that came just before them, on the same page and on the page before. */
  stepsBack = 0;
  stepsBackBetweenPages = 0;
  /** Pairs of neighbours with two readable and different dates. */
  steps = 0;
  /** Events dated before the newest one that had come until then. */
  late = 0;
  undated = 0;
  repeats = 0;
  unknownKinds = 0;
  oldestMs = Number.POSITIVE_INFINITY;
  newestMs = Number.NEGATIVE_INFINITY;
  readonly undeclared = new Map<string, number>();
  readonly otherTypes = new Map<string, number>();
  readonly absent = new Map<string, number>();
  readonly empty = new Map<string, number>();
  readonly fractionDigits = new Map<string, number>();
  readonly zones = new Map<string, number>();
  readonly identifiers = new Map<string, number>();
  readonly #schema: JSONSchema7;
  readonly #uuids = new Set<string>();
  readonly #dates = new Map<unknown, number>();
  #previousMs: number | undefined;
  /** Whether the stream was read to its end. */
  isWhole = false;

  constructor(feature: string, schema: JSONSchema7) {
    this.feature = feature;
    this.#schema = schema;
  }

  addPage(items: readonly unknown[]): void {
    this.pages += 1;
    items.forEach((item, place) => {
      this.events += 1;
      if (!isObject(item)) {
        count(this.otherTypes, 'the event itself');
        return;
      }
      this.#addTime(item, place === 0);
      this.#addIdentifiers(item);
      this.#addFields(item, this.#schema, '');
      if (!isKnownKind(this.feature, item)) this.unknownKinds += 1;
      if (this.feature === 'auditevents') this.access.add(item);
    });
  }

  /** The newest event, and how many are dated in the two days that end with it where the stream was read whole. */
  recent(): Pick<Bookmark, 'newestMs' | 'window'> {
    if (this.newestMs === Number.NEGATIVE_INFINITY) return {};
    const fromMs = this.newestMs - WINDOW_MS;
    const events = [...this.#dates.values()].filter((atMs) => atMs >= fromMs).length;
    return { newestMs: this.newestMs, ...(this.isWhole && { window: { fromMs, events } }) };
  }

  #addTime({ uuid, timestamp }: Item, isFirstOfPage: boolean): void {
    const atMs = typeof timestamp === 'string' ? parseDateTime(timestamp)?.epochMs : undefined;
    if (typeof timestamp !== 'string' || atMs === undefined) {
      this.undated += 1;
      return;
    }
    const [, fraction = '', zone = ''] = /:\d\d(?:\.(\d+))?(Z|[+-].*)$/i.exec(timestamp) ?? [];
    count(this.fractionDigits, String(fraction.length));
    count(this.zones, /^z$/i.test(zone) ? 'Z' : 'an offset');
    const previousMs = this.#previousMs;
    if (previousMs !== undefined && previousMs !== atMs) {
      this.steps += 1;
      if (atMs < previousMs) {
        if (isFirstOfPage) this.stepsBackBetweenPages += 1;
        else this.stepsBack += 1;
      }
    }
    if (atMs < this.newestMs) this.late += 1;
    this.#previousMs = atMs;
    this.#dates.set(uuid, atMs);
    this.oldestMs = Math.min(this.oldestMs, atMs);
    this.newestMs = Math.max(this.newestMs, atMs);
  }

  #addIdentifiers(item: Item): void {
    for (const [name, value] of Object.entries(item)) {
      if (typeof value === 'string' && /^(uuid|.*_uuid)$/.test(name) && fieldName(name) === name) {
        count(this.identifiers, `${name}: ${formOf(value)}`);
      }
    }
    if (typeof item['uuid'] !== 'string') return;
    if (this.#uuids.has(item['uuid'])) this.repeats += 1;
    this.#uuids.add(item['uuid']);
  }

  #addFields(value: Item, schema: JSONSchema7, path: string): void {
    const properties = (schema.properties ?? {}) as Record<string, JSONSchema7>;
    for (const [name, member] of Object.entries(value)) {
      const place = `${path}${fieldName(name)}`;
      const declared = Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (declared === undefined) count(this.undeclared, place);
      else if (member === '' || (isObject(member) && Object.keys(member).length === 0)) count(this.empty, place);
      else if (!hasType(member, declared)) count(this.otherTypes, place);
      else if (isObject(member) && declared.properties) this.#addFields(member, declared, `${place}.`);
    }
    // What the source itself adds is in no event.
    const expected = Object.keys(properties).filter((name) => name !== 'additional_fields');
    for (const name of expected) if (value[name] === undefined) count(this.absent, `${path}${name}`);
  }
}

/** Null is as good as absent: every declared field may be null. */
function hasType(value: unknown, { type }: JSONSchema7): boolean {
  if (value === null || type === undefined) return true;
  const actual = Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value;
  return [type].flat().some((allowed) => allowed === actual || (allowed === 'number' && actual === 'integer'));
}

/** The events that have a readable date. */
export function datedEvents(items: readonly unknown[]): { uuid: unknown; timestamp: string; atMs: number }[] {
  return items.flatMap((item) => {
    if (!isObject(item) || typeof item['timestamp'] !== 'string') return [];
    const { uuid, timestamp } = item as { uuid: unknown; timestamp: string };
    const atMs = parseDateTime(timestamp)?.epochMs;
    return atMs === undefined ? [] : [{ uuid, timestamp, atMs }];
  });
}
