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
  /** For a request that keeps failing, from its first failure; waits that the API or the budget asks for do not count. */
  failingTimeoutMs: number;
  /** For the rate limit, from the first 429 since the last success; also for what the 503s of a request ask to wait. */
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

/** A body that is not JSON may be a transient fault, but hardly one that lasts. */
const UNREADABLE_RETRIES = 3;

/** The rest is final: the API would only say it again. */
const RETRYABLE: readonly ApiErrorKind[] = [
  'server_error',
  'dns',
  'refused',
  'connection_lost',
  'timeout',
  'tls_interrupted',
  'proxy_unavailable',
];

/** What has happened to a request so far. */
export interface RetryHistory {
  /** The attempts after the first. */
  retries: number;
  /** What the attempt before this one failed with. */
  previous?: ApiErrorKind;
  /** How many of its responses were not JSON before this one. */
  unreadable: number;
  /** Since its first failure, without the waits that the API or the budget asked for. */
  failingForMs: number;
  /** What its 503s have asked to wait so far. */
  heldUpForMs: number;
  /** Since the first 429 after the client's last success. */
  rateLimitedForMs: number;
}

/**
 * The milliseconds to wait before the next attempt; undefined to give up. A failure of a kind in `onceMore` is final
 * if it comes twice in a row. `random` is from 0 to 1.
 */
export function retryDelayMs(
  { kind, detail: { retryAfterMs } }: ApiError,
  history: RetryHistory,
  policy: RetryPolicy,
  onceMore: readonly ApiErrorKind[],
  random: number,
): number | undefined {
  const longestMs = kind === 'rate_limited' ? MINUTE_MS : MINUTE_MS / 2;
  const delayMs = retryAfterMs ?? backoffMs(history.retries, longestMs, random);
  const within = (spentMs: number, timeoutMs: number) => (spentMs + delayMs <= timeoutMs ? delayMs : undefined);

  const { previous, unreadable, failingForMs, heldUpForMs, rateLimitedForMs } = history;
  const { failingTimeoutMs, rateLimitTimeoutMs } = policy;
  if (onceMore.includes(kind)) return previous === kind ? undefined : within(failingForMs, failingTimeoutMs);
  if (kind === 'rate_limited') return within(rateLimitedForMs, rateLimitTimeoutMs);
  if (kind === 'not_json') return unreadable < UNREADABLE_RETRIES ? delayMs : undefined;
  if (!RETRYABLE.includes(kind)) return undefined;
  if (retryAfterMs === undefined) return within(failingForMs, failingTimeoutMs);
  return within(heldUpForMs, Math.max(failingTimeoutMs, rateLimitTimeoutMs));
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
