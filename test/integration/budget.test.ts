import { expect, test } from '@jest/globals';
import type { Feature } from '../../simulator/server.ts';
import { STREAMS } from '../support/catalog.ts';
import { read } from '../support/connector.ts';
import { MINUTE_MS, NOW } from '../support/time.ts';
import { useSimulator } from '../support/use-simulator.ts';

const FEATURES: readonly Feature[] = ['auditevents', 'itemusages', 'signinattempts'];

const { api, clock, config } = useSimulator();

test.each([1, 2, 3, 7, 60])(
  'a good neighbour: all streams together make no more than the configured %d requests in any minute, and all complete',
  async (limit) => {
    servePages(8);
    api.options.budget = { perMinute: limit };

    const output = await read({ config: { ...config, requests_per_minute: limit }, clock });

    expect(output.exitCode).toBe(0);
    expect(STREAMS.map((stream) => output.records(stream).length)).toEqual([8, 8, 8]);
    expect(api.requests).toHaveLength(25);
    expect(mostRequestsIn(MINUTE_MS)).toBeLessThanOrEqual(limit);
  },
);

test('left to itself it makes 600 requests in a minute, as a burst, and not one more', async () => {
  servePages(700);

  const output = await read({ config, streams: ['audit_events'], clock });

  expect(output.exitCode).toBe(0);
  expect(api.requests).toHaveLength(701);
  expect(mostRequestsIn(MINUTE_MS)).toBe(600);
  expect(mostRequestsIn(1)).toBe(600);
  expect(clock.waitsMs).toEqual([MINUTE_MS]);
});

test('introspection and retries count as well', async () => {
  api.fault({ probability: 0.4, fault: { kind: 'status', status: 500 } });
  servePages(12);

  const output = await read({ config: { ...config, requests_per_minute: 4 }, clock });

  expect(output.exitCode).toBe(0);
  expect(api.requests.length).toBeGreaterThan(40);
  expect(mostRequestsIn(MINUTE_MS)).toBeLessThanOrEqual(4);
});

test('a wait for our own budget is said as RATE_LIMITED with the time at which it ends, and RUNNING follows', async () => {
  servePages(2);

  const output = await read({ config: { ...config, requests_per_minute: 1 }, streams: ['audit_events'], clock });

  expect(output.statuses('audit_events').join(' ')).toMatch(
    /^STARTED RATE_LIMITED RUNNING (RUNNING )?RATE_LIMITED RUNNING .*COMPLETE$/,
  );
  expect(output.quotaResets()).toEqual([NOW + MINUTE_MS, NOW + 2 * MINUTE_MS]);
});

/** So many pages for each stream, with one event on each, whatever is asked. */
function servePages(count: number): void {
  for (const feature of FEATURES) {
    let served = 0;
    api.fault({
      on: feature,
      times: count,
      fault: () => {
        served += 1;
        const items = [{ uuid: `${feature}-${served}`, timestamp: '2026-10-01T00:00:00Z' }];
        return { kind: 'body', value: { cursor: `${feature}-${served}`, has_more: served < count, items } };
      },
    });
  }
}

/** The most requests within any span of that length. */
function mostRequestsIn(spanMs: number): number {
  const moments = api.requests.map(({ atMs }) => atMs);
  let first = 0;
  const counts = moments.map((moment, last) => {
    while ((moments[first] ?? 0) <= moment - spanMs) first += 1;
    return last - first + 1;
  });
  return Math.max(...counts);
}
