import { expect, test } from '@jest/globals';
import { catalogOf } from '../support/catalog.ts';
import { read } from '../support/connector.ts';
import { eventsNamed } from '../support/items.ts';
import { useSimulator } from '../support/use-simulator.ts';

const warningOf = (streams: string) =>
  `Full refresh of ${streams}: a destination that overwrites keeps only the last 120 days, and 1Password cannot ` +
  'serve the rest again. Use Incremental | Append + Deduped.';

const { api, clock, config } = useSimulator();

test('a full refresh reads everything, with the same states, and one warning of what overwriting loses', async () => {
  api.add('auditevents', ...eventsNamed('a', 1500));
  const incremental = await read({ config, clock, streams: ['audit_events'] });

  const output = await read({ config, clock, catalog: catalogOf(['audit_events'], 'full_refresh') });

  expect(output.exitCode).toBe(0);
  expect(output.records('audit_events')).toEqual(incremental.records('audit_events'));
  expect(output.states()).toEqual(
    incremental.states().map((state) => ({ ...state, state: { ...state.state, cursor: expect.any(String) } })),
  );
  expect(output.statuses('audit_events')).toEqual(['STARTED', 'RUNNING', 'COMPLETE']);
  expect(output.logs('WARN')).toEqual([warningOf('audit_events')]);
});

test.each([
  ['that was cut off resumes from its own state', 0, 1000],
  ['that is handed the final state of a finished one reads nothing', -1, 2500],
])('a full refresh %s, and says so', async (_what, stateIndex, alreadyRead) => {
  api.add('auditevents', ...eventsNamed('a', 2500));
  const catalog = catalogOf(['audit_events'], 'full_refresh');
  const first = await read({ config, clock, catalog });
  const state = first.messages.flatMap((message) => message.state ?? []).at(stateIndex);

  const second = await read({ config, clock, catalog, state: [state] });

  expect(second.uuids('audit_events')).toEqual(first.uuids('audit_events').slice(alreadyRead));
  expect(second.logs('WARN')).toEqual([
    warningOf('audit_events'),
    expect.stringMatching(
      /^audit_events: The full refresh resumes from the saved cursor of 2026-10-03T12:00:00Z and reads only what/,
    ),
  ]);
});

test('several streams in full refresh are named in one warning, those in incremental mode are not', async () => {
  const full = catalogOf(['audit_events', 'item_usages'], 'full_refresh') as { streams: object[] };
  const incremental = catalogOf(['sign_in_attempts']) as { streams: object[] };

  const output = await read({ config, clock, catalog: { streams: [...full.streams, ...incremental.streams] } });

  expect(output.logs('WARN')).toEqual([warningOf('audit_events, item_usages')]);
});
