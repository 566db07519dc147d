import { beforeEach, expect, test } from '@jest/globals';
import { STREAMS } from '../support/catalog.ts';
import { read, runCommand, TestClock } from '../support/connector.ts';
import type { ConnectorOutput } from '../support/output.ts';
import { useSimulator } from '../support/use-simulator.ts';

const EVENTS = Array.from({ length: 2500 }, (_, index) => ({ uuid: `e${index}`, timestamp: '2026-10-01T00:00:00Z' }));

const { api, config } = useSimulator({ now: Date.now });

beforeEach(async () => {
  for (const feature of ['auditevents', 'itemusages', 'signinattempts'] as const) api.add(feature, ...EVENTS);
});

test('a token revoked in mid-read ends the run with one ERROR that names the cause, and a new one carries on without a loss', async () => {
  const alter = (page: unknown) => {
    api.revoke(config.api_token);
    return page;
  };
  // The second page of audit events is the last response to this token; by then the first one has been written.
  api.fault({ on: 'auditevents', after: 1, fault: { kind: 'alter', alter } });

  const first = await read({ config });
  const second = await read({ config: { ...config, api_token: api.issueToken() }, state: first.lastState() });

  const union = new Set([...first.uuids('audit_events'), ...second.uuids('audit_events')]);
  expect([first.exitCode, second.exitCode]).toEqual([1, 0]);
  expect(first.errors().map((error) => [error.failure_type, error.message, error.stream_descriptor])).toEqual([
    ['config_error', expect.stringMatching(/rejected the token \(HTTP 401\).*revoked/), undefined],
  ]);
  expect(first.ends()).toEqual(['INCOMPLETE', 'INCOMPLETE', 'INCOMPLETE']);
  expect(first.states('audit_events').length).toBeGreaterThan(0);
  expect([...union]).toEqual(api.served('auditevents', 'v1').map(({ uuid }) => uuid));
});

test('a token that expires in mid-read ends the run, and the ERROR names the date', async () => {
  const clock = new TestClock(Date.parse('2026-10-03T12:00:00Z'));
  api.options.now = clock.now;
  const token = api.issueToken({ expiresAt: new Date('2026-10-03T12:30:00Z') });
  api.fault({ on: 'itemusages', fault: { kind: 'status', status: 429, headers: { 'Retry-After': '2400' } } });

  const output = await read({ config: { ...config, api_token: token }, clock });

  expect(output.exitCode).toBe(1);
  expect(output.errors().map(({ message }) => message)).toEqual([
    expect.stringMatching(/^The token expired on 2026-10-03 \(HTTP 401/),
  ]);
  expect(output.ends()).toEqual(['INCOMPLETE', 'INCOMPLETE', 'INCOMPLETE']);
});

test('a rejected token ends the run before any stream is asked', async () => {
  api.revoke(config.api_token);

  const output = await read({ config });

  expect(output.exitCode).toBe(1);
  expect(output.errors().map((error) => error.failure_type)).toEqual(['config_error']);
  expect(STREAMS.map((stream) => output.statuses(stream))).toEqual(STREAMS.map(() => ['STARTED', 'INCOMPLETE']));
  expect(api.requests).toHaveLength(1);
});

const refused = {
  401: /^item_usages: 1Password refuses access to item usages \(itemusages\) with HTTP 401, although/,
  403: /^item_usages: .* forbids the request to \/api\/v1\/itemusages \(HTTP 403\): a firewall or gateway/,
};

test.each([401, 403] as const)(
  'a granted stream that answers %d later is asked about again, and fails alone while the token is good',
  async (status) => {
    api.fault({ on: 'itemusages', after: 1, times: 1000, fault: { kind: 'status', status } });

    const output = await read({ config });

    expect(output.exitCode).toBe(1);
    expect(failuresOf(output)).toEqual([['config_error', expect.stringMatching(refused[status])]]);
    expect(output.ends()).toEqual(['COMPLETE', 'INCOMPLETE', 'COMPLETE']);
    expect(output.records('item_usages')).toHaveLength(1000);
    expect(introspections()).toBe(2);
  },
);

test.each([401, 403])('one %d on a single page is asked once more before its stream is given up', async (status) => {
  for (const after of [1, 2]) api.fault({ on: 'itemusages', after, fault: { kind: 'status', status } });

  const output = await read({ config });

  expect(output.exitCode).toBe(0);
  expect(output.records('item_usages')).toHaveLength(2500);
  expect(introspections()).toBe(1);
});

test('a web page with 403 is a firewall, whatever the token may read', async () => {
  const fault = { kind: 'status', status: 403, body: '<h1>Blocked</h1>', contentType: 'text/html' } as const;
  api.fault({ on: 'itemusages', after: 1, times: 1000, fault });

  const output = await read({ config });

  expect(output.errors().map((error) => [error.failure_type, error.message])).toEqual([
    ['config_error', expect.stringMatching(/^item_usages: .*firewall.*HTTP 403/)],
  ]);
  expect(output.errors()[0]?.message).not.toMatch(/token|event type/);
  expect(output.ends()).toEqual(['COMPLETE', 'INCOMPLETE', 'COMPLETE']);
  expect(introspections()).toBe(1);
});

test.each([401, 403])(
  'a refusal (%d) stays transient while introspection, which could explain it, fails for a moment',
  async (status) => {
    api.fault({ on: 'itemusages', times: 1000, fault: { kind: 'status', status } });
    api.fault({ on: 'introspect', after: 1, times: 1000, fault: { kind: 'status', status: 500 } });

    const output = await read({ config, clock: new TestClock() });

    expect(output.exitCode).toBe(1);
    expect(failuresOf(output)).toEqual([['transient_error', expect.stringMatching(/^item_usages: .*\(HTTP 500\)/)]]);
    expect(output.ends()).toEqual(['COMPLETE', 'INCOMPLETE', 'COMPLETE']);
  },
);

test('a gateway that forbids everything is explained in read as in check', async () => {
  api.fault({ times: 1000, fault: { kind: 'status', status: 403 } });

  const checked = await runCommand('check', { config });
  const output = await read({ config, streams: ['item_usages'] });

  const about = /forbids the request to \S+ \(HTTP 403\): (.*)/;
  expect(output.errors()).toMatchObject([{ failure_type: 'config_error', message: expect.stringMatching(about) }]);
  expect(about.exec(output.errors()[0]?.message ?? '')?.[1]).toBe(
    about.exec(checked.connectionStatus()?.message ?? '')?.[1],
  );
});

test('a granted stream whose event type was taken away in mid-read fails alone, and the ERROR names the event type', async () => {
  const alter = (page: unknown) => {
    api.setFeatures(config.api_token, ['auditevents', 'signinattempts']);
    return page;
  };
  api.fault({ on: 'itemusages', fault: { kind: 'alter', alter } });

  const output = await read({ config });

  expect(output.exitCode).toBe(1);
  expect(failuresOf(output)).toEqual([
    ['config_error', expect.stringMatching(/^item_usages: the token was issued without the event type item usages/)],
  ]);
  expect(output.ends()).toEqual(['COMPLETE', 'INCOMPLETE', 'COMPLETE']);
});

function introspections(): number {
  return api.requests.filter(({ feature }) => feature === undefined).length;
}

function failuresOf(output: ConnectorOutput): unknown[] {
  return output.errors().map((error) => [error.failure_type, error.message]);
}
