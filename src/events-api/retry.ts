/** Whether a failed request is worth another attempt, and after how long: pure, so that it is tested without waiting. */
import type { ApiError, ApiErrorKind } from './errors.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** How long a client waits and keeps trying. */
export interface Patience {
  /** For one whole answer, from sending the request to the last byte of the body. */
  answerMs: number;
  /** For everything that the client does in its life. */
  totalMs: number;
  /** For a request that keeps failing, counted from its first failure. */
  failingMs: number;
  /** For an API that answers 429, counted from the first 429 since the last success. */
  throttledMs: number;
}

/** `read`: the API's longest quota window is an hour, so a little more than that decides about throttling. */
export const PATIENT: Patience = {
  answerMs: MINUTE_MS,
  totalMs: Number.POSITIVE_INFINITY,
  failingMs: 10 * MINUTE_MS,
  throttledMs: 65 * MINUTE_MS,
};

/** `check`: somebody is watching the connection test. */
export const IMPATIENT: Patience = {
  answerMs: 15 * SECOND_MS,
  totalMs: 35 * SECOND_MS,
  failingMs: 10 * SECOND_MS,
  throttledMs: 0,
};

/** An answer that is no JSON may be a fault on the way; one that stays so is no passing fault. */
const UNREADABLE_RETRIES = 3;

/** These may pass. Everything else is final: repeating it would repeat the answer. */
const PASSING: readonly ApiErrorKind[] = ['server_error', 'dns', 'refused', 'cut', 'timeout', 'not_json'];

/** What has happened to a request so far. */
export interface RetryHistory {
  /** The attempts after the first. */
  retries: number;
  /** How many of its answers were not JSON before this one. */
  unreadable: number;
  /** Since the first failure of this request. */
  failingForMs: number;
  /** Since the first 429 after the client's last success. */
  throttledForMs: number;
}

/** The milliseconds to wait before the next attempt; undefined if there shall be none. `random` is from 0 to 1. */
export function retryDelayMs(
  error: ApiError,
  history: RetryHistory,
  patience: Patience,
  random: number,
): number | undefined {
  const { retryAfterMs } = error.detail;
  if (error.kind === 'rate_limited') {
    const delayMs = retryAfterMs ?? backoffMs(history.retries, MINUTE_MS, random);
    return history.throttledForMs + delayMs <= patience.throttledMs ? delayMs : undefined;
  }
  if (!PASSING.includes(error.kind)) return undefined;
  const delayMs = retryAfterMs ?? backoffMs(history.retries, MINUTE_MS / 2, random);
  // Not by the clock: an answer may have had to wait for pages of other streams before it was read.
  if (error.kind === 'not_json') return history.unreadable < UNREADABLE_RETRIES ? delayMs : undefined;
  // An API that says when it will be back is waited for as long as one that throttles.
  const mostMs = retryAfterMs === undefined ? patience.failingMs : Math.max(patience.failingMs, patience.throttledMs);
  return history.failingForMs + delayMs <= mostMs ? delayMs : undefined;
}

/** Half a second, doubled at each retry up to the longest; jittered downwards by up to a quarter. */
function backoffMs(retries: number, longestMs: number, random: number): number {
  return Math.min(longestMs, 0.5 * SECOND_MS * 2 ** retries) * (1 - random / 4);
}

/**
 * The delay that a `Retry-After` header asks for: seconds, or an HTTP date. Undefined if there is none to obey; a
 * delay of zero is none, since knocking again at once helps nobody.
 */
export function parseRetryAfterMs(header: unknown, nowMs: number): number | undefined {
  if (typeof header !== 'string') return undefined;
  const delayMs = /^\s*\d+(\.\d+)?\s*$/.test(header) ? Number(header) * SECOND_MS : Date.parse(header) - nowMs;
  return delayMs > 0 ? delayMs : undefined;
}
