import type { Clock } from './clock.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Shorter waits are not announced. */
export const ANNOUNCED_FROM_MS = 5_000;

/** How many requests may be made in any minute and in any hour. */
export interface RequestBudget {
  perMinute: number;
  perHour: number;
}

/**
 * Hears of every wait of five seconds and more that the API or the budget asks for, once when it begins and once when
 * it is over. `stream` is the only one that waits; without it all do.
 */
export interface WaitObserver {
  onWait(untilMs: number, stream?: string): void;
  onResume(stream?: string): void;
}

/**
 * The request budget, over sliding windows: a burst up to the limit is free, the request after it waits.
 * A request counts from when it is sent until a minute (an hour) after its response, because only then is it certain
 * to have left the window in which the API counted it.
 */
export class RateLimiter {
  readonly #windows: readonly { limit: number; spanMs: number }[];
  readonly #clock: Clock;
  readonly #observer: WaitObserver;
  /** When the finished requests ended, oldest first. */
  readonly #endedAtMs: number[] = [];
  #inFlight = 0;
  #pausedUntilMs = 0;
  /** Resolves when the request that came last has been sent. */
  #lastSent: Promise<void> = Promise.resolve();
  #onEnd: () => void = () => {};

  constructor(budget: RequestBudget, clock: Clock, observer: WaitObserver) {
    this.#windows = [
      { limit: budget.perMinute, spanMs: MINUTE_MS },
      { limit: budget.perHour, spanMs: HOUR_MS },
    ];
    this.#clock = clock;
    this.#observer = observer;
  }

  /** Sends one request when the budget allows it; requests go in the order in which they came. */
  async schedule<T>(signal: AbortSignal, send: () => Promise<T>): Promise<T> {
    await this.#enqueue(signal);
    try {
      return await send();
    } finally {
      this.#inFlight -= 1;
      this.#endedAtMs.push(this.#clock.now());
      this.#onEnd();
    }
  }

  /** The API has asked everyone to wait: no request is sent before that time. */
  pauseUntil(ms: number): void {
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, ms);
  }

  #enqueue(signal: AbortSignal): Promise<void> {
    const sent = this.#lastSent.then(() => this.#waitForRoom(signal));
    this.#lastSent = sent.catch(() => {});
    return sent;
  }

  async #waitForRoom(signal: AbortSignal): Promise<void> {
    let isAnnounced = false;
    for (;;) {
      signal.throwIfAborted();
      const freeAtMs = this.#freeAtMs();
      if (freeAtMs === undefined) {
        await new Promise<void>((resolve) => {
          this.#onEnd = resolve;
        });
        continue;
      }
      const waitMs = freeAtMs - this.#clock.now();
      if (waitMs <= 0) break;
      if (waitMs >= ANNOUNCED_FROM_MS) {
        this.#observer.onWait(freeAtMs);
        isAnnounced = true;
      }
      await this.#clock.sleep(waitMs, signal);
    }
    this.#inFlight += 1;
    if (isAnnounced) this.#observer.onResume();
  }

  /** When the next request may go; undefined if that depends on requests that are under way. */
  #freeAtMs(): number | undefined {
    let freeAtMs = this.#pausedUntilMs;
    for (const { limit, spanMs } of this.#windows) {
      const room = limit - this.#inFlight;
      if (room <= 0) return undefined;
      const oldestThatCounts = this.#endedAtMs.at(-room);
      if (this.#endedAtMs.length >= room && oldestThatCounts !== undefined) {
        freeAtMs = Math.max(freeAtMs, oldestThatCounts + spanMs);
      }
    }
    return freeAtMs;
  }
}
