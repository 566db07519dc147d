import { createHash } from 'node:crypto';
import type { JSONSchema7Definition } from 'json-schema';
import type { RecordChange, StreamRecord } from './airbyte/protocol.ts';
import type { ApiItem } from './events-api/cursor-endpoint.ts';
import { normalizeDateTime } from './events-api/date-time.ts';
import { isExactNumber } from './events-api/json.ts';
import type { StreamDefinition } from './streams.ts';

/** Stands for a timestamp that is missing or unreadable: destinations may declare the cursor field NOT NULL. */
export const UNDATED = '1970-01-01T00:00:00.000000Z';

/** A stream may be sent any number of unknown fields; the log names no more than this many. */
const MOST_FIELDS_NAMED = 50;
const LONGEST_NAME = 100;

/**
 * Turns the API's items into the records of one stream. They keep their names and nesting; only date-times are
 * normalised, top-level fields that the schema does not declare move into `additional_fields`, and an item without a
 * usable `uuid` gets a derived key. Whatever is out of the ordinary is logged once a run.
 */
export class RecordMapper {
  readonly #stream: string;
  /** The declared fields, each with its declared members if it is an object that has any. */
  readonly #declared: ReadonlyMap<string, ReadonlySet<string> | undefined>;
  readonly #warn: (message: string) => void;
  readonly #warned = new Set<string>();

  constructor({ name, jsonSchema }: StreamDefinition, warn: (message: string) => void) {
    this.#stream = name;
    // `additional_fields` is ours: a field of that name in an item is undeclared.
    const declared = Object.entries(jsonSchema.properties ?? {}).filter(([field]) => field !== 'additional_fields');
    this.#declared = new Map(declared.map(([field, schema]) => [field, membersOf(schema)]));
    this.#warn = warn;
  }

  /** The record of an item. The item itself may be changed. */
  map(item: ApiItem): StreamRecord {
    const isKeyed = typeof item.uuid === 'string' && item.uuid.trim() !== '';
    // The key is derived from the item as it came, before anything below touches it.
    const derivedKey = isKeyed ? undefined : this.#deriveKey(item);
    const additional: [string, unknown][] = [];
    const changes: RecordChange[] = [];

    const data = this.#moveUndeclared(item, additional);
    this.#warnOfUndeclaredMembers(data);
    if (derivedKey !== undefined) {
      const { uuid } = data;
      if (uuid !== null && uuid !== undefined && typeof uuid !== 'string') additional.push(['uuid', uuid]);
      data.uuid = derivedKey;
    }
    const { timestamp, session } = data;
    if (!normalize(data, 'timestamp')) {
      data.timestamp = UNDATED;
      if (timestamp !== null && timestamp !== undefined) additional.push(['timestamp', timestamp]);
      changes.push(changeOf('timestamp'));
      this.#warnOnce(
        'timestamp',
        `1Password sent the event ${nameOf(data.uuid as string)} without a readable timestamp. Such events are ` +
          `delivered with ${UNDATED} in its place, and the original, if any, in additional_fields.`,
      );
    }
    const { login_time: loginTime } = (session ?? {}) as ApiItem;
    if (loginTime !== null && loginTime !== undefined && !normalize(session as ApiItem, 'login_time')) {
      (session as ApiItem).login_time = null;
      additional.push(['session.login_time', loginTime]);
      changes.push(changeOf('session.login_time'));
      this.#warnOnce(
        'session.login_time',
        '1Password sent a session.login_time that is not a date-time. The record has null there, and the original in ' +
          'additional_fields.',
      );
    }
    if (additional.length > 0) data.additional_fields = Object.fromEntries(additional);
    return changes.length > 0 ? { data, changes } : { data };
  }

  #moveUndeclared(item: ApiItem, additional: [string, unknown][]): ApiItem {
    let isKnown = true;
    for (const field in item) isKnown &&= this.#declared.has(field);
    if (isKnown) return item;

    const declared: [string, unknown][] = [];
    for (const entry of Object.entries(item)) {
      const isDeclared = this.#declared.has(entry[0]);
      (isDeclared ? declared : additional).push(entry);
      if (!isDeclared) this.#warnOfField(entry[0], 'unchanged, in additional_fields');
    }
    return Object.fromEntries(declared);
  }

  /** They stay in place: destinations keep an object whole. */
  #warnOfUndeclaredMembers(data: ApiItem): void {
    for (const field in data) {
      const members = this.#declared.get(field);
      const value = data[field];
      if (members === undefined || typeof value !== 'object' || Array.isArray(value)) continue;
      for (const member in value) {
        if (!members.has(member)) this.#warnOfField(`${field}.${member}`, 'unchanged, in its place');
      }
    }
  }

  #deriveKey(item: ApiItem): string {
    this.#warnOnce(
      'uuid',
      '1Password sent an event without a uuid. Its key is "derived-" and the SHA-256 of the event, so it is still delivered and deduplicated.',
    );
    return `derived-${createHash('sha256').update(JSON.stringify(item, sortKeys)).digest('hex')}`;
  }

  #warnOfField(field: string, how: string): void {
    const key = `field ${field}`;
    if (this.#warned.has(key)) return;
    if (this.#warned.size < MOST_FIELDS_NAMED) {
      const name = nameOf(field);
      this.#warnOnce(key, `1Password sent a field that the schema does not declare: ${name}. It is delivered, ${how}.`);
    } else {
      this.#warnOnce('more fields', 'There are more fields that the schema does not declare. All are delivered.');
    }
  }

  #warnOnce(key: string, message: string): void {
    if (this.#warned.has(key)) return;
    this.#warned.add(key);
    this.#warn(`${this.#stream}: ${message}`);
  }
}

function membersOf(schema: JSONSchema7Definition): ReadonlySet<string> | undefined {
  return typeof schema === 'object' && schema.properties ? new Set(Object.keys(schema.properties)) : undefined;
}

/** Gives a date-time its normalised form; false if it is missing or cannot be read. */
function normalize(owner: ApiItem, field: string): boolean {
  const original = owner[field];
  const normalized = typeof original === 'string' ? normalizeDateTime(original) : undefined;
  if (normalized !== undefined) owner[field] = normalized;
  return normalized !== undefined;
}

function changeOf(field: string): RecordChange {
  return { field, change: 'NULLED', reason: 'SOURCE_SERIALIZATION_ERROR' };
}

/** Whole or not at all: part of a name could be part of a secret, which the output would not recognise and mask. */
function nameOf(text: string): string {
  return text.length <= LONGEST_NAME ? JSON.stringify(text) : `(a name of ${text.length} characters)`;
}

/** A replacer for JSON.stringify that writes the keys of every object in order. */
function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isExactNumber(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
