import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Simulator } from '../simulator/simulator.ts';
import { read, TestClock } from '../support/connector.ts';
import { eventsNamed, NOW } from '../support/items.ts';

const MINUTE_MS = 60_000;

let api: Simulator;
let clock: TestClock;
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

test('all streams and introspection share the configured budget', async () => {
  api.options.budget = { perMinute: 5 };
  api.add('auditevents', ...eventsNamed('a', 6500));
  api.add('itemusages', ...eventsNamed('i', 3500));

  const output = await read({ config: { ...config, requests_per_minute: 5 }, clock });

  const perMinute = api.requests.map(
    ({ atMs }) => api.requests.filter((other) => other.atMs > atMs - MINUTE_MS && other.atMs <= atMs).length,
  );
  expect(output.exitCode).toBe(0);
  expect(api.requests.map(({ status }) => status)).toEqual(Array(13).fill(200));
  expect(Math.max(...perMinute)).toBeLessThanOrEqual(5);
  expect(output.records('audit_events')).toHaveLength(6500);
});

test('a burst up to the budget is not held back', async () => {
  api.add('auditevents', ...eventsNamed('a', 30_500));

  await read({ config, clock, streams: ['audit_events'] });

  expect(api.requests).toHaveLength(32);
  expect(clock.waitsMs).toEqual([]);
});

test('while the budget is used up Airbyte shows rate limited until when, and then running', async () => {
  api.add('auditevents', ...eventsNamed('a', 1500));

  const output = await read({ config: { ...config, requests_per_minute: 1 }, clock, streams: ['audit_events'] });

  const statuses = output.messages.flatMap(({ trace }) => trace?.stream_status ?? []);
  const limits = statuses.filter(({ reasons }) => reasons !== undefined);
  expect(limits.map(({ status }) => status)).toEqual(limits.map(() => 'RUNNING'));
  expect(limits.map(({ reasons }) => reasons)).toEqual(
    [1, 2].map((minute) => [{ type: 'RATE_LIMITED', rate_limited: { quota_reset: NOW + minute * MINUTE_MS } }]),
  );
  expect(output.statuses('audit_events').join(' ')).toMatch(
    /^STARTED RATE_LIMITED RUNNING (RUNNING )?RATE_LIMITED RUNNING .*COMPLETE$/,
  );
});
