import { describe, expect, test } from '@jest/globals';
import { type Fault, Simulator, type SimulatorOptions } from '../../simulator/server.ts';
import { runCommand } from '../support/connector.ts';
import { useSimulator } from '../support/use-simulator.ts';

const ALWAYS = Number.POSITIVE_INFINITY;

const { api, clock } = useSimulator();

function check(fields: object = {}) {
  return runCommand('check', { config: { api_token: api.issueToken(), base_url: api.url, ...fields }, clock });
}

function pathsAsked(): string[] {
  return api.requests.map(({ path }) => path);
}

describe('the token is good for', () => {
  test.each([
    ['ever', {}, undefined],
    ['15 days: not worth a word', { expiresAt: new Date('2026-10-18T12:00:00Z') }, undefined],
    ['14 days', { expiresAt: new Date('2026-10-17T12:00:00Z') }, 'The token expires on 2026-10-17, in 14 days.'],
    ['a day', { expiresAt: new Date('2026-10-04T11:00:00Z') }, 'The token expires on 2026-10-04, in 1 day.'],
  ])('%s', async (_span, claims, warning) => {
    const output = await check({ api_token: api.issueToken(claims) });

    const { status, message = '' } = output.connectionStatus() ?? {};
    expect({ status, warning: /The token expires on [^.]+\./.exec(message)?.[0] }).toEqual({
      status: 'SUCCEEDED',
      warning,
    });
  });
});

describe('a missing introspection does not stop the test', () => {
  const ways: [string, SimulatorOptions, Fault[]][] = [
    ['404 on the current path', { introspection: 'original' }, []],
    ['404 on both paths', { introspection: 'none' }, []],
    ['403', {}, [{ kind: 'status', status: 403 }]],
    ['403 by a firewall', {}, [{ kind: 'status', status: 403, body: '<h1>No</h1>', contentType: 'text/html' }]],
    ['405', {}, [{ kind: 'status', status: 405 }]],
    ['410', {}, [{ kind: 'status', status: 410 }]],
    ['500 to the end', {}, [{ kind: 'status', status: 500 }]],
    ['no list of features', {}, [{ kind: 'body', value: { uuid: 'x', issued_at: 'y' } }]],
    ['features that are no list', {}, [{ kind: 'body', value: { features: 'all' } }]],
    ['null', {}, [{ kind: 'body', value: null }]],
  ];

  test.each(ways)('%s, for a token that names its event types', async (_way, options, faults) => {
    Object.assign(api.options, options);
    for (const fault of faults) api.fault({ on: 'introspect', times: ALWAYS, fault });

    const output = await check({ api_token: api.issueToken({ features: ['auditevents', 'itemusages'] }) });

    expect(output.connectionStatus()).toEqual({
      status: 'SUCCEEDED',
      message: expect.stringContaining('deselect sign_in_attempts, or issue a new token'),
    });
  });

  test.each(ways.slice(1))(
    '%s, for a token that names none: each event type is asked',
    async (_way, options, faults) => {
      Object.assign(api.options, options);
      for (const fault of faults) api.fault({ on: 'introspect', times: ALWAYS, fault });
      const api_token = api.issueToken({ features: ['itemusages'], extra: { '1password.com/fts': undefined } });

      const output = await check({ api_token });

      expect(output.connectionStatus()).toEqual({
        status: 'SUCCEEDED',
        message: expect.stringContaining('deselect audit_events and sign_in_attempts, or issue a new token'),
      });
      expect(pathsAsked().slice(-3).sort()).toEqual([
        '/api/v1/auditevents',
        '/api/v1/itemusages',
        '/api/v1/signinattempts',
      ]);
      expect(output.logs('WARN')).toEqual([expect.stringContaining('may look empty')]);
    },
  );
});

test('a token that every endpoint rejects is a rejected token, not one without event types', async () => {
  api.options.introspection = 'none';
  const api_token = api.issueToken();
  api.revoke(api_token);

  const output = await check({ api_token });

  expect(output.connectionStatus()).toEqual({ status: 'FAILED', message: expect.stringContaining('it was revoked') });
});

describe('throttled, the test never waits', () => {
  test.each([
    ['without Retry-After', {}],
    ['for a second', { 'Retry-After': '1' }],
    ['for an hour', { 'Retry-After': '3600' }],
  ])('%s', async (_case, headers) => {
    api.fault({ times: ALWAYS, fault: { kind: 'status', status: 429, headers } });

    const output = await check();

    expect(output.errors()).toEqual([expect.objectContaining({ failure_type: 'transient_error' })]);
    expect(clock.waitsMs).toEqual([]);
    expect(api.requests).toHaveLength(1);
  });
});

test('the smallest budget is enough for the connection test', async () => {
  api.options.introspection = 'none';
  const api_token = api.issueToken({ extra: { '1password.com/fts': undefined } });

  const output = await check({ api_token, requests_per_minute: 1 });

  expect(output.connectionStatus()).toMatchObject({ status: 'SUCCEEDED' });
  expect(clock.waitsMs).toEqual([]);
});

test('a fault that passes is survived', async () => {
  api.fault({
    times: 2,
    fault: { kind: 'status', status: 502, contentType: 'text/html', body: '<h1>Bad Gateway</h1>' },
  });
  api.fault({ fault: { kind: 'cut_body' } });

  const output = await check();

  expect(output.connectionStatus()).toMatchObject({ status: 'SUCCEEDED' });
});

describe('a redirect is not followed', () => {
  test.each([301, 302, 303, 307, 308])('%i', async (status) => {
    const elsewhere = await Simulator.start();
    api.fault({
      times: ALWAYS,
      fault: { kind: 'redirect', status, location: `${elsewhere.url}/api/v2/auth/introspect` },
    });

    const output = await check();
    await elsewhere.stop();

    expect(output.connectionStatus()).toEqual({
      status: 'FAILED',
      message: expect.stringContaining(`redirect (HTTP ${status}), which is not followed`),
    });
    expect(elsewhere.requests).toEqual([]);
    expect(elsewhere.connections).toBe(0);
  });
});

test.each(['text/html', 'application/json', 'text/plain', 'application/octet-stream'])(
  "a captive portal's page is recognised as %s",
  async (contentType) => {
    const body = '\n <!doctype html><title>Welcome to the lobby</title>';
    api.fault({ times: ALWAYS, fault: { kind: 'raw', body, contentType } });

    const output = await check();

    expect(output.connectionStatus()).toEqual({ status: 'FAILED', message: expect.stringContaining('captive portal') });
    expect(output.stdout).not.toContain('lobby');
  },
);

describe('the end of the calendar', () => {
  test.each([
    ['today', '2026-10-03', 'SUCCEEDED'],
    ['within the time zones', '2026-10-04', 'SUCCEEDED'],
    ['later than any time zone', '2026-10-04T12:00:01Z', 'FAILED'],
    ['with an offset', '2026-10-04T23:00:00+14:00', 'SUCCEEDED'],
    ['before retention', '2020-01-01', 'SUCCEEDED'],
    ['no leap year', '2025-02-29', 'FAILED'],
    ['an hour too many', '2026-10-03T24:00:00Z', 'FAILED'],
    ['an offset of no zone', '2026-10-03T00:00:00+99:00', 'FAILED'],
    ['with a space around it', ' 2026-10-03', 'FAILED'],
  ])('%s: %s is %s', async (_case, start_date, status) => {
    const output = await check({ start_date });

    expect(output.connectionStatus()).toMatchObject({ status });
  });
});
