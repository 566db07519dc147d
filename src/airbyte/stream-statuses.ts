import type { Output } from './output.ts';
import { type StreamStatus, streamStatusMessage } from './protocol.ts';

/** Reports the status of each stream in the order that Airbyte requires: STARTED, RUNNING …, COMPLETE or INCOMPLETE. */
export class StreamStatuses {
  readonly #output: Output;
  readonly #now: () => number;
  readonly #unfinished = new Set<string>();

  constructor(output: Output, now: () => number) {
    this.#output = output;
    this.#now = now;
  }

  started(stream: string): void {
    this.#unfinished.add(stream);
    this.#post(stream, 'STARTED');
  }

  running(stream: string): void {
    this.#post(stream, 'RUNNING');
  }

  /** Airbyte ignores whatever follows the end of a stream, so a stream ends only once. */
  ended(stream: string, status: 'COMPLETE' | 'INCOMPLETE'): void {
    if (this.#unfinished.delete(stream)) this.#post(stream, status);
  }

  /** All streams share one rate limit, so all unfinished ones wait, unless one alone is named. */
  rateLimited(untilMs: number, stream?: string): void {
    for (const name of this.#waiting(stream)) this.#post(name, 'RUNNING', untilMs);
  }

  resumed(stream?: string): void {
    for (const name of this.#waiting(stream)) this.#post(name, 'RUNNING');
  }

  #waiting(stream?: string): string[] {
    return [...this.#unfinished].filter((name) => stream === undefined || name === stream);
  }

  #post(stream: string, status: StreamStatus, quotaResetMs?: number): void {
    this.#output.post(streamStatusMessage(stream, status, Math.floor(this.#now()), quotaResetMs));
  }
}
