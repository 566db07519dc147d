import { beforeEach, expect, test } from '@jest/globals';
import { read } from '../support/connector.ts';
import { eventAt } from '../support/items.ts';
import type { ConnectorOutput } from '../support/output.ts';
import { DAY_MS, HOUR_MS, NOW } from '../support/time.ts';
import { useSimulator } from '../support/use-simulator.ts';

const STREAM = 'audit_events';
const OTHER_ACCOUNT = 'QWERTYUIOPASDFGHJKLZXCVBNM';

let first: ConnectorOutput;

/** A first sync has read two events; since then one has arrived late, dated far before them, and one in time. */
const { api, clock, config, generate } = useSimulator();

beforeEach(async () => {
  api.add('auditevents', eventAt('a', NOW - 3 * DAY_MS), eventAt('b', NOW - DAY_MS));
  first = await read({ config, clock, streams: [STREAM] });
  api.add('auditevents', eventAt('late', NOW - 90 * DAY_MS), eventAt('c', NOW + HOUR_MS));
  clock.nowMs += 6 * HOUR_MS;
  api.requests.length = 0;
});

test('repeats are harmless: a refused cursor starts the stream over, says so once, and what comes again is the same', async () => {
  api.fault({ on: 'auditevents', times: 2, fault: { kind: 'refuse_cursor' } });

  const output = await readOn();

  expect(output.exitCode).toBe(0);
  expect(output.uuids(STREAM)).toEqual(['a', 'b', 'late', 'c']);
  expect(output.records(STREAM).slice(0, 2)).toEqual(first.records(STREAM));
  expect(output.logs('WARN')).toEqual([
    `${STREAM}: 1Password does not accept the saved cursor. The stream starts over at the oldest event that 1Password keeps: events that were ` +
      'already delivered come again, with the same uuid.',
  ]);
  const cursor = first.states(STREAM).at(-1)?.state['cursor'];
  expect(bodies()).toEqual([{ cursor }, { cursor }, { limit: 1000, start_time: '2020-01-01T00:00:00Z' }]);
});

test('after a start over the new cursor is kept, and the next sync carries on behind it', async () => {
  api.fault({ on: 'auditevents', times: 2, fault: { kind: 'refuse_cursor' } });
  const second = await readOn();
  api.add('auditevents', eventAt('d', clock.nowMs));

  const third = await read({ config, clock, streams: [STREAM], state: second.lastState() });

  expect(third.uuids(STREAM)).toEqual(['d']);
  expect(third.logs('WARN')).toEqual([]);
});

test('a single 400 to the saved cursor may be a transient fault: it is asked once more, and nothing starts over', async () => {
  api.fault({ on: 'auditevents', fault: { kind: 'status', status: 400 } });

  const output = await readOn();

  expect(output.exitCode).toBe(0);
  expect(output.uuids(STREAM)).toEqual(['late', 'c']);
  expect(output.logs('WARN')).toEqual([]);
});

test('a start over reaches back to the configured start date, not to the last event', async () => {
  api.fault({ on: 'auditevents', times: 2, fault: { kind: 'refuse_cursor' } });

  const output = await readOn({ start_date: '2026-07-01' });

  expect(output.uuids(STREAM)).toEqual(['a', 'b', 'late', 'c']);
  expect(bodies().at(-1)).toEqual({ limit: 1000, start_time: '2026-07-01T00:00:00Z' });
});

test('an API that refuses the start as well is an error after one request, never a loop', async () => {
  api.fault({ on: 'auditevents', times: 1000, fault: { kind: 'status', status: 400 } });

  const output = await readOn();

  expect(failureOf(output)).toEqual([1, 'system_error', 'INCOMPLETE']);
  expect(bodies()).toHaveLength(3);
  expect(output.lastState()).toEqual([]);
});

test('a first sync whose start is refused is an error at once', async () => {
  api.fault({ on: 'auditevents', times: 1000, fault: { kind: 'status', status: 400 } });

  const output = await read({ config, clock, streams: [STREAM] });

  expect(failureOf(output)).toEqual([1, 'system_error', 'INCOMPLETE']);
  expect(bodies()).toHaveLength(1);
  expect(output.logs('WARN')).toEqual([]);
});

test('a cursor of this very run that is refused is an error, and does not start over', async () => {
  generate({ auditevents: 2500 });
  api.fault({ on: 'auditevents', after: 1, times: 1000, fault: { kind: 'status', status: 400 } });

  const output = await readOn();

  expect(failureOf(output)).toEqual([1, 'system_error', 'INCOMPLETE']);
  expect(bodies()).toHaveLength(2);
  expect(output.logs('WARN')).toEqual([]);
});

test('a cursor that is refused again right after a start over is an error, never a second start over', async () => {
  generate({ auditevents: 2500 });
  api.fault({ on: 'auditevents', times: 1000, fault: { kind: 'refuse_cursor' } });

  const output = await readOn();

  expect(failureOf(output)).toEqual([1, 'system_error', 'INCOMPLETE']);
  expect(bodies()).toHaveLength(4);
  expect(output.logs('WARN')).toHaveLength(1);
});

test('another api_version starts over, says so once, and does not send the cursor', async () => {
  const output = await readOn({ api_version: 'v2' });

  expect(output.exitCode).toBe(0);
  expect(output.uuids(STREAM)).toEqual(['a', 'b', 'late', 'c']);
  expect(output.logs('WARN')).toEqual([
    `${STREAM}: The saved cursor belongs to another version of the API than the configured v2. The stream starts over at ` +
      'the oldest event that 1Password keeps: events that were already delivered come again, with the same uuid.',
  ]);
  expect(bodies()).toEqual([{ limit: 1000, start_time: '2020-01-01T00:00:00Z' }]);
  expect(output.states(STREAM).at(-1)?.state['api_version']).toBe('v2');
});

test('a token of another account starts over, says so once, and does not send the cursor', async () => {
  const output = await readOn({ api_token: api.issueToken({ accountUuid: OTHER_ACCOUNT }) });

  expect(output.exitCode).toBe(0);
  expect(output.uuids(STREAM)).toEqual(['a', 'b', 'late', 'c']);
  expect(output.logs('WARN')).toEqual([
    `${STREAM}: The saved cursor belongs to another 1Password account than the token. The stream starts over at ` +
      'the oldest event that 1Password keeps: events that were already delivered come again, with the same uuid.',
  ]);
  expect(bodies()).toEqual([{ limit: 1000, start_time: '2020-01-01T00:00:00Z' }]);
  expect(output.states(STREAM).at(-1)?.state['account_uuid']).toBe(OTHER_ACCOUNT);
});

test('a token of another account that introspection does not name starts over once the API refuses the cursor', async () => {
  api.options.introspectsAccount = false;

  const output = await readOn({ api_token: api.issueToken({ accountUuid: OTHER_ACCOUNT }) });

  expect(output.exitCode).toBe(0);
  expect(output.uuids(STREAM)).toEqual(['a', 'b', 'late', 'c']);
  expect(output.logs('WARN')).toHaveLength(1);
  expect(bodies()).toHaveLength(3);
});

test('a token that was rotated in between carries on from the saved cursor', async () => {
  api.revoke(config.api_token);

  const output = await readOn({ api_token: api.issueToken() });

  expect(output.exitCode).toBe(0);
  expect(output.uuids(STREAM)).toEqual(['late', 'c']);
  expect(output.logs('WARN')).toEqual([]);
  expect(bodies()).toHaveLength(1);
});

test('a last read beyond retention names the span that is gone, and carries on from the saved cursor', async () => {
  clock.nowMs = NOW + 130 * DAY_MS;
  api.add('auditevents', eventAt('now', clock.nowMs));

  const output = await readOn();

  expect(output.exitCode).toBe(0);
  expect(output.uuids(STREAM)).toEqual(['now']);
  expect(output.logs('WARN')).toEqual([
    `${STREAM}: The last sync was at 2026-10-03T12:00:00Z, and 1Password keeps events for 120 days: those between ` +
      '2026-10-03T12:00:00Z and 2026-10-13T12:00:00Z are lost.',
  ]);
  expect(bodies()).toEqual([{ cursor: first.states(STREAM).at(-1)?.state['cursor'] }]);
});

test('a last read just within retention is no gap', async () => {
  clock.nowMs = NOW + 120 * DAY_MS;

  const output = await readOn();

  expect(output.logs('WARN')).toEqual([]);
});

/** The next sync, from the state of the first one. */
function readOn(changes: object = {}): Promise<ConnectorOutput> {
  return read({ config: { ...config, ...changes }, clock, streams: [STREAM], state: first.lastState() });
}

function bodies(): unknown[] {
  return api.requests.filter(({ feature }) => feature === 'auditevents').map(({ body }) => body);
}

function failureOf(output: ConnectorOutput): unknown[] {
  return [output.exitCode, ...output.errors().map((error) => error.failure_type), output.statuses(STREAM).at(-1)];
}
