/** Time as the client spends it. Injected, so that a test can let an hour pass in no time. */
export interface Clock {
  /** Epoch milliseconds; never runs backwards. */
  now(): number;
  /** Rejects with the signal's reason when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** From 0 up to, not including, 1: the jitter of a backoff. */
  random(): number;
}
