import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type ApiItem, Simulator } from '../../simulator/server.ts';
import { read, TestClock } from '../support/connector.ts';

const NOW = Date.parse('2026-10-03T12:00:00Z');
const HOUR_MS = 3_600_000;

let clock: TestClock;
let api: Simulator;
let config: object;

beforeEach(async () => {
  clock = new TestClock(NOW);
  api = await Simulator.start({ now: clock.now });
  config = { api_token: api.issueToken(), base_url: api.url };
});

afterEach(async () => {
  expect(api.violations).toEqual([]);
  await api.stop();
});

test('late events arrive: one dated a day before the newest already read is delivered, where a time watermark would lose it', async () => {
  api.add('itemusages', eventAt('first', NOW - 48 * HOUR_MS), eventAt('newest', NOW - HOUR_MS));
  const first = await read({ config, clock });
  clock.nowMs += 6 * HOUR_MS;
  api.add('itemusages', eventAt('late', NOW - 25 * HOUR_MS), eventAt('fresh', NOW + HOUR_MS));

  const second = await read({ config, clock, state: first.lastState() });

  const watermark = String(first.records('item_usages').at(-1)?.['timestamp']);
  expect(second.uuids('item_usages')).toEqual(['late', 'fresh']);
  expect(await askSince(watermark)).toEqual(['fresh']);
});

test('what is kept between two syncs is the cursor of the API, which alone is sent', async () => {
  api.add('itemusages', eventAt('newest', NOW - HOUR_MS));
  const first = await read({ config, clock, streams: ['item_usages'] });
  const asked = api.requests.length;

  await read({ config, clock, streams: ['item_usages'], state: first.lastState() });

  const cursor = first.states('item_usages').at(-1)?.state['cursor'];
  expect(api.requests.slice(asked).map(({ body }) => body)).toEqual([undefined, { cursor }]);
});

test('an event dated long before the start date is delivered if it arrives after the first sync', async () => {
  const since = { ...config, start_date: '2026-10-01' };
  api.add('itemusages', eventAt('before', NOW - 96 * HOUR_MS), eventAt('first', NOW - 24 * HOUR_MS));
  const first = await read({ config: since, clock });
  api.add('itemusages', eventAt('late', NOW - 90 * HOUR_MS));

  const second = await read({ config: since, clock, state: first.lastState() });

  expect([first.uuids('item_usages'), second.uuids('item_usages')]).toEqual([['first'], ['late']]);
});

function eventAt(uuid: string, atMs: number): ApiItem {
  return { uuid, timestamp: new Date(atMs).toISOString() };
}

/** What a client gets that asks for everything after a date. */
async function askSince(startTime: string): Promise<unknown[]> {
  const response = await fetch(`${api.url}/api/v1/itemusages`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${api.issueToken()}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ limit: 1000, start_time: new Date(Date.parse(startTime) + 1).toISOString() }),
  });
  const { items } = (await response.json()) as { items: ApiItem[] };
  return items.map(({ uuid }) => uuid);
}
