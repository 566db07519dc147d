import type { EventPage, PageStart } from './events-api/client.ts';
import type { StreamState } from './resume.ts';

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

  /** The saved cursor is worth nothing any more. */
  startOver(): void {
    this.#cursor = undefined;
  }

  /** The state to emit after this page; undefined if there is nothing new to say. */
  after({ items, cursor, isLast }: EventPage): StreamState | undefined {
    // The end of a stream is where the last events were: an empty last page keeps the cursor that led to it.
    const isKept = isLast && items.length === 0 && this.#cursor !== undefined;
    const isMoved = cursor !== undefined && cursor !== this.#cursor && !isKept;
    if (isMoved) this.#cursor = cursor;
    this.#hasUnsavedRecords ||= items.length > 0;

    const isDue = isMoved || (isLast && (this.#hasUnsavedRecords || !this.#isEmitted));
    if (!isDue) return undefined;
    this.#isEmitted = true;
    this.#hasUnsavedRecords = false;
    return this.#toState(this.#cursor);
  }
}
