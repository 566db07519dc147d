import type { LogLevel, StreamRecord } from './airbyte/protocol.ts';
import type { Runtime } from './airbyte/source.ts';
import type { RequestCosts } from './events-api/client.ts';
import { UNDATED } from './records.ts';

/** How often a running stream reports its progress. */
const REPORT_EVERY_MS = 30_000;

/** Counts what one stream reads and logs it: numbers and times, never an event's content. */
export class StreamProgress {
  /** Filled by the client. */
  readonly costs: RequestCosts;
  readonly #stream: string;
  readonly #runtime: Runtime;
  #pages = 0;
  #records = 0;
  #undated = 0;
  #oldest: string | undefined;
  #newest: string | undefined;
  #reportedAtMs: number;

  constructor(stream: string, runtime: Runtime) {
    this.costs = { stream, retries: 0, waitedMs: 0 };
    this.#stream = stream;
    this.#runtime = runtime;
    this.#reportedAtMs = runtime.now();
  }

  started(description: string): void {
    this.#log('INFO', description);
  }

  /** Normalised timestamps have one form, so they sort as strings. */
  addRecord({ data }: StreamRecord): void {
    const { timestamp } = data as { timestamp: string };
    this.#records += 1;
    if (timestamp === UNDATED) this.#undated += 1;
    else {
      if (this.#oldest === undefined || timestamp < this.#oldest) this.#oldest = timestamp;
      if (this.#newest === undefined || timestamp > this.#newest) this.#newest = timestamp;
    }
  }

  /** Counts a page, and reports if the last report is half a minute old or older. */
  addPage(): void {
    this.#pages += 1;
    const nowMs = this.#runtime.now();
    if (nowMs - this.#reportedAtMs < REPORT_EVERY_MS) return;
    this.#reportedAtMs = nowMs;
    this.#log('INFO', `${this.#counts()} so far, newest event ${this.#newest ?? 'none'}.`);
  }

  finished(): void {
    const { retries, waitedMs } = this.costs;
    this.#log(
      'INFO',
      `Done: ${this.#counts()}, ${this.#span()}, ${retries} ${retries === 1 ? 'retry' : 'retries'}, ` +
        `waited ${Math.round(waitedMs / 1000)} s.`,
    );
    if (this.#undated === 0) return;
    this.#log(
      'WARN',
      `${this.#undated} of these records came without a readable timestamp. They are the rows where it is ${UNDATED}.`,
    );
  }

  #counts(): string {
    return `${this.#records} ${this.#records === 1 ? 'record' : 'records'} in ${this.#pages} ${this.#pages === 1 ? 'page' : 'pages'}`;
  }

  #span(): string {
    if (this.#oldest === undefined || this.#newest === undefined) return 'no event with a timestamp';
    const lagSeconds = Math.round((this.#runtime.now() - Date.parse(this.#newest)) / 1000);
    return `oldest event ${this.#oldest}, newest ${this.#newest} (${lagSeconds} s behind now)`;
  }

  #log(level: LogLevel, message: string): void {
    this.#runtime.log(level, `${this.#stream}: ${message}`);
  }
}
