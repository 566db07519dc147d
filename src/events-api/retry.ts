/** Whether a failed request is worth another attempt, and after how long: pure, so that it is tested without waiting. */
import type { ApiError, ApiErrorKind } from './errors.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** The two clocks of a request: what it spends on our own backoff, and on what the API asks to wait. */
type Clock = 'backoff' | 'retryAfter';

/** How often in a row a kind of failure is retried, and the clock that its waits run on. */
interface RetryLimit {
  retries: number;
  clock: Clock;
}

/** The kinds that are retried. The rest is final: the API would only say it again. */
export type RetryLimits = Partial<Record<ApiErrorKind, RetryLimit>>;

const WHILE_TIME_LASTS: RetryLimit = { retries: Number.POSITIVE_INFINITY, clock: 'backoff' };

const RETRY_LIMITS: RetryLimits = {
  server_error: WHILE_TIME_LASTS,
  dns: WHILE_TIME_LASTS,
  refused: WHILE_TIME_LASTS,
  connection_lost: WHILE_TIME_LASTS,
  timeout: WHILE_TIME_LASTS,
  tls_interrupted: WHILE_TIME_LASTS,
  proxy_unavailable: WHILE_TIME_LASTS,
  rate_limited: { retries: Number.POSITIVE_INFINITY, clock: 'retryAfter' },
  // May be a transient fault, but hardly one that lasts.
  not_json: { retries: 3, clock: 'backoff' },
};

const ONCE: RetryLimit = { retries: 1, clock: 'backoff' };

/** A page that is refused may be a transient fault too, so it is asked for once more before the stream is given up. */
export const PAGE_LIMITS: RetryLimits = { unauthorized: ONCE, forbidden: ONCE, firewall: ONCE };

/** So may a refused cursor, which would cost the stream its place. */
export const SAVED_CURSOR_LIMITS: RetryLimits = { ...PAGE_LIMITS, bad_request: ONCE };

/** How long a client waits and keeps trying. */
export interface RetryPolicy {
  /** For one whole response, from sending the request to the last byte of the body. */
  responseTimeoutMs: number;
  /** For all requests of the client together. */
  totalTimeoutMs: number;
  /** For one request, by each of its clocks. */
  budgetMs: Record<Clock, number>;
  limits: RetryLimits;
}

/** For reading: the API's longest window is an hour, so a rate limit is waited out for a little longer than that. */
export const READ_POLICY: RetryPolicy = {
  responseTimeoutMs: MINUTE_MS,
  totalTimeoutMs: Number.POSITIVE_INFINITY,
  budgetMs: { backoff: 10 * MINUTE_MS, retryAfter: 65 * MINUTE_MS },
  limits: RETRY_LIMITS,
};

/** For a connection test, whose result somebody is waiting for: it never waits for the rate limit. */
export const CHECK_POLICY: RetryPolicy = {
  responseTimeoutMs: 15 * SECOND_MS,
  totalTimeoutMs: 35 * SECOND_MS,
  budgetMs: { backoff: 10 * SECOND_MS, retryAfter: 10 * SECOND_MS },
  limits: { ...RETRY_LIMITS, rate_limited: { retries: 0, clock: 'retryAfter' } },
};

/** What has happened to a request so far. */
export interface RetryHistory {
  /** The attempts after the first. */
  retries: number;
  /** What the attempt before this one failed with, and how many before this one did so in a row. */
  lastKind?: ApiErrorKind;
  inARow: number;
  /** Since its first failure, without the waits that the API or the budget asked for. */
  backoffSpentMs: number;
  /** What the API has asked it to wait; for a 429, the time since the first one after the client's last success. */
  retryAfterSpentMs: number;
}

/** The milliseconds to wait before the next attempt; undefined to give up. `random` is from 0 to 1. */
export function retryDelayMs(
  { kind, detail: { retryAfterMs } }: ApiError,
  history: RetryHistory,
  { limits, budgetMs }: RetryPolicy,
  random: number,
): number | undefined {
  const limit = limits[kind];
  const inARow = history.lastKind === kind ? history.inARow : 0;
  if (limit === undefined || inARow >= limit.retries) return undefined;

  const delayMs = retryAfterMs ?? backoffMs(kind, history.retries, random);
  const clock = retryAfterMs === undefined ? limit.clock : 'retryAfter';
  const spentMs = clock === 'backoff' ? history.backoffSpentMs : history.retryAfterSpentMs;
  return spentMs + delayMs <= budgetMs[clock] ? delayMs : undefined;
}

/** Half a second, doubled at each retry up to half a minute (a minute for a 429); jittered downwards by up to a quarter. */
function backoffMs(kind: ApiErrorKind, retries: number, random: number): number {
  const longestMs = kind === 'rate_limited' ? MINUTE_MS : MINUTE_MS / 2;
  return Math.min(longestMs, 0.5 * SECOND_MS * 2 ** retries) * (1 - random / 4);
}
