import { expect, test } from '@jest/globals';
import { catalogOf, STREAMS } from '../support/catalog.ts';
import { read, TestClock } from '../support/connector.ts';
import { eventsNamed } from '../support/items.ts';
import { DAY_MS, HOUR_MS, NOW } from '../support/time.ts';
import { useSimulator } from '../support/use-simulator.ts';

const { api, clock, config, generate } = useSimulator();

test.each(['stays', 'moves'] as const)(
  'the second sync brings exactly the late and the new events, if the tail %s',
  async (tail) => {
    Object.assign(api.options, { tail, trailingEmptyPage: true });
    generate({ auditevents: 2500, itemusages: 3100 });
    const first = await read({ config, clock });
    const late = api.add('itemusages', ...eventsNamed('late', 40, NOW - 90 * DAY_MS));
    const newer = api.add('itemusages', ...eventsNamed('new', 1200, NOW));
    const failed = api.add('signinattempts', ...eventsNamed('s', 3, NOW));
    clock.nowMs += 6 * HOUR_MS;

    const second = await read({ config, clock, state: first.lastState() });

    expect(second.exitCode).toBe(0);
    expect(second.uuids('audit_events')).toEqual([]);
    expect(second.uuids('item_usages')).toEqual([...late, ...newer].map(({ uuid }) => uuid));
    expect(second.uuids('sign_in_attempts')).toEqual(failed.map(({ uuid }) => uuid));
    expect(second.logs('WARN')).toEqual([]);
  },
);

test('a sync without anything new delivers nothing, and says again where it stands', async () => {
  api.add('auditevents', ...eventsNamed('a', 5));
  const first = await read({ config, clock });
  clock.nowMs += DAY_MS;

  const second = await read({ config, clock, state: first.lastState() });

  expect(second.messages.filter(({ type }) => type === 'RECORD')).toEqual([]);
  expect(second.states('audit_events')).toEqual([
    {
      stream: 'audit_events',
      state: { ...first.states('audit_events')[0]?.state, read_at: '2026-10-04T12:00:00Z' },
      recordCount: 0,
    },
  ]);
});

test('a run that was stopped after any of its states is carried on without a gap and without a repeat', async () => {
  api.add('auditevents', ...eventsNamed('a', 3300));
  const whole = await read({ config, clock, streams: ['audit_events'] });
  const all = whole.uuids('audit_events');
  const states = whole.messages.flatMap(({ state }) => state ?? []);
  expect(states).toHaveLength(4);

  const rests = [];
  for (const state of states) {
    const rest = await read({ config, clock, streams: ['audit_events'], state: [state] });
    rests.push(rest.uuids('audit_events'));
  }

  expect(rests).toEqual([all.slice(1000), all.slice(2000), all.slice(3000), []]);
});

test('a resumed stream sends its cursor and no start date, and says where it resumes from', async () => {
  const first = await read({ config, clock, streams: ['audit_events'] });
  api.requests.length = 0;

  const withDate = { ...config, start_date: '2020-01-01' };
  const second = await read({ config: withDate, clock, streams: ['audit_events'], state: first.lastState() });

  const pages = api.requests.filter(({ feature }) => feature === 'auditevents');
  expect(pages.map(({ body }) => body)).toEqual([{ cursor: first.states()[0]?.state['cursor'] }]);
  expect(second.logs('INFO')).toContain('audit_events: Resuming from the saved cursor of 2026-10-03T12:00:00Z.');
  expect(second.logs('WARN')).toEqual([]);
});

test('each stream resumes from its own state, and one without a state starts at the start date', async () => {
  api.add('auditevents', ...eventsNamed('a', 2));
  api.add('itemusages', ...eventsNamed('i', 2));
  const first = await read({ config, clock, streams: ['audit_events'] });

  const second = await read({ config, clock, state: first.lastState() });

  expect([second.uuids('audit_events'), second.uuids('item_usages')]).toEqual([[], ['i1', 'i2']]);
});

test('a start date beyond the reach of the API is sent as it is, with one warning a stream', async () => {
  const output = await read({ config: { ...config, start_date: '2026-01-01' }, clock });

  expect(api.requests.flatMap(({ feature, body }) => (feature === undefined ? [] : [body]))).toEqual(
    Array(3).fill({ limit: 1000, start_time: '2026-01-01T00:00:00Z' }),
  );
  expect(output.logs('WARN').toSorted()).toEqual(
    STREAMS.map((stream) =>
      expect.stringMatching(`^${stream}: The start date 2026-01-01T00:00:00Z is more than 120 days`),
    ),
  );
});

test('a clock that is far ahead costs no event on a first sync', async () => {
  api.add('auditevents', ...eventsNamed('old', 3, NOW - 110 * DAY_MS), ...eventsNamed('new', 3, NOW));
  const ahead = new TestClock(NOW + 30 * DAY_MS);

  const output = await read({ config, clock: ahead, streams: ['audit_events'] });

  expect(output.uuids('audit_events')).toEqual(['old1', 'old2', 'old3', 'new1', 'new2', 'new3']);
  expect(output.logs('WARN')).toEqual([]);
});

test('a full refresh reads everything with the same states, and one warning names the streams that overwriting shortens', async () => {
  api.add('auditevents', ...eventsNamed('a', 1500));
  const incremental = await read({ config, clock });
  const { streams } = catalogOf(STREAMS, 'full_refresh') as { streams: object[] };
  const { streams: others } = catalogOf(['sign_in_attempts']) as { streams: object[] };

  const output = await read({ config, clock, catalog: { streams: [...streams.slice(0, 2), ...others] } });

  expect(output.exitCode).toBe(0);
  expect(output.records('audit_events')).toEqual(incremental.records('audit_events'));
  expect(output.states('audit_events')).toEqual(
    incremental
      .states('audit_events')
      .map((saved) => ({ ...saved, state: { ...saved.state, cursor: expect.any(String) } })),
  );
  expect(output.logs('WARN')).toEqual([
    'Full refresh of audit_events, item_usages: a destination that overwrites keeps only the last 120 days, and 1Password ' +
      'cannot serve the rest again. Use Incremental | Append + Deduped.',
  ]);
});

test('a full refresh that was cut off resumes from its own state, and says so', async () => {
  api.add('auditevents', ...eventsNamed('a', 2500));
  const catalog = catalogOf(['audit_events'], 'full_refresh');
  const first = await read({ config, clock, catalog });
  const state = first.messages.flatMap((message) => message.state ?? []).slice(0, 1);

  const second = await read({ config, clock, catalog, state });

  expect(second.uuids('audit_events')).toEqual(first.uuids('audit_events').slice(1000));
  expect(second.logs('WARN').at(-1)).toMatch(
    /^audit_events: The full refresh resumes from the saved cursor of 2026-10-03T12:00:00Z and reads only what/,
  );
});
