import { expect, test } from '@jest/globals';
import type { ApiItem } from '../../simulator/server.ts';
import { read } from '../support/connector.ts';
import { eventAt } from '../support/items.ts';
import { HOUR_MS, NOW } from '../support/time.ts';
import { useSimulator } from '../support/use-simulator.ts';

const { api, clock, config } = useSimulator();

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

/** What a client gets that asks for everything after a date. */
async function askSince(startTime: string): Promise<unknown[]> {
  const response = await fetch(`${api.url}/api/v1/itemusages`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${config.api_token}`, 'Content-Type': 'application/json', Connection: 'close' },
    body: JSON.stringify({ limit: 1000, start_time: new Date(Date.parse(startTime) + 1).toISOString() }),
  });
  const { items } = (await response.json()) as { items: ApiItem[] };
  return items.map(({ uuid }) => uuid);
}
