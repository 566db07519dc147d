import { expect, test } from '@jest/globals';
import { read } from '../support/connector.ts';
import { eventsNamed } from '../support/items.ts';
import type { ConnectorOutput } from '../support/output.ts';
import { useSimulator } from '../support/use-simulator.ts';

const STREAM = 'audit_events';
const COMPLETE = [0, 'COMPLETE'];
const GIVEN_UP = [1, 'INCOMPLETE', 'transient_error'];

const { api, config } = useSimulator();

/**
 * The first response says `has_more` and leads to `c1`; the second is the row's. Whether it was
 * the end is seen from the requests: a third one gets `{"has_more": false}` and the event "more".
 */
test.each([
  { hasMore: false, items: ['b'], cursor: 'c2', requests: 2, outcome: COMPLETE, keeps: 'c2' },
  { hasMore: false, items: ['b'], cursor: 'c1', requests: 2, outcome: COMPLETE, keeps: 'c1' },
  { hasMore: false, items: ['b'], cursor: undefined, requests: 2, outcome: COMPLETE, keeps: 'c1' },
  { hasMore: false, items: [], cursor: 'c2', requests: 2, outcome: COMPLETE, keeps: 'c1' },
  { hasMore: false, items: [], cursor: 'c1', requests: 2, outcome: COMPLETE, keeps: 'c1' },
  { hasMore: false, items: [], cursor: undefined, requests: 2, outcome: COMPLETE, keeps: 'c1' },
  { hasMore: true, items: ['b'], cursor: 'c2', requests: 3, outcome: COMPLETE, keeps: 'c3' },
  { hasMore: true, items: ['b'], cursor: 'c1', requests: 2, outcome: GIVEN_UP, keeps: 'c1' },
  { hasMore: true, items: ['b'], cursor: undefined, requests: 2, outcome: GIVEN_UP, keeps: 'c1' },
  { hasMore: true, items: ['b'], cursor: '', requests: 2, outcome: GIVEN_UP, keeps: 'c1' },
  { hasMore: true, items: [], cursor: 'c2', requests: 3, outcome: COMPLETE, keeps: 'c3' },
  { hasMore: true, items: [], cursor: 'c1', requests: 2, outcome: COMPLETE, keeps: 'c1' },
  { hasMore: true, items: [], cursor: undefined, requests: 2, outcome: COMPLETE, keeps: 'c1' },
  { hasMore: undefined, items: ['b'], cursor: 'c2', requests: 3, outcome: COMPLETE, keeps: 'c3' },
  { hasMore: undefined, items: ['b'], cursor: 'c1', requests: 2, outcome: COMPLETE, keeps: 'c1' },
  { hasMore: undefined, items: ['b'], cursor: undefined, requests: 2, outcome: COMPLETE, keeps: 'c1' },
  { hasMore: undefined, items: [], cursor: 'c2', requests: 2, outcome: COMPLETE, keeps: 'c1' },
  { hasMore: undefined, items: [], cursor: 'c1', requests: 2, outcome: COMPLETE, keeps: 'c1' },
  { hasMore: undefined, items: [], cursor: undefined, requests: 2, outcome: COMPLETE, keeps: 'c1' },
  { hasMore: 'false', items: ['b'], cursor: 'c2', requests: 3, outcome: COMPLETE, keeps: 'c3' },
  { hasMore: null, items: ['b'], cursor: 'c1', requests: 2, outcome: COMPLETE, keeps: 'c1' },
  { hasMore: 1, items: [], cursor: 'c2', requests: 2, outcome: COMPLETE, keeps: 'c1' },
  { hasMore: {}, items: ['b'], cursor: 'c1', requests: 2, outcome: COMPLETE, keeps: 'c1' },
  { hasMore: true, items: ['b'], cursor: 7, requests: 2, outcome: GIVEN_UP, keeps: 'c1' },
  { hasMore: true, items: ['b'], cursor: ['c2'], requests: 2, outcome: GIVEN_UP, keeps: 'c1' },
  { hasMore: true, items: [], cursor: null, requests: 2, outcome: COMPLETE, keeps: 'c1' },
  { hasMore: true, items: [], cursor: {}, requests: 2, outcome: COMPLETE, keeps: 'c1' },
])('after c1, has_more $hasMore with items $items and cursor $cursor: $requests requests, $outcome', async (row) => {
  const { hasMore, items, cursor, requests, outcome, keeps } = row;
  serve(page(true, ['a'], 'c1'), page(hasMore, items, cursor), page(false, ['more'], 'c3'));

  const output = await readStream();

  expect(outcomeOf(output)).toEqual(outcome);
  expect(output.uuids(STREAM)).toEqual(['a', ...items, ...['more'].slice(3 - requests)]);
  expect(bodies()).toHaveLength(requests);
  expect(output.states(STREAM).at(-1)?.state['cursor']).toBe(keeps);
});

test.each([
  { name: 'no items', body: { has_more: false, cursor: 'c' } },
  { name: 'null items', body: { has_more: false, cursor: 'c', items: null } },
  { name: 'items that are an object', body: { has_more: false, cursor: 'c', items: {} } },
  { name: 'items that are a text', body: { has_more: false, cursor: 'c', items: 'none' } },
  { name: 'Items with a capital', body: { has_more: false, cursor: 'c', Items: [] } },
  { name: 'an item that is null', body: { has_more: false, cursor: 'c', items: [{ uuid: 'b' }, null] } },
  { name: 'an item that is a list', body: { has_more: false, cursor: 'c', items: [[]] } },
  { name: 'an item that is a text', body: { has_more: false, cursor: 'c', items: [{ uuid: 'b' }, 'item'] } },
  { name: 'an item that is true', body: { has_more: false, cursor: 'c', items: [true] } },
  { name: 'a list', body: [] },
  { name: 'null', body: null },
  { name: 'a number', body: 7 },
  { name: 'a text', body: 'text' },
])('a body of $name is of the wrong shape: a system_error after one request, and no state', async ({ body }) => {
  serve(page(true, ['a'], 'c1'), body);

  const output = await readStream();

  expect(outcomeOf(output)).toEqual([1, 'INCOMPLETE', 'system_error']);
  expect(output.errors()[0]?.message).toMatch(/responded to \/api\/v1\/auditevents with a body that .*"items"/);
  expect(output.uuids(STREAM)).toEqual(['a']);
  expect(output.states(STREAM).map(({ state }) => state['cursor'])).toEqual(['c1']);
  expect(bodies()).toHaveLength(2);
});

test('a stream without any event ends complete, and its state has no cursor if the API gives none', async () => {
  serve(page(false, [], undefined));

  const output = await readStream();

  expect(outcomeOf(output)).toEqual(COMPLETE);
  expect(output.states(STREAM).map(({ state }) => state['cursor'])).toEqual([undefined]);
});

test('a page delivered twice is written twice, and nothing after it is missed', async () => {
  api.add('auditevents', ...eventsNamed('e', 2500));
  api.fault({ on: 'auditevents', fault: { kind: 'redeliver' } });

  const output = await readStream();

  const served = api.served('auditevents', 'v1').map(({ uuid }) => uuid);
  expect(outcomeOf(output)).toEqual(COMPLETE);
  expect(output.uuids(STREAM)).toEqual([...served.slice(0, 1000), ...served]);
});

test.each(['moves', 'stays'] as const)(
  'a tail that %s with each response is read once a run, and its cursor is kept',
  async (tail) => {
    api.options.tail = tail;
    api.add('auditevents', ...eventsNamed('e', 1500));
    const first = await readStream();
    const second = await readStream(first.lastState());
    api.add('auditevents', ...eventsNamed('new', 1));

    const third = await readStream(second.lastState());

    expect([first, second, third].map(outcomeOf)).toEqual([COMPLETE, COMPLETE, COMPLETE]);
    expect([first, second, third].map((output) => output.records(STREAM).length)).toEqual([1500, 0, 1]);
    expect(second.states(STREAM)[0]?.state['cursor']).toBe(first.states(STREAM).at(-1)?.state['cursor']);
    expect(bodies()).toHaveLength(4);
  },
);

test.each([2, 3, 40])(
  '%d cursors that go round in a circle end with a transient_error when one comes again',
  async (length) => {
    let served = 0;
    api.fault({
      on: 'auditevents',
      times: 1000,
      fault: () => ({ kind: 'body', value: page(true, [`e${served}`], `c${served++ % length}`) }),
    });

    const output = await readStream();

    expect(outcomeOf(output)).toEqual(GIVEN_UP);
    expect(bodies()).toHaveLength(length + 1);
    expect(output.records(STREAM)).toHaveLength(length + 1);
  },
);

function page(hasMore: unknown, uuids: readonly string[], cursor: unknown): object {
  const items = uuids.map((uuid) => ({ uuid, timestamp: '2026-10-01T00:00:00Z' }));
  return { has_more: hasMore, items, cursor };
}

function serve(...bodies: unknown[]): void {
  for (const value of bodies) api.fault({ on: 'auditevents', fault: { kind: 'body', value } });
}

function readStream(state?: object[]): Promise<ConnectorOutput> {
  return read({ config, streams: [STREAM], ...(state !== undefined && { state }) });
}

function bodies(): unknown[] {
  return api.requests.filter(({ feature }) => feature === 'auditevents').map(({ body }) => body);
}

function outcomeOf(output: ConnectorOutput): unknown[] {
  return [output.exitCode, output.statuses(STREAM).at(-1), ...output.errors().map((error) => error.failure_type)];
}
