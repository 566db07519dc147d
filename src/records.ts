import { createHash } from 'node:crypto';
import { isPortable } from './airbyte/portable-text.ts';
import type { StreamRecord } from './airbyte/protocol.ts';
import type { ApiItem } from './events-api/cursor-endpoint.ts';
import { normalizeDateTime } from './events-api/date-time.ts';
import { isExactNumber } from './events-api/json.ts';
import { RecordDraft } from './record-draft.ts';
import { SchemaCheck } from './schema-check.ts';
import type { StreamDefinition } from './streams.ts';

/** Stands for a timestamp that is missing or unreadable: destinations may declare the cursor field NOT NULL. */
export const UNDATED = '1970-01-01T00:00:00.000000Z';

/** A stream may be sent any number of unknown fields; the log names no more than this many. */
const MOST_FIELDS_NAMED = 50;
const LONGEST_NAME = 100;

/**
 * Turns the API's items into the records of one stream. They keep their names and nesting. What a warehouse could not
 * take is changed, and the original kept in `additional_fields`: date-times get one form, text becomes portable, a
 * declared value of another type becomes null. Fields that the schema does not declare move there as well, and an item
 * without a usable `uuid` gets a derived key. Whatever is out of the ordinary is logged once a run.
 */
export class RecordMapper {
  readonly #stream: string;
  readonly #schema: SchemaCheck;
  readonly #dateTimes: readonly string[][];
  readonly #accountUuid: string | undefined;
  readonly #warn: (message: string) => void;
  readonly #warned = new Set<string>();

  /** `accountUuid` is the account of the token, for events that name none. */
  constructor({ name, jsonSchema }: StreamDefinition, warn: (message: string) => void, accountUuid?: string) {
    this.#stream = name;
    // `additional_fields` is ours: a field of that name in an item is undeclared.
    const { additional_fields: _, ...properties } = jsonSchema.properties ?? {};
    this.#schema = new SchemaCheck({ ...jsonSchema, properties });
    // The timestamp has a rule of its own.
    this.#dateTimes = this.#schema.dateTimes.filter(([field]) => field !== 'timestamp');
    this.#accountUuid = accountUuid;
    this.#warn = warn;
  }

  /** The record of an item. The item itself may be changed. `mayHoldUnportableText` false saves a look at its text. */
  map(item: ApiItem, mayHoldUnportableText = true): StreamRecord {
    // The key is derived from the item as it came, before anything below touches it.
    const derivedKey = hasUsableKey(item) ? undefined : this.#deriveKey(item);
    const isUsual = !mayHoldUnportableText && this.#schema.isConforming(item);
    const draft = new RecordDraft(isUsual ? item : this.#moveUndeclared(item));
    const { data } = draft;
    if (mayHoldUnportableText) this.#repairText(draft);
    if (derivedKey !== undefined) {
      if (typeof (data.uuid ?? '') === 'string') data.uuid = derivedKey;
      else draft.replace(['uuid'], derivedKey);
    }
    if (this.#accountUuid !== undefined && (data.account_uuid ?? '') === '') data.account_uuid = this.#accountUuid;
    this.#normalizeTimestamp(draft);
    if (!isUsual) this.#checkTypes(draft);
    this.#normalizeDateTimes(draft);
    return draft.finish();
  }

  #moveUndeclared(item: ApiItem): ApiItem {
    const { fields } = this.#schema;
    const entries = Object.entries(item);
    const undeclared = entries.filter(([field]) => !fields.has(field));
    if (undeclared.length === 0) return item;
    for (const [field] of undeclared) this.#warnOfUndeclared(field, 'unchanged, in additional_fields');
    const declared = entries.filter(([field]) => fields.has(field));
    return Object.fromEntries([...declared, ['additional_fields', Object.fromEntries(undeclared)]]);
  }

  #repairText(draft: RecordDraft): void {
    for (const { path } of draft.repairText()) {
      this.#warnOfField(
        `text ${path}`,
        `1Password sent text that warehouses cannot take, half of a surrogate pair or U+0000, at ${nameOf(path)}. ` +
          'It is delivered with U+FFFD for the half and without U+0000, and the original is in additional_fields.',
        'There is more such text, at other places. All of it is delivered in the same way.',
      );
    }
  }

  #normalizeTimestamp(draft: RecordDraft): void {
    const { data } = draft;
    const normalized = typeof data.timestamp === 'string' ? normalizeDateTime(data.timestamp) : undefined;
    if (normalized !== undefined) {
      data.timestamp = normalized;
      return;
    }
    draft.replace(['timestamp'], UNDATED);
    this.#warnOnce(
      'timestamp',
      `1Password sent the event ${nameOf(data.uuid as string)} without a readable timestamp. Such events are ` +
        `delivered with ${UNDATED} in its place, and the original, if any, in additional_fields.`,
    );
  }

  /** Undeclared members stay in their place: destinations keep an object whole. */
  #checkTypes(draft: RecordDraft): void {
    for (const deviation of this.#schema.deviationsOf(draft.data)) {
      const path = [...deviation.parents, deviation.name];
      if (deviation.isDeclared) this.#nullify(draft, path, deviation.typeName);
      else if (path.length > 1) this.#warnOfUndeclared(path.join('.'), 'unchanged, in its place');
    }
  }

  #normalizeDateTimes(draft: RecordDraft): void {
    for (const path of this.#dateTimes) {
      const owner = draft.ownerOf(path);
      const name = path.at(-1) ?? '';
      const original = owner?.[name];
      if (owner === undefined || original === undefined || original === null) continue;
      const normalized = typeof original === 'string' ? normalizeDateTime(original) : undefined;
      if (normalized === undefined) this.#nullify(draft, path, 'a date-time');
      else owner[name] = normalized;
    }
  }

  #nullify(draft: RecordDraft, path: readonly string[], typeName: string): void {
    draft.replace(path, null);
    const field = path.join('.');
    this.#warnOnce(
      `type ${field}`,
      `1Password sent a value for ${field} that is not ${typeName}. The record has null there, and the original in ` +
        'additional_fields.',
    );
  }

  #deriveKey(item: ApiItem): string {
    this.#warnOnce(
      'uuid',
      '1Password sent an event without a usable uuid. Its key is "derived-" and the SHA-256 of the event, so it is ' +
        'still delivered and deduplicated.',
    );
    return `derived-${createHash('sha256').update(JSON.stringify(item, sortKeys)).digest('hex')}`;
  }

  #warnOfUndeclared(path: string, how: string): void {
    this.#warnOfField(
      `field ${path}`,
      `1Password sent a field that the schema does not declare: ${nameOf(path)}. It is delivered, ${how}.`,
      'There are more fields that the schema does not declare. All are delivered.',
    );
  }

  #warnOfField(key: string, message: string, moreMessage: string): void {
    if (this.#warned.has(key)) return;
    if (this.#warned.size < MOST_FIELDS_NAMED) this.#warnOnce(key, message);
    else this.#warnOnce(moreMessage, moreMessage);
  }

  #warnOnce(key: string, message: string): void {
    if (this.#warned.has(key)) return;
    this.#warned.add(key);
    this.#warn(`${this.#stream}: ${message}`);
  }
}

/** A key that would have to be changed could meet another one. */
function hasUsableKey({ uuid }: ApiItem): boolean {
  return typeof uuid === 'string' && uuid.trim() !== '' && isPortable(uuid);
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
