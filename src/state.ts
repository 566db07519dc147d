/** The state of a stream: what Airbyte keeps between two runs, how it is parsed, and when a new one is due. */
import { ConnectorError } from './airbyte/errors.ts';
import { isObject } from './airbyte/json.ts';
import { isPortable } from './airbyte/portable-text.ts';
import type { EventPage, PageStart } from './events-api/client.ts';
import type { ApiVersion } from './events-api/cursor-endpoint.ts';
import { parseDateTime } from './events-api/date-time.ts';

/** The state that a stream emits. */
export interface StreamState {
  /** The API's own cursor, opaque. Absent while the API has given none. */
  cursor?: string;
  /** When the API last confirmed the cursor. It serves to name a gap, never to ask for events. */
  read_at: string;
  api_version: ApiVersion;
  /** The account that the cursor belongs to, if introspection returned it. */
  account_uuid?: string;
}

const FIELDS = ['cursor', 'read_at', 'api_version', 'account_uuid'] as const;

/** A state that another tool may have written: any field may be missing. `read_at` is a date-time. */
export type SavedState = { [field in (typeof FIELDS)[number]]?: string };

/** Parses a saved state. Throws a config_error that names the stream if a field has the wrong type. */
export function parseStreamState(stream: string, state: unknown): SavedState {
  if (state === undefined || state === null) return {};
  if (!isObject(state)) throw unusableState(stream, 'is not an object');
  const saved: SavedState = {};
  for (const field of FIELDS) {
    const value = state[field];
    // An empty string is as good as null.
    if (value === undefined || value === null || value === '') continue;
    if (typeof value !== 'string') throw unusableState(stream, `has a value for ${field} that is not a string`);
    saved[field] = value;
  }
  if (saved.read_at !== undefined && parseDateTime(saved.read_at) === undefined) {
    throw unusableState(stream, 'has a read_at that is not a date-time');
  }
  return saved;
}

function unusableState(stream: string, why: string): ConnectorError {
  return new ConnectorError(
    'config_error',
    `${stream}: the saved state ${why}, so the stream cannot resume from it. Restore the connection's last state, or ` +
      'clear the state of this stream to start over.',
  );
}

/** Decides after which pages a stream's state is due: never before the records that it stands for. */
export class Checkpoint {
  readonly #toState: (cursor: string | undefined) => StreamState;
  #cursor: string | undefined;
  #isEmitted = false;
  #hasUnsavedRecords = false;

  constructor(start: PageStart, toState: (cursor: string | undefined) => StreamState) {
    this.#toState = toState;
    this.#cursor = 'cursor' in start ? start.cursor : undefined;
  }

  /** Forgets the saved cursor, which the API refused. */
  startOver(): void {
    this.#cursor = undefined;
  }

  /** The state to emit after this page; undefined if none is due. */
  after({ items, cursor, isLast }: EventPage): StreamState | undefined {
    // The end of a stream is where the last events were: an empty last page keeps the cursor that led to it.
    const isKept = isLast && items.length === 0 && this.#cursor !== undefined;
    // A cursor that would be changed on its way into the state is none to resume from: the one before it is.
    const isStorable = cursor !== undefined && isPortable(cursor);
    const isMoved = isStorable && cursor !== this.#cursor && !isKept;
    if (isMoved) this.#cursor = cursor;
    this.#hasUnsavedRecords ||= items.length > 0;

    const isDue = isMoved || (isLast && (this.#hasUnsavedRecords || !this.#isEmitted));
    if (!isDue) return undefined;
    this.#isEmitted = true;
    this.#hasUnsavedRecords = false;
    return this.#toState(this.#cursor);
  }
}
