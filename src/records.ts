import { createHash } from 'node:crypto';
import type { RecordChange, StreamRecord } from './airbyte/protocol.ts';
import { normalizeDateTime } from './date-time.ts';
import type { ApiItem } from './events-api/endpoint.ts';
import { isExactNumber } from './events-api/json.ts';
import type { StreamDefinition } from './streams.ts';

/** A stream may be sent any number of unknown fields; the log names no more than this many. */
const MOST_FIELDS_NAMED = 50;
const LONGEST_NAME = 100;

/**
 * Turns the API's items into the records of one stream. They keep their names and nesting; only date-times are
 * normalised, fields that the schema does not declare move into `additional_fields`, and an item without a usable
 * `uuid` gets a key of its own. What is out of the ordinary is said once a run.
 */
export class RecordShaper {
  readonly #stream: string;
  readonly #declared: ReadonlySet<string>;
  readonly #warn: (message: string) => void;
  readonly #said = new Set<string>();

  constructor({ name, jsonSchema }: StreamDefinition, warn: (message: string) => void) {
    this.#stream = name;
    // The object that takes up undeclared fields is ours: a field of that name in an item is undeclared as well.
    this.#declared = new Set(Object.keys(jsonSchema.properties ?? {}).filter((field) => field !== 'additional_fields'));
    this.#warn = warn;
  }

  /** The record of an item. The item itself may be changed. */
  shape(item: ApiItem): StreamRecord {
    const isKeyed = typeof item['uuid'] === 'string' && item['uuid'].trim() !== '';
    // The key is taken of the item as it came, before anything below touches it.
    const derivedKey = isKeyed ? undefined : this.#deriveKey(item);
    const additional: [string, unknown][] = [];
    const changes: RecordChange[] = [];

    const data = this.#moveUndeclared(item, additional);
    this.#normalize(data, 'timestamp', 'timestamp', additional, changes);
    const { session } = data;
    if (typeof session === 'object' && session !== null) {
      this.#normalize(session as ApiItem, 'login_time', 'session.login_time', additional, changes);
    }
    if (derivedKey !== undefined) {
      const { uuid } = data;
      if (uuid !== null && uuid !== undefined && typeof uuid !== 'string') additional.push(['uuid', uuid]);
      data['uuid'] = derivedKey;
    }
    if (additional.length > 0) data['additional_fields'] = Object.fromEntries(additional);
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
      if (!isDeclared) this.#sayOfField(entry[0]);
    }
    return Object.fromEntries(declared);
  }

  /** `path` is the name of `owner`'s field as the record's readers know it. */
  #normalize(
    owner: ApiItem,
    field: string,
    path: string,
    additional: [string, unknown][],
    changes: RecordChange[],
  ): void {
    const original = owner[field];
    if (original === undefined || original === null) return;
    const normalized = typeof original === 'string' ? normalizeDateTime(original) : undefined;
    if (normalized !== undefined) {
      owner[field] = normalized;
      return;
    }
    owner[field] = null;
    additional.push([path, original]);
    changes.push({ field: path, change: 'NULLED', reason: 'SOURCE_SERIALIZATION_ERROR' });
    this.#sayOnce(
      `date-time ${path}`,
      `1Password sent a value for ${path} that is no date-time. The record has null there, and the original in additional_fields.`,
    );
  }

  #deriveKey(item: ApiItem): string {
    this.#sayOnce(
      'uuid',
      '1Password sent an event without a uuid. Its key is "derived-" and the SHA-256 of the event, so it is still delivered and deduplicated.',
    );
    return `derived-${createHash('sha256').update(JSON.stringify(item, sortKeys)).digest('hex')}`;
  }

  #sayOfField(field: string): void {
    const key = `field ${field}`;
    if (this.#said.has(key)) return;
    if (this.#said.size < MOST_FIELDS_NAMED) {
      this.#sayOnce(
        key,
        `1Password sent a field that the schema does not declare: ${nameOf(field)}. It is delivered, unchanged, in additional_fields.`,
      );
    } else {
      this.#sayOnce(
        'more fields',
        'There are more fields that the schema does not declare. All are in additional_fields.',
      );
    }
  }

  #sayOnce(key: string, message: string): void {
    if (this.#said.has(key)) return;
    this.#said.add(key);
    this.#warn(`${this.#stream}: ${message}`);
  }
}

/** Whole or not at all: a part of a name could be a part of a secret, which nobody would recognise and mask. */
function nameOf(field: string): string {
  return field.length <= LONGEST_NAME ? JSON.stringify(field) : `one with a name of ${field.length} characters`;
}

/** A replacer for JSON.stringify that writes the keys of every object in order. */
function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isExactNumber(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
