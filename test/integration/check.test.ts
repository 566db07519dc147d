import { beforeEach, expect, test } from '@jest/globals';
import { runCommand } from '../support/connector.ts';
import type { ConnectorOutput } from '../support/output.ts';
import { DAY_MS, NOW } from '../support/time.ts';
import { useSimulator } from '../support/use-simulator.ts';

const WHERE = 'in 1Password under Integrations, Events Reporting';

let connected: string;

const { api, clock } = useSimulator();

beforeEach(async () => {
  connected = `Connected to ${new URL(api.url).host}.`;
});

function check(api_token: string): Promise<ConnectorOutput> {
  return runCommand('check', { config: { api_token, base_url: api.url }, clock });
}

function statusOf(status: string, message: string): object[] {
  return [{ type: 'CONNECTION_STATUS', connectionStatus: { status, message } }];
}

test('a token with all event types succeeds after one request, in one message', async () => {
  const output = await check(api.issueToken());

  expect(output.exitCode).toBe(0);
  expect(output.messages).toEqual(statusOf('SUCCEEDED', `${connected} The token may read all three event types.`));
  expect(api.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /api/v2/auth/introspect']);
});

test('a token with some of the event types succeeds and names what is missing', async () => {
  const one = await check(api.issueToken({ features: ['signinattempts'] }));
  const two = await check(api.issueToken({ features: ['auditevents', 'itemusages'] }));

  expect([one.exitCode, two.exitCode]).toEqual([0, 0]);
  expect(one.messages).toEqual(
    statusOf(
      'SUCCEEDED',
      `${connected} The token may read sign-in attempts. It lacks audit events and item usages: deselect audit_events ` +
        'and item_usages, or issue a new token with all event types.',
    ),
  );
  expect(two.messages).toEqual(
    statusOf(
      'SUCCEEDED',
      `${connected} The token may read audit events and item usages. It lacks sign-in attempts: deselect ` +
        'sign_in_attempts, or issue a new token with all event types.',
    ),
  );
});

test('a rejected token that names no host is a legacy token', async () => {
  const token = api.issueToken({ audience: undefined });
  api.revoke(token);

  const output = await check(token);

  expect(output.connectionStatus()).toMatchObject({
    status: 'FAILED',
    message: expect.stringContaining('It is a legacy token, which names no host of its own: set region'),
  });
});

test('a token with none of the event types fails', async () => {
  const output = await check(api.issueToken({ features: [] }));

  expect(output.exitCode).toBe(0);
  expect(output.messages).toEqual(
    statusOf(
      'FAILED',
      `${new URL(api.url).host} accepts the token, but it has none of the event types audit events, item usages, and ` +
        `sign-in attempts, so nothing can be read. Issue a new token with all event types ${WHERE}.`,
    ),
  );
});

test.each([
  [14, 'expires on 2026-10-17, in 14 days'],
  [1.2, 'expires on 2026-10-04, in 2 days'],
  [0.5, 'expires on 2026-10-04, in 1 day'],
])('a token that expires in %d days succeeds, with the date', async (days, when) => {
  const output = await check(api.issueToken({ expiresAt: new Date(NOW + days * DAY_MS) }));

  expect(output.connectionStatus()).toEqual({
    status: 'SUCCEEDED',
    message:
      `${connected} The token may read all three event types. The token ${when}. Issue a new one ${WHERE}, and enter ` +
      'it before syncs fail.',
  });
});

test('an expiry more than 14 days ahead is not worth a word', async () => {
  const output = await check(api.issueToken({ expiresAt: new Date(NOW + 14 * DAY_MS + 1000) }));

  expect(output.connectionStatus()?.message).toBe(`${connected} The token may read all three event types.`);
});

test('a rejected token fails with the cause that the token shows', async () => {
  const expired = api.issueToken({ expiresAt: new Date(NOW - DAY_MS) });
  const revoked = api.issueToken();
  api.revoke(revoked);

  const outputs = await Promise.all([check(expired), check(revoked), check('opaque')]);

  const { host } = new URL(api.url);
  expect(outputs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
  expect(outputs.map((output) => output.messages)).toEqual([
    statusOf('FAILED', `The token expired on 2026-10-02 (HTTP 401 from ${host}). Issue a new one ${WHERE}.`),
    statusOf(
      'FAILED',
      `${host} rejected the token (HTTP 401), although it has not expired: it was revoked, altered or issued for another ` +
        `account. Issue a new one ${WHERE}.`,
    ),
    statusOf(
      'FAILED',
      `${host} rejected api_token (HTTP 401), and it does not look like an Events API token at all. Issue one ` +
        `${WHERE}, and paste it whole.`,
    ),
  ]);
});

test.each([404, 405, 410])('the original path of introspection serves where the current one is %d', async (status) => {
  api.options.introspection = 'original';
  api.fault({ on: 'introspect', fault: { kind: 'status', status } });

  const output = await check(api.issueToken({ features: ['auditevents', 'itemusages', 'signinattempts'] }));

  expect(output.messages).toEqual(statusOf('SUCCEEDED', `${connected} The token may read all three event types.`));
  expect(api.requests.map(({ path, status }) => [path, status])).toEqual([
    ['/api/v2/auth/introspect', status],
    ['/api/auth/introspect', 200],
  ]);
});

test('without introspection each stream that the token claims is asked for one event', async () => {
  api.options.introspection = 'none';
  const token = api.issueToken({ features: ['auditevents', 'signinattempts'] });

  const output = await check(token);

  const probes = api.requests.filter(({ feature }) => feature !== undefined);
  expect(probes.map(({ feature }) => feature).toSorted()).toEqual(['auditevents', 'signinattempts']);
  expect(probes.map(({ body }) => body)).toEqual(Array(2).fill({ limit: 1, start_time: '2020-01-01T00:00:00Z' }));
  expect(output.connectionStatus()).toEqual({
    status: 'SUCCEEDED',
    message:
      `${connected} The token may read audit events and sign-in attempts. It lacks item usages: deselect item_usages, ` +
      'or issue a new token with all event types.',
  });
});
