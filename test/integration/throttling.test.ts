import { beforeEach, expect, test } from '@jest/globals';
import { STREAMS } from '../support/catalog.ts';
import { read, TestClock } from '../support/connector.ts';
import type { ConnectorOutput } from '../support/output.ts';
import { MINUTE_MS, NOW, SECOND_MS } from '../support/time.ts';
import { useSimulator } from '../support/use-simulator.ts';

const EVENTS = Array.from({ length: 3500 }, (_, index) => ({ uuid: `e${index}`, timestamp: '2026-10-01T00:00:00Z' }));

const { api, clock, config } = useSimulator();

beforeEach(async () => {
  for (const feature of ['auditevents', 'itemusages', 'signinattempts'] as const) api.add(feature, ...EVENTS);
});

test.each([
  ['3900', 3900],
  ['Sat, 03 Oct 2026 12:07:30 GMT', 450],
])(
  'a Retry-After of up to 65 minutes (%s) is waited out to the second, and then everything arrives',
  async (header, seconds) => {
    throttleFirstPage({ 'Retry-After': header });

    const output = await readAudit();

    expect(output.exitCode).toBe(0);
    expect(output.records('audit_events')).toHaveLength(3500);
    expect(clock.waitsMs).toEqual([seconds * SECOND_MS]);
    expect(sentAfterMs('auditevents')).toEqual([0, ...Array(4).fill(seconds * SECOND_MS)]);
  },
);

test('a Retry-After beyond 65 minutes gives up at once, with a transient_error', async () => {
  throttleFirstPage({ 'Retry-After': '3901' });

  const output = await readAudit();

  expect(output.exitCode).toBe(1);
  expect(output.errors().map((error) => error.failure_type)).toEqual(['transient_error']);
  expect(output.statuses('audit_events').at(-1)).toBe('INCOMPLETE');
  expect(clock.waitsMs).toEqual([]);
  expect(sentAfterMs('auditevents')).toEqual([0]);
});

test.each([{}, { 'Retry-After': '45 (seconds)' }])('a 429 with %j backs off by itself', async (headers) => {
  throttleFirstPage(headers, 3);

  const output = await readAudit();

  expect(output.exitCode).toBe(0);
  expect(clock.waitsMs).toEqual([437.5, 875, 1750]);
});

test('a 429 for ever backs off in steps of a minute at most, and gives up after 65 minutes with a transient_error', async () => {
  api.fault({ on: 'auditevents', times: 1000, fault: { kind: 'status', status: 429 } });

  const output = await readAudit();

  const spentMs = clock.now() - NOW;
  expect(output.exitCode).toBe(1);
  expect(output.errors().map((error) => error.failure_type)).toEqual(['transient_error']);
  expect(output.errors()[0]?.message).toMatch(/rate limit .*HTTP 429.*requests_per_minute/);
  expect(output.logs('INFO').join('\n')).toContain(
    'Trying again in 0.4 s: rate limited (HTTP 429) at /api/v1/auditevents.',
  );
  expect(Math.max(...clock.waitsMs)).toBeLessThanOrEqual(MINUTE_MS);
  expect(spentMs).toBeGreaterThan(63 * MINUTE_MS);
  expect(spentMs).toBeLessThanOrEqual(65 * MINUTE_MS);
});

test('a success in between starts the 65 minutes anew', async () => {
  throttleFirstPage({ 'Retry-After': '3600' });
  api.fault({
    on: 'auditevents',
    after: 1,
    fault: { kind: 'status', status: 429, headers: { 'Retry-After': '3600' } },
  });

  const output = await readAudit();

  expect(output.exitCode).toBe(0);
  expect(clock.waitsMs).toEqual([3600 * SECOND_MS, 3600 * SECOND_MS]);
});

test('a 429 on one stream pauses all of them', async () => {
  const unhurried = new ClockThatLetsOthersGoOn(NOW);
  api.options.now = unhurried.now;
  api.fault({ on: 'itemusages', fault: { kind: 'status', status: 429, headers: { 'Retry-After': '300' } } });

  const output = await read({ config, clock: unhurried });

  const throttledAt = api.requests.findIndex(({ status }) => status === 429);
  const sentDuringTheWait = api.requests.slice(throttledAt + 1).filter(({ atMs }) => atMs < NOW + 300 * SECOND_MS);
  expect(output.exitCode).toBe(0);
  expect(STREAMS.map((stream) => output.records(stream).length)).toEqual([3500, 3500, 3500]);
  // What was under way when the response came cannot be called back: one request of each other stream.
  expect(sentDuringTheWait.length).toBeLessThanOrEqual(2);
  expect(unhurried.waitsMs).toEqual([300 * SECOND_MS]);
});

test('a 429 says RATE_LIMITED with its quota_reset once for every unfinished stream, and RUNNING when it goes on', async () => {
  api.fault({ on: 'introspect', fault: { kind: 'status', status: 429, headers: { 'Retry-After': '1800' } } });

  const output = await read({ config, clock });

  expect(output.exitCode).toBe(0);
  expect(STREAMS.map((stream) => output.statuses(stream))).toEqual(
    STREAMS.map(() => ['STARTED', 'RATE_LIMITED', 'RUNNING', 'RUNNING', 'COMPLETE']),
  );
  expect(output.quotaResets()).toEqual([NOW, NOW, NOW].map((nowMs) => nowMs + 1800 * SECOND_MS));
});

test('a stream that has ended is not said to be rate limited', async () => {
  const poor = { ...config, api_token: api.issueToken({ features: ['auditevents'] }) };
  api.fault({ on: 'auditevents', fault: { kind: 'status', status: 429, headers: { 'Retry-After': '60' } } });

  const output = await read({ config: poor, clock });

  expect(output.statuses('audit_events')).toEqual(['STARTED', 'RATE_LIMITED', 'RUNNING', 'RUNNING', 'COMPLETE']);
  expect(output.statuses('item_usages')).toEqual(['STARTED', 'INCOMPLETE']);
});

test('a wait of less than five seconds is not announced', async () => {
  throttleFirstPage({ 'Retry-After': '4' });

  const output = await readAudit();

  expect(output.statuses('audit_events')).toEqual(['STARTED', 'RUNNING', 'COMPLETE']);
});

test.each([90, 3600])('a 503 obeys a Retry-After of %d s too, and holds up its own stream alone', async (seconds) => {
  const unhurried = new ClockThatLetsOthersGoOn(NOW);
  api.options.now = unhurried.now;
  const headers = { 'Retry-After': String(seconds) };
  api.fault({ on: 'itemusages', fault: { kind: 'status', status: 503, headers } });

  const output = await read({ config, clock: unhurried });

  const late = api.requests.filter(({ atMs }) => atMs > NOW);
  expect(output.exitCode).toBe(0);
  expect(unhurried.waitsMs).toEqual([seconds * SECOND_MS]);
  expect(late.map(({ feature, atMs }) => [feature, atMs - NOW])).toEqual(
    Array(4).fill(['itemusages', seconds * SECOND_MS]),
  );
  expect(output.logs('INFO')).toContain(
    `Trying again in ${seconds}.0 s: server error (HTTP 503) at /api/v1/itemusages.`,
  );
});

test('a 503 that asks to wait says RATE_LIMITED for its own stream alone, and RUNNING when that goes on', async () => {
  api.fault({ on: 'itemusages', fault: { kind: 'status', status: 503, headers: { 'Retry-After': '90' } } });

  const output = await read({ config, clock });

  expect(STREAMS.map((stream) => output.statuses(stream))).toEqual([
    ['STARTED', 'RUNNING', 'COMPLETE'],
    ['STARTED', 'RATE_LIMITED', 'RUNNING', 'RUNNING', 'COMPLETE'],
    ['STARTED', 'RUNNING', 'COMPLETE'],
  ]);
  expect(output.quotaResets()).toEqual([NOW + 90 * SECOND_MS]);
});

test('a 503 that asks to wait at introspection says RATE_LIMITED for every stream', async () => {
  api.fault({ on: 'introspect', fault: { kind: 'status', status: 503, headers: { 'Retry-After': '5' } } });

  const output = await read({ config, clock });

  expect(STREAMS.map((stream) => output.statuses(stream))).toEqual(
    STREAMS.map(() => ['STARTED', 'RATE_LIMITED', 'RUNNING', 'RUNNING', 'COMPLETE']),
  );
  expect(output.quotaResets()).toEqual(Array(3).fill(NOW + 5 * SECOND_MS));
});

test('an API that asks to wait with every 503 is given up after 65 minutes', async () => {
  const headers = { 'Retry-After': '1200' };
  api.fault({ on: 'auditevents', times: 1000, fault: { kind: 'status', status: 503, headers } });

  const output = await readAudit();

  expect(output.errors().map((error) => error.failure_type)).toEqual(['transient_error']);
  expect(clock.waitsMs).toEqual([1200, 1200, 1200].map((seconds) => seconds * SECOND_MS));
});

test('waiting for the rate limit does not count in the ten minutes for which a request is retried', async () => {
  for (const [status, headers] of [[500], [429, { 'Retry-After': '660' }], [500]] as const) {
    api.fault({ on: 'auditevents', fault: { kind: 'status', status, ...(headers && { headers }) } });
  }

  const output = await readAudit();

  expect(output.exitCode).toBe(0);
  expect(clock.waitsMs).toEqual([437.5, 660 * SECOND_MS, 1750]);
});

test('waiting for our own budget does not count in them either', async () => {
  api.fault({ on: 'auditevents', times: 14, fault: { kind: 'status', status: 500 } });

  const output = await read({ config: { ...config, requests_per_minute: 1 }, clock, streams: ['audit_events'] });

  expect(output.exitCode).toBe(0);
  expect(clock.now() - NOW).toBeGreaterThan(15 * MINUTE_MS);
});

test('a kept-alive connection that turns out closed costs neither time nor a retry', async () => {
  for (const after of [0, 1, 2]) api.fault({ on: 'auditevents', after, fault: { kind: 'cut_connection' } });

  const output = await readAudit();

  expect(output.exitCode).toBe(0);
  expect(output.records('audit_events')).toHaveLength(3500);
  expect(clock.waitsMs).toEqual([]);
  expect(output.logs('INFO').at(-1)).toContain('0 retries');
});

test.each([
  ['the second time', { on: 'auditevents', times: 2, fault: { kind: 'cut_connection' } }],
  ['on a new connection', { on: 'introspect', fault: { kind: 'cut_connection' } }],
  ['after the response has begun', { on: 'auditevents', fault: { kind: 'cut_body' } }],
] as const)('a connection lost %s is a retry, and the log says so', async (_when, fault) => {
  api.fault(fault);

  const output = await readAudit();

  expect(output.exitCode).toBe(0);
  expect(clock.waitsMs).toEqual([437.5]);
  expect(output.logs('INFO').join('\n')).toMatch(/Trying again in 0\.4 s: connection lost .*at \/api\//);
});

test.each([500, 408])('HTTP %d for ever gives up after about ten minutes, with a transient_error', async (status) => {
  api.fault({ on: 'auditevents', times: 1000, fault: { kind: 'status', status } });

  const output = await readAudit();

  const spentMs = clock.now() - NOW;
  expect(output.exitCode).toBe(1);
  expect(output.errors().map((error) => error.failure_type)).toEqual(['transient_error']);
  expect(spentMs).toBeGreaterThan(9 * MINUTE_MS);
  expect(spentMs).toBeLessThanOrEqual(10 * MINUTE_MS);
});

test('an unreadable body is asked for three more times, and then is a transient_error', async () => {
  api.fault({ on: 'auditevents', times: 1000, fault: { kind: 'bad_json' } });

  const output = await readAudit();

  expect(output.exitCode).toBe(1);
  expect(output.errors().map((error) => error.failure_type)).toEqual(['transient_error']);
  expect(sentAfterMs('auditevents')).toHaveLength(4);
});

/** A wait lasts until nobody else has anything left to do: whoever does not wait is seen to send its requests. */
class ClockThatLetsOthersGoOn extends TestClock {
  override readonly sleep = async (ms: number, signal: AbortSignal): Promise<void> => {
    for (let seen = -1; seen < api.requests.length; ) {
      seen = api.requests.length;
      for (let pass = 0; pass < 300; pass += 1) await new Promise((resolve) => setImmediate(resolve));
    }
    signal.throwIfAborted();
    this.waitsMs.push(ms);
    this.nowMs += ms;
  };
}

function throttleFirstPage(headers: object, times = 1): void {
  api.fault({ on: 'auditevents', times, fault: { kind: 'status', status: 429, headers: { ...headers } } });
}

function readAudit(): Promise<ConnectorOutput> {
  return read({ config, clock, streams: ['audit_events'] });
}

function sentAfterMs(feature: string): number[] {
  return api.requests.filter((request) => request.feature === feature).map(({ atMs }) => atMs - NOW);
}
