import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ApiError, type ApiErrorKind } from '../../src/events-api/errors.ts';
import {
  CHECK_POLICY,
  parseRetryAfterMs,
  READ_POLICY,
  type RetryHistory,
  retryDelayMs,
} from '../../src/events-api/retry.ts';

const MINUTE_MS = 60_000;
const NOW = Date.parse('2026-10-03T12:00:00Z');
const retryable: ApiErrorKind[] = [
  'server_error',
  'dns',
  'refused',
  'connection_lost',
  'timeout',
  'tls_interrupted',
  'proxy_unavailable',
];
const final: ApiErrorKind[] = [
  'bad_request',
  'cursor_refused',
  'firewall',
  'not_found',
  'redirected',
  'unexpected_status',
  'html',
  'wrong_shape',
  'stuck_cursor',
  'tls',
  'proxy',
];

function delayAfter(
  error: ApiError,
  history: Partial<RetryHistory> = {},
  random = 0,
  policy = READ_POLICY,
): number | undefined {
  const none = { retries: 0, unreadable: 0, failingForMs: 0, heldUpForMs: 0, rateLimitedForMs: 0 };
  return retryDelayMs(error, { ...none, ...history }, policy, ['forbidden', 'unauthorized'], random);
}

test('what may be retried once more is final when it comes twice in a row', () => {
  const error = new ApiError('forbidden');

  expect(delayAfter(error)).toBe(500);
  expect(delayAfter(error, { retries: 1, previous: 'forbidden' })).toBeUndefined();
  expect(delayAfter(error, { retries: 1, previous: 'unauthorized' })).toBe(1000);
  expect(delayAfter(error, { retries: 2, previous: 'server_error' })).toBe(2000);
  expect(delayAfter(error, { retries: 30, previous: 'server_error', failingForMs: 10 * MINUTE_MS })).toBeUndefined();
});

test.each(retryable)('%s is retried after half a second, doubled up to half a minute, for ten minutes', (kind) => {
  const error = new ApiError(kind);

  const delays = [0, 1, 2, 3, 4, 5, 6, 7, 30].map((retries) => delayAfter(error, { retries }));

  expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  expect(delayAfter(error, { retries: 20, failingForMs: 9.5 * MINUTE_MS })).toBe(30_000);
  expect(delayAfter(error, { retries: 20, failingForMs: 9.5 * MINUTE_MS + 1 })).toBeUndefined();
});

test.each(final)('%s is never retried', (kind) => {
  expect(delayAfter(new ApiError(kind))).toBeUndefined();
});

test('an unreadable body is retried three times, whatever else has failed before and however long that took', () => {
  const error = new ApiError('not_json');

  expect([0, 1, 2, 3].map((retries) => delayAfter(error, { retries, unreadable: retries }))).toEqual([
    500,
    1000,
    2000,
    undefined,
  ]);
  expect(delayAfter(error, { retries: 4, unreadable: 0, failingForMs: 60 * MINUTE_MS })).toBe(8000);
});

test('a 429 without Retry-After backs off to steps of a minute', () => {
  const error = new ApiError('rate_limited');

  expect([0, 3, 6, 7, 60].map((retries) => delayAfter(error, { retries }))).toEqual([
    500,
    4000,
    32_000,
    MINUTE_MS,
    MINUTE_MS,
  ]);
});

test('a 429 is given up after 65 minutes without a success, however long other failures may take', () => {
  const error = new ApiError('rate_limited');

  expect(delayAfter(error, { retries: 70, rateLimitedForMs: 64 * MINUTE_MS, failingForMs: 99 * MINUTE_MS })).toBe(
    MINUTE_MS,
  );
  expect(delayAfter(error, { retries: 70, rateLimitedForMs: 64 * MINUTE_MS + 1 })).toBeUndefined();
});

test.each(['rate_limited', 'server_error'] as const)('Retry-After of %s is obeyed up to 65 minutes', (kind) => {
  const delays = [7000, 65 * MINUTE_MS, 65 * MINUTE_MS + 1].map((retryAfterMs) =>
    delayAfter(new ApiError(kind, { retryAfterMs }), {}, 0.9),
  );

  expect(delays).toEqual([7000, 65 * MINUTE_MS, undefined]);
});

test('the connection test never waits out a 429, and other failures for ten seconds', () => {
  expect(delayAfter(new ApiError('rate_limited'), {}, 0, CHECK_POLICY)).toBeUndefined();
  expect(delayAfter(new ApiError('rate_limited', { retryAfterMs: 1 }), {}, 0, CHECK_POLICY)).toBeUndefined();
  expect(delayAfter(new ApiError('connection_lost'), { failingForMs: 9500 }, 0, CHECK_POLICY)).toBe(500);
  expect(delayAfter(new ApiError('connection_lost'), { failingForMs: 9501 }, 0, CHECK_POLICY)).toBeUndefined();
});

test('jitter shortens a backoff by up to a quarter and never lengthens it', () => {
  fc.assert(
    fc.property(
      fc.constantFrom<ApiErrorKind>(...retryable, 'rate_limited'),
      fc.nat(100),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (kind, retries, random) => {
        const longest = delayAfter(new ApiError(kind), { retries }) ?? Number.NaN;
        const jittered = delayAfter(new ApiError(kind), { retries }, random);

        expect(jittered).toBeCloseTo(longest * (1 - random / 4));
      },
    ),
  );
});

test.each([
  ['7', 7000],
  [' 7 ', 7000],
  ['1.5', 1500],
  ['3600', 3_600_000],
  ['Sat, 03 Oct 2026 12:00:30 GMT', 30_000],
  ['2026-10-03T12:01:00Z', 60_000],
])('Retry-After: %s is obeyed', (header, delayMs) => {
  expect(parseRetryAfterMs(header, NOW)).toBe(delayMs);
});

test.each([undefined, null, 7, ['7'], '', ' ', '0', '-1', 'soon', 'NaN', '1e3x', 'Sat, 03 Oct 2026 11:59:59 GMT'])(
  'Retry-After: %j is none to obey',
  (header) => {
    expect(parseRetryAfterMs(header, NOW)).toBeUndefined();
  },
);

test('no Retry-After ever asks for a wait that is not positive', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.integer().map(String), fc.date().map(String)), (header) => {
      expect(parseRetryAfterMs(header, NOW) ?? 1).toBeGreaterThan(0);
    }),
  );
});
