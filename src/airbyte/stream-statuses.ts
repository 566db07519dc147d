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

  /** All streams share one rate limit, so all unfinished ones wait. */
  rateLimited(untilMs: number): void {
    for (const stream of this.#unfinished) this.#post(stream, 'RUNNING', untilMs);
  }

  resumed(): void {
    for (const stream of this.#unfinished) this.#post(stream, 'RUNNING');
  }

  #post(stream: string, status: StreamStatus, quotaResetMs?: number): void {
    this.#output.post(streamStatusMessage(stream, status, Math.floor(this.#now()), quotaResetMs));
  }
}
