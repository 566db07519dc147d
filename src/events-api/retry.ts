/** Whether a failed request is worth another attempt, and after how long: pure, so that it is tested without waiting. */
import type { ApiError, ApiErrorKind } from './errors.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** How long a client waits and keeps trying. */
export interface RetryPolicy {
  /** For one whole response, from sending the request to the last byte of the body. */
  responseTimeoutMs: number;
  /** For all requests of the client together. */
  totalTimeoutMs: number;
  /** For a request that keeps failing, from its first failure. */
  failingTimeoutMs: number;
  /** For the rate limit, from the first 429 since the last success; the longest `Retry-After` that is obeyed. */
  rateLimitTimeoutMs: number;
}

/** For reading: the API's longest window is an hour, so a rate limit is waited out for a little longer than that. */
export const READ_POLICY: RetryPolicy = {
  responseTimeoutMs: MINUTE_MS,
  totalTimeoutMs: Number.POSITIVE_INFINITY,
  failingTimeoutMs: 10 * MINUTE_MS,
  rateLimitTimeoutMs: 65 * MINUTE_MS,
};

/** For a connection test, whose result somebody is waiting for. */
export const CHECK_POLICY: RetryPolicy = {
  responseTimeoutMs: 15 * SECOND_MS,
  totalTimeoutMs: 35 * SECOND_MS,
  failingTimeoutMs: 10 * SECOND_MS,
  rateLimitTimeoutMs: 0,
};

/** A body that is not JSON may be a passing fault, but hardly one that lasts. */
const UNREADABLE_RETRIES = 3;

/** The rest is final: the API would only say it again. */
const RETRYABLE: readonly ApiErrorKind[] = ['server_error', 'dns', 'refused', 'connection_lost', 'timeout', 'not_json'];

/** What has happened to a request so far. */
export interface RetryHistory {
  /** The attempts after the first. */
  retries: number;
  /** How many of its responses were not JSON before this one. */
  unreadable: number;
  /** Since the first failure of this request. */
  failingForMs: number;
  /** Since the first 429 after the client's last success. */
  rateLimitedForMs: number;
}

/** The milliseconds to wait before the next attempt; undefined to give up. `random` is from 0 to 1. */
export function retryDelayMs(
  error: ApiError,
  history: RetryHistory,
  policy: RetryPolicy,
  random: number,
): number | undefined {
  const { retryAfterMs } = error.detail;
  if (error.kind === 'rate_limited') {
    const delayMs = retryAfterMs ?? backoffMs(history.retries, MINUTE_MS, random);
    return history.rateLimitedForMs + delayMs <= policy.rateLimitTimeoutMs ? delayMs : undefined;
  }
  if (!RETRYABLE.includes(error.kind)) return undefined;
  const delayMs = retryAfterMs ?? backoffMs(history.retries, MINUTE_MS / 2, random);
  if (error.kind === 'not_json') return history.unreadable < UNREADABLE_RETRIES ? delayMs : undefined;
  // An API that says when it will be back is waited for as long as a rate limit.
  const { failingTimeoutMs, rateLimitTimeoutMs } = policy;
  const timeoutMs = retryAfterMs === undefined ? failingTimeoutMs : Math.max(failingTimeoutMs, rateLimitTimeoutMs);
  return history.failingForMs + delayMs <= timeoutMs ? delayMs : undefined;
}

/** Half a second, doubled at each retry up to the longest; jittered downwards by up to a quarter. */
function backoffMs(retries: number, longestMs: number, random: number): number {
  return Math.min(longestMs, 0.5 * SECOND_MS * 2 ** retries) * (1 - random / 4);
}

/**
 * The delay that a `Retry-After` header asks for: seconds, or an HTTP date. Undefined if there is none to obey; a
 * delay of zero is none.
 */
export function parseRetryAfterMs(header: unknown, nowMs: number): number | undefined {
  if (typeof header !== 'string') return undefined;
  const delayMs = /^\s*\d+(\.\d+)?\s*$/.test(header) ? Number(header) * SECOND_MS : Date.parse(header) - nowMs;
  return delayMs > 0 ? delayMs : undefined;
}
