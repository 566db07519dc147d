import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ApiError, type ApiErrorKind } from '../../src/events-api/errors.ts';
import {
  CHECK_POLICY,
  PAGE_LIMITS,
  READ_POLICY,
  type RetryHistory,
  retryDelayMs,
  SAVED_CURSOR_LIMITS,
} from '../../src/events-api/retry.ts';
import { parseRetryAfterMs } from '../../src/events-api/retry-after.ts';
import { MINUTE_MS, NOW } from '../support/time.ts';

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

const pagePolicy = { ...READ_POLICY, limits: { ...READ_POLICY.limits, ...PAGE_LIMITS } };

function delayAfter(
  error: ApiError,
  history: Partial<RetryHistory> = {},
  policy = READ_POLICY,
  random = 0,
): number | undefined {
  return retryDelayMs(
    error,
    { retries: 0, inARow: 0, backoffSpentMs: 0, retryAfterSpentMs: 0, ...history },
    policy,
    random,
  );
}

test.each(['unauthorized', 'forbidden', 'firewall'] as const)(
  'a page that is refused (%s) is asked for once more, and that is final when it comes twice in a row',
  (kind) => {
    const error = new ApiError(kind);

    expect(delayAfter(error)).toBeUndefined();
    expect(delayAfter(error, {}, pagePolicy)).toBe(500);
    expect(delayAfter(error, { retries: 1, lastKind: kind, inARow: 1 }, pagePolicy)).toBeUndefined();
    expect(delayAfter(error, { retries: 2, lastKind: 'server_error', inARow: 1 }, pagePolicy)).toBe(2000);
    expect(delayAfter(error, { retries: 30, backoffSpentMs: 10 * MINUTE_MS }, pagePolicy)).toBeUndefined();
  },
);

test('only a saved cursor is sent once more when it is refused', () => {
  expect(Object.keys(SAVED_CURSOR_LIMITS)).toEqual([...Object.keys(PAGE_LIMITS), 'bad_request']);
  expect(SAVED_CURSOR_LIMITS.bad_request).toEqual(PAGE_LIMITS.forbidden);
});

test.each(retryable)('%s is retried after half a second, doubled up to half a minute, for ten minutes', (kind) => {
  const error = new ApiError(kind);

  const delays = [0, 1, 2, 3, 4, 5, 6, 7, 30].map((retries) => delayAfter(error, { retries }));

  expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  expect(delayAfter(error, { retries: 20, backoffSpentMs: 9.5 * MINUTE_MS })).toBe(30_000);
  expect(delayAfter(error, { retries: 20, backoffSpentMs: 9.5 * MINUTE_MS + 1 })).toBeUndefined();
});

test.each(final)('%s is never retried', (kind) => {
  expect(delayAfter(new ApiError(kind))).toBeUndefined();
});

test('an unreadable body is retried three times in a row', () => {
  const error = new ApiError('not_json');
  const delays = [0, 1, 2, 3].map((retries) => delayAfter(error, { retries, lastKind: 'not_json', inARow: retries }));

  expect(delays).toEqual([500, 1000, 2000, undefined]);
  expect(delayAfter(error, { retries: 4, lastKind: 'server_error', inARow: 4 })).toBe(8000);
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

  expect(delayAfter(error, { retries: 70, retryAfterSpentMs: 64 * MINUTE_MS, backoffSpentMs: 99 * MINUTE_MS })).toBe(
    MINUTE_MS,
  );
  expect(delayAfter(error, { retries: 70, retryAfterSpentMs: 64 * MINUTE_MS + 1 })).toBeUndefined();
});

test.each(['rate_limited', 'server_error'] as const)('Retry-After of %s is obeyed up to 65 minutes', (kind) => {
  const delays = [7000, 65 * MINUTE_MS, 65 * MINUTE_MS + 1].map((retryAfterMs) =>
    delayAfter(new ApiError(kind, { retryAfterMs }), {}, READ_POLICY, 0.9),
  );

  expect(delays).toEqual([7000, 65 * MINUTE_MS, undefined]);
});

test('the connection test never waits out a 429, and other failures for ten seconds', () => {
  expect(delayAfter(new ApiError('rate_limited'), {}, CHECK_POLICY)).toBeUndefined();
  expect(delayAfter(new ApiError('rate_limited', { retryAfterMs: 1 }), {}, CHECK_POLICY)).toBeUndefined();
  expect(delayAfter(new ApiError('connection_lost'), { backoffSpentMs: 9500 }, CHECK_POLICY)).toBe(500);
  expect(delayAfter(new ApiError('connection_lost'), { backoffSpentMs: 9501 }, CHECK_POLICY)).toBeUndefined();
});

test('jitter shortens a backoff by up to a quarter and never lengthens it', () => {
  fc.assert(
    fc.property(
      fc.constantFrom<ApiErrorKind>(...retryable, 'rate_limited'),
      fc.nat(100),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (kind, retries, random) => {
        const longest = delayAfter(new ApiError(kind), { retries }) ?? Number.NaN;
        const jittered = delayAfter(new ApiError(kind), { retries }, READ_POLICY, random);

        expect(jittered).toBeCloseTo(longest * (1 - random / 4));
      },
    ),
  );
});

test.each([
  ['7', 7000],
  ['007', 7000],
  ['3600', 3_600_000],
  ['Sat, 03 Oct 2026 12:00:30 GMT', 30_000],
  ['Saturday, 03-Oct-26 12:00:30 GMT', 30_000],
  ['Sat Oct  3 12:00:30 2026', 30_000],
  ['Thu Oct 15 12:00:00 2026', 12 * 24 * 60 * MINUTE_MS],
  ['Thursday, 01-Oct-76 12:00:00 GMT', Date.UTC(2076, 9, 1, 12) - NOW],
])('Retry-After: %s is obeyed', (header, delayMs) => {
  expect(parseRetryAfterMs(header, NOW)).toBe(delayMs);
});

test.each([
  ...[undefined, null, 7, ['7'], '', ' ', '0', '-1', '+7', '1.5', '7,', '7, 8', '0x10', '1e3', '٧', 'soon', 'NaN'],
  ...['45 (seconds)', '45 s', '45; jitter=5', 'in 45 seconds', '1 Jan 2045'],
  ...['2026-10-03T12:01:00Z', '2026-10-03', 'Oct 3 2026 12:01 GMT', '03 Oct 2026 12:00:30 GMT'],
  ...['Sat, 03 Oct 2026 12:00:30 UTC', 'Sat, 03 Oct 2026 12:00:30 +0000', 'Sat, 03 Oct 2026 12:00:30'],
  ...['Sat, 3 Oct 2026 12:00:30 GMT', 'sat, 03 oct 2026 12:00:30 gmt', 'Sat, 03 Oct 26 12:00:30 GMT'],
  ...['Wed, 31 Nov 2026 12:00:00 GMT', 'Sat, 03 Oct 2026 24:00:00 GMT', 'Sat, 03 Oct 2026 12:60:00 GMT'],
  ...['Sat, 03 Oct 2026 11:59:59 GMT', 'Friday, 01-Oct-99 12:00:00 GMT', 'Sat, 03 Oct 2026 12:00:30 GMT (in 30 s)'],
])('Retry-After: %j is none to obey', (header) => {
  expect(parseRetryAfterMs(header, NOW)).toBeUndefined();
});

test('a Retry-After is digits, or a date as HTTP writes it, and nothing else', () => {
  const dates = fc.date({ min: new Date(NOW + 1000), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.date().map(String),
        fc.date().map((date) => date.toLocaleString()),
      ),
      (text) => {
        expect(parseRetryAfterMs(`x${text}`, NOW)).toBeUndefined();
      },
    ),
  );
  fc.assert(
    fc.property(dates, (date) => {
      expect(parseRetryAfterMs(date.toUTCString(), NOW)).toBe(Math.floor(date.getTime() / 1000) * 1000 - NOW);
    }),
  );
});
