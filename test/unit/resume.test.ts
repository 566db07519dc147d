import { expect, test } from '@jest/globals';
import { planResume, planStartOver } from '../../src/resume.ts';
import { DAY_MS, NOW } from '../support/time.ts';

const EARLIEST = NOW - 120 * DAY_MS;
const START_DATE = Date.parse('2026-09-01T00:00:00Z');
const CONTEXT = { syncMode: 'incremental', startDateMs: START_DATE, apiVersion: 'v1', accountUuid: 'A' } as const;
const SAVED = { cursor: 'c', read_at: '2026-10-02T12:00:00Z', api_version: 'v1', account_uuid: 'A' };

const repeats = (reason: string, from: string) =>
  `${reason}. The stream starts over at ${from}: events that were already delivered come again, with the same uuid.`;

test('without a cursor the stream starts at the start date', () => {
  expect(planResume({ read_at: SAVED.read_at }, CONTEXT, NOW)).toEqual({
    start: { startTimeMs: START_DATE },
    description: 'Starting at 2026-09-01T00:00:00Z.',
    warnings: [],
  });
});

test('without a start date it starts before all that the API keeps, whatever our clock says, and without a warning', () => {
  const plan = {
    start: { startTimeMs: Date.parse('2020-01-01T00:00:00Z') },
    description: 'Starting at the oldest event that 1Password keeps.',
    warnings: [],
  };
  const context = { ...CONTEXT, startDateMs: undefined };

  expect([NOW, 0, NOW * 2].map((nowMs) => planResume({}, context, nowMs))).toEqual([plan, plan, plan]);
});

test('a start date beyond 120 days is kept as it is, with a warning when a stream really starts there', () => {
  const context = { ...CONTEXT, startDateMs: Date.parse('2026-01-01T00:00:00Z') };

  expect(planResume({}, context, NOW)).toEqual({
    start: { startTimeMs: context.startDateMs },
    description: 'Starting at 2026-01-01T00:00:00Z.',
    warnings: [
      'The start date 2026-01-01T00:00:00Z is more than 120 days ago, and 1Password keeps events for 120 days: the ' +
        'stream starts at the oldest event that is left.',
    ],
  });
  expect(planResume(SAVED, context, NOW).warnings).toEqual([]);
});

test.each<[string, object, string]>([
  ['with all that belongs to it', SAVED, 'the saved cursor of 2026-10-02T12:00:00Z'],
  ['alone', { cursor: 'c' }, 'the saved cursor'],
])('a saved cursor %s is resumed from, and a full refresh warns of that', (_what, saved, from) => {
  const plan = { start: { cursor: 'c' }, description: `Resuming from ${from}.` };

  expect(planResume(saved, CONTEXT, NOW)).toEqual({ ...plan, warnings: [] });
  expect(planResume(saved, { ...CONTEXT, syncMode: 'full_refresh' }, NOW)).toEqual({
    ...plan,
    warnings: [
      `The full refresh resumes from ${from} and reads only what has arrived since. A destination that overwrites ` +
        'would then lose everything before that. Clear the state of this stream to read it from the start.',
    ],
  });
});

test('the account is compared with introspection only', () => {
  expect(planResume(SAVED, { ...CONTEXT, accountUuid: undefined }, NOW).start).toEqual({ cursor: 'c' });
});

test.each<[string, object, string]>([
  [
    'another version of the API',
    { api_version: 'v2' },
    'The saved cursor belongs to another version of the API than the configured v1',
  ],
  ['another account', { account_uuid: 'B' }, 'The saved cursor belongs to another 1Password account than the token'],
])('a cursor of %s starts over at the start date, in one warning', (_what, difference, reason) => {
  expect(planResume({ ...SAVED, ...difference }, CONTEXT, NOW)).toEqual({
    start: { startTimeMs: START_DATE },
    description: 'Starting over at 2026-09-01T00:00:00Z.',
    warnings: [repeats(reason, '2026-09-01T00:00:00Z')],
  });
});

test('starting over reaches back to the start date, or to the oldest event, however long the stream has been read', () => {
  expect(planStartOver('Refused', 0).start).toEqual({ startTimeMs: 0 });
  expect(planStartOver('Refused', undefined)).toEqual({
    start: { startTimeMs: Date.parse('2020-01-01T00:00:00Z') },
    description: 'Starting over at the oldest event that 1Password keeps.',
    warnings: [repeats('Refused', 'the oldest event that 1Password keeps')],
  });
});

test.each([SAVED, { read_at: '' }])(
  'a last sync of more than 120 days ago is a gap, and its span is named (%j)',
  (state) => {
    const savedAt = (atMs: number) => ({ ...state, read_at: new Date(atMs).toISOString() });

    expect(planResume(savedAt(EARLIEST - DAY_MS), CONTEXT, NOW).warnings).toEqual([
      'The last sync was at 2026-06-04T12:00:00Z, and 1Password keeps events for 120 days: those between ' +
        '2026-06-04T12:00:00Z and 2026-06-05T12:00:00Z are lost.',
    ]);
    expect(planResume(savedAt(EARLIEST), CONTEXT, NOW).warnings).toEqual([]);
  },
);
