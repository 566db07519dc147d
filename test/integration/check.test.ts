import { describe, expect, test } from '@jest/globals';
import { type Fault, Simulator, type SimulatorOptions } from '../../simulator/server.ts';
import { runCommand } from '../support/connector.ts';
import type { ConnectorOutput } from '../support/output.ts';
import { DAY_MS, NOW } from '../support/time.ts';
import { useSimulator } from '../support/use-simulator.ts';

const WHERE = 'in 1Password under Integrations, Events Reporting';
const ALWAYS = Number.POSITIVE_INFINITY;

const { api, clock, config } = useSimulator();

function check(fields: object = {}): Promise<ConnectorOutput> {
  return runCommand('check', { config: { ...config, ...fields }, clock });
}

/** The whole output of a check that came to a verdict; HOST stands for the simulator's. */
function verdictOf(status: string, message: string): object {
  const connectionStatus = { status, message: message.replaceAll('HOST', new URL(api.url).host) };
  return { exitCode: 0, messages: [{ type: 'CONNECTION_STATUS', connectionStatus }] };
}

test('a token with all event types succeeds after one request, in one message', async () => {
  const output = await check();

  expect(output).toMatchObject(verdictOf('SUCCEEDED', 'Connected to HOST. The token may read all three event types.'));
  expect(api.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /api/v2/auth/introspect']);
});

test('a token with some of the event types succeeds and names what is missing', async () => {
  const one = await check({ api_token: api.issueToken({ features: ['signinattempts'] }) });
  const two = await check({ api_token: api.issueToken({ features: ['auditevents', 'itemusages'] }) });

  expect(one).toMatchObject(
    verdictOf(
      'SUCCEEDED',
      'Connected to HOST. The token may read sign-in attempts. It lacks audit events and item usages: deselect ' +
        'audit_events and item_usages, or issue a new token with all event types.',
    ),
  );
  expect(two).toMatchObject(
    verdictOf(
      'SUCCEEDED',
      'Connected to HOST. The token may read audit events and item usages. It lacks sign-in attempts: deselect ' +
        'sign_in_attempts, or issue a new token with all event types.',
    ),
  );
});

test('a token with none of the event types fails', async () => {
  const output = await check({ api_token: api.issueToken({ features: [] }) });

  expect(output).toMatchObject(
    verdictOf(
      'FAILED',
      'HOST accepts the token, but it has none of the event types audit events, item usages, and sign-in attempts, so ' +
        `nothing can be read. Issue a new token with all event types ${WHERE}.`,
    ),
  );
});

test.each([
  ['never', Number.POSITIVE_INFINITY, ''],
  ['in more than 14 days', 14 + 2e-5, ''],
  ['in 14 days', 14, 'expires on 2026-10-17, in 14 days'],
  ['in 29 hours', 1.2, 'expires on 2026-10-04, in 2 days'],
  ['in 12 hours', 0.5, 'expires on 2026-10-04, in 1 day'],
])('a token that expires %s succeeds, with the date if it is near', async (_when, days, expiry) => {
  const claims = Number.isFinite(days) ? { expiresAt: new Date(NOW + days * DAY_MS) } : {};

  const output = await check({ api_token: api.issueToken(claims) });

  const warning = expiry && ` The token ${expiry}. Issue a new one ${WHERE}, and enter it before syncs fail.`;
  expect(output).toMatchObject(
    verdictOf('SUCCEEDED', `Connected to HOST. The token may read all three event types.${warning}`),
  );
});

test('a rejected token fails with the cause that the token shows', async () => {
  const revoked = [config.api_token, api.issueToken({ audience: undefined })];
  for (const token of revoked) api.revoke(token);
  const tokens = [api.issueToken({ expiresAt: new Date(NOW - DAY_MS) }), 'opaque', ...revoked];

  const outputs = await Promise.all(tokens.map((api_token) => check({ api_token })));

  expect(outputs).toMatchObject([
    verdictOf('FAILED', `The token expired on 2026-10-02 (HTTP 401 from HOST). Issue a new one ${WHERE}.`),
    verdictOf(
      'FAILED',
      'HOST rejected api_token (HTTP 401), and it does not look like an Events API token at all. Issue one ' +
        `${WHERE}, and paste it whole.`,
    ),
    verdictOf(
      'FAILED',
      'HOST rejected the token (HTTP 401), although it has not expired: it was revoked, altered or issued for another ' +
        `account. Issue a new one ${WHERE}.`,
    ),
    verdictOf(
      'FAILED',
      'HOST rejected the token (HTTP 401). It is a legacy token, which names no host of its own: set region to where ' +
        `the account signs in, or issue a new token ${WHERE}.`,
    ),
  ]);
});

test.each([404, 405, 410])('the original path of introspection serves where the current one is %d', async (status) => {
  api.options.introspection = 'original';
  api.fault({ on: 'introspect', fault: { kind: 'status', status } });

  const output = await check();

  expect(output.connectionStatus()?.status).toBe('SUCCEEDED');
  expect(api.requests.map(({ path, status }) => [path, status])).toEqual([
    ['/api/v2/auth/introspect', status],
    ['/api/auth/introspect', 200],
  ]);
});

describe('without introspection', () => {
  test.each<[string, SimulatorOptions, Fault | undefined]>([
    ['404 on both paths', { introspection: 'none' }, undefined],
    ['403', {}, { kind: 'status', status: 403 }],
    ['403 by a firewall', {}, { kind: 'status', status: 403, body: '<h1>No</h1>', contentType: 'text/html' }],
    ['405', {}, { kind: 'status', status: 405 }],
    ['410', {}, { kind: 'status', status: 410 }],
    ['500 to the end', {}, { kind: 'status', status: 500 }],
    ['no list of features', {}, { kind: 'body', value: { uuid: 'x', issued_at: 'y' } }],
    ['features that are no list', {}, { kind: 'body', value: { features: 'all' } }],
    ['null', {}, { kind: 'body', value: null }],
  ])('(%s) each stream that the token claims is asked for one event', async (_way, options, fault) => {
    Object.assign(api.options, options);
    if (fault !== undefined) api.fault({ on: 'introspect', times: ALWAYS, fault });

    const output = await check({ api_token: api.issueToken({ features: ['auditevents', 'signinattempts'] }) });

    const probes = api.requests.filter(({ feature }) => feature !== undefined);
    expect(probes.map(({ feature }) => feature).toSorted()).toEqual(['auditevents', 'signinattempts']);
    expect(probes.map(({ body }) => body)).toEqual(Array(2).fill({ limit: 1, start_time: '2020-01-01T00:00:00Z' }));
    expect(output.connectionStatus()).toEqual({
      status: 'SUCCEEDED',
      message: expect.stringContaining('It lacks item usages: deselect item_usages, or issue a new token'),
    });
  });

  test('every stream is asked if the token claims nothing, and a WARN says that one may look empty', async () => {
    api.options.introspection = 'none';
    const api_token = api.issueToken({ features: ['itemusages'], extra: { '1password.com/fts': undefined } });

    const output = await check({ api_token });

    expect(api.requests.flatMap(({ feature }) => feature ?? []).toSorted()).toEqual([
      'auditevents',
      'itemusages',
      'signinattempts',
    ]);
    expect(output.connectionStatus()).toEqual({
      status: 'SUCCEEDED',
      message: expect.stringContaining('deselect audit_events and sign_in_attempts, or issue a new token'),
    });
    expect(output.logs('WARN')).toEqual([expect.stringContaining('may look empty')]);
  });

  test('a token that every endpoint rejects is a rejected token, not one without event types', async () => {
    api.options.introspection = 'none';
    api.revoke(config.api_token);

    const output = await check();

    expect(output.connectionStatus()).toEqual({
      status: 'FAILED',
      message: expect.stringContaining('it was revoked'),
    });
  });

  test('the smallest budget is enough', async () => {
    api.options.introspection = 'none';
    const api_token = api.issueToken({ extra: { '1password.com/fts': undefined } });

    const output = await check({ api_token, requests_per_minute: 1 });

    expect(output.connectionStatus()).toMatchObject({ status: 'SUCCEEDED' });
    expect(clock.waitsMs).toEqual([]);
  });
});

test.each([{}, { 'Retry-After': '1' }, { 'Retry-After': '3600' }])(
  'throttled (%j), it never waits',
  async (headers) => {
    api.fault({ times: ALWAYS, fault: { kind: 'status', status: 429, headers } });

    const output = await check();

    expect(output.errors()).toEqual([expect.objectContaining({ failure_type: 'transient_error' })]);
    expect(clock.waitsMs).toEqual([]);
    expect(api.requests).toHaveLength(1);
  },
);

test('a fault that passes is survived', async () => {
  const fault = { kind: 'status', status: 502, contentType: 'text/html', body: '<h1>Bad Gateway</h1>' } as const;
  api.fault({ times: 2, fault });
  api.fault({ fault: { kind: 'cut_body' } });

  const output = await check();

  expect(output.connectionStatus()).toMatchObject({ status: 'SUCCEEDED' });
});

test.each([301, 302, 303, 307, 308])('a redirect (%i) is not followed', async (status) => {
  const elsewhere = await Simulator.start();
  const location = `${elsewhere.url}/api/v2/auth/introspect`;
  api.fault({ times: ALWAYS, fault: { kind: 'redirect', status, location } });

  const output = await check();
  await elsewhere.stop();

  expect(output.connectionStatus()).toEqual({
    status: 'FAILED',
    message: expect.stringContaining(`redirect (HTTP ${status}), which is not followed`),
  });
  expect(elsewhere.connections).toBe(0);
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
