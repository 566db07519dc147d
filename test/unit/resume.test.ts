import { expect, test } from '@jest/globals';
import { parseStreamState, planResume, planStartOver } from '../../src/resume.ts';

const NOW = Date.parse('2026-10-03T12:00:00Z');
const DAY_MS = 86_400_000;
const EARLIEST = NOW - 120 * DAY_MS;
const EARLIEST_TEXT = '2026-06-05T12:00:00Z';
const CONFIG = { startDateMs: undefined, apiVersion: 'v1' as const };
const SAVED = { cursor: 'c', readAtMs: NOW - DAY_MS, apiVersion: 'v1', accountUuid: 'A' };

const repeats = (reason: string, from: string) =>
  `${reason}. The stream starts over at ${from}: events that were already delivered come again, with the same uuid.`;

test('a whole state is read field by field', () => {
  const state = { cursor: 'c', read_at: '2026-10-02T12:00:00Z', api_version: 'v1', account_uuid: 'A', extra: 1 };

  expect(parseStreamState('audit_events', state)).toEqual(SAVED);
});

test.each([[undefined], [null], [{}], [{ cursor: null, read_at: null, api_version: null, account_uuid: null }]])(
  '%j is no state',
  (state) => {
    expect(parseStreamState('audit_events', state)).toEqual({});
  },
);

test('an empty string tells as little as null', () => {
  const state = { cursor: '', read_at: '', api_version: '', account_uuid: '' };

  expect(parseStreamState('audit_events', state)).toEqual({});
});

test.each<[unknown, string]>([
  ['c', 'is no object'],
  [[], 'is no object'],
  [7, 'is no object'],
  [{ cursor: 7 }, 'holds a value for cursor that is no string'],
  [{ cursor: {} }, 'holds a value for cursor that is no string'],
  [{ cursor: 'c', read_at: 7 }, 'holds a value for read_at that is no string'],
  [{ cursor: 'c', read_at: 'yesterday' }, 'has a read_at that is no date-time'],
  [{ cursor: 'c', api_version: 2 }, 'holds a value for api_version that is no string'],
  [{ cursor: 'c', account_uuid: [] }, 'holds a value for account_uuid that is no string'],
])('the state %j cannot be resumed from, and that is said of its stream', (state, why) => {
  expect(() => parseStreamState('item_usages', state)).toThrow(
    expect.objectContaining({
      failureType: 'config_error',
      message:
        `item_usages: the saved state ${why}, so it cannot be resumed from. Restore the connection's last state, or ` +
        'clear the state of this stream to start over.',
    }),
  );
});

test('without a cursor the stream starts at the start date', () => {
  const startDateMs = Date.parse('2026-09-01T00:00:00Z');

  expect(planResume({ readAtMs: NOW - DAY_MS }, { ...CONFIG, startDateMs }, 'A', NOW)).toEqual({
    start: { startTimeMs: startDateMs },
    description: 'Starting at 2026-09-01T00:00:00Z.',
    warnings: [],
  });
});

test('without a start date it starts as far back as the API reaches, without a word', () => {
  expect(planResume({}, CONFIG, undefined, NOW)).toEqual({
    start: { startTimeMs: EARLIEST },
    description: `Starting at ${EARLIEST_TEXT}.`,
    warnings: [],
  });
});

test('a start date beyond that is clamped, with a warning when a stream really starts there', () => {
  const config = { ...CONFIG, startDateMs: Date.parse('2026-01-01T00:00:00Z') };

  expect(planResume({}, config, undefined, NOW)).toEqual({
    start: { startTimeMs: EARLIEST },
    description: `Starting at ${EARLIEST_TEXT}.`,
    warnings: [
      'The start date 2026-01-01T00:00:00Z lies beyond the 120 days that 1Password keeps. The stream starts at ' +
        `${EARLIEST_TEXT}.`,
    ],
  });
  expect(planResume(SAVED, config, 'A', NOW).warnings).toEqual([]);
});

test('a saved cursor is resumed from', () => {
  expect(planResume(SAVED, CONFIG, 'A', NOW)).toEqual({
    start: { cursor: 'c' },
    description: 'Resuming from the saved cursor of 2026-10-02T12:00:00Z.',
    warnings: [],
  });
});

test('a cursor without any company is resumed from, too', () => {
  expect(planResume({ cursor: 'c' }, CONFIG, 'A', NOW)).toEqual({
    start: { cursor: 'c' },
    description: 'Resuming from the saved cursor.',
    warnings: [],
  });
});

test('the account is compared with introspection only', () => {
  expect(planResume(SAVED, CONFIG, undefined, NOW).start).toEqual({ cursor: 'c' });
});

test.each<[string, object, string | undefined, string]>([
  [
    'another version of the API',
    { apiVersion: 'v2' },
    'A',
    'The saved cursor belongs to another version of the API than the configured v1',
  ],
  ['another account', {}, 'B', 'The saved cursor belongs to another 1Password account than the token'],
])('a cursor of %s starts over at the start date, in one warning', (_what, difference, account, reason) => {
  expect(planResume({ ...SAVED, ...difference }, CONFIG, account, NOW)).toEqual({
    start: { startTimeMs: EARLIEST },
    description: `Starting over at ${EARLIEST_TEXT}.`,
    warnings: [repeats(reason, EARLIEST_TEXT)],
  });
});

test('starting over reaches back to the start date, however long the stream has been read', () => {
  const startDateMs = Date.parse('2026-08-01T00:00:00Z');

  expect(planStartOver('Refused', { startDateMs }, NOW)).toEqual({
    start: { startTimeMs: startDateMs },
    description: 'Starting over at 2026-08-01T00:00:00Z.',
    warnings: [repeats('Refused', '2026-08-01T00:00:00Z')],
  });
});

test('starting over never asks for more than the API keeps', () => {
  expect(planStartOver('Refused', { startDateMs: 0 }, NOW).start).toEqual({ startTimeMs: EARLIEST });
});

test('a last sync of more than 120 days ago is a gap, and its span is named', () => {
  const saved = { ...SAVED, readAtMs: EARLIEST - DAY_MS };

  expect(planResume(saved, CONFIG, 'A', NOW).warnings).toEqual([
    'The last sync was at 2026-06-04T12:00:00Z, and 1Password keeps 120 days: events between 2026-06-04T12:00:00Z and ' +
      `${EARLIEST_TEXT} can no longer be had.`,
  ]);
  expect(planResume({ ...SAVED, readAtMs: EARLIEST }, CONFIG, 'A', NOW).warnings).toEqual([]);
});

test('so it is where the API had given no cursor yet', () => {
  const { cursor: _none, ...saved } = { ...SAVED, readAtMs: EARLIEST - DAY_MS };

  expect(planResume(saved, CONFIG, 'A', NOW).warnings).toEqual([expect.stringContaining('can no longer be had')]);
});
