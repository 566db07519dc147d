import type { Settings } from './options.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Counts requests over a sliding minute and a sliding hour. Refused requests do not count. */
export class RequestBudget {
  #atMs: number[] = [];

  /** Counts the request and answers undefined, or answers how long it would have to wait. */
  spend(nowMs: number, { perMinute, perHour }: Settings['budget']): number | undefined {
    // Trimmed now and then only: shifting a long array for each request would be slow.
    if (this.#atMs.length > 100_000) this.#atMs = this.#atMs.filter((atMs) => atMs > nowMs - HOUR_MS);

    const waitMs = Math.max(this.#waitMs(nowMs, MINUTE_MS, perMinute), this.#waitMs(nowMs, HOUR_MS, perHour));
    if (waitMs > 0) return waitMs;
    this.#atMs.push(nowMs);
    return undefined;
  }

  #waitMs(nowMs: number, windowMs: number, allowed: number): number {
    // The window has room as soon as the request that is `allowed` back from the end has left it.
    const blocking = this.#atMs.at(-allowed);
    if (allowed <= 0) return windowMs;
    if (blocking === undefined || this.#atMs.length < allowed) return 0;
    return Math.max(0, blocking + windowMs - nowMs);
  }
}
