import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SimulatedAccount } from '../../simulator/account/simulated-account.ts';
import { FarEnd } from '../support/far-end.ts';
import { readBundle, runBundle, runProcess } from '../support/process.ts';
import { AUTHORITY, type TlsFront } from '../support/tls.ts';

const TRUST = { NODE_EXTRA_CA_CERTS: AUTHORITY };

let farEnd: FarEnd;
let front: TlsFront;
let api_token: string;

beforeEach(async () => {
  farEnd = await FarEnd.start();
  front = await farEnd.tls();
  api_token = farEnd.api.issueToken();
});

afterEach(() => farEnd.stop());

test('all pages of a stream are read through one tunnel', async () => {
  new SimulatedAccount(farEnd.api).generate({ auditevents: 5500 });
  const proxy = await farEnd.proxy();

  const output = await readBundle({
    config: { api_token, base_url: front.url },
    env: { ...TRUST, HTTPS_PROXY: proxy.url },
  });

  expect(output.exitCode).toBe(0);
  expect(output.uuids('audit_events')).toEqual(farEnd.api.served('auditevents', 'v1').map(({ uuid }) => uuid));
  expect(farEnd.api.requests.filter(({ feature }) => feature === 'auditevents')).toHaveLength(6);
  // One for each of the three streams, which are read at the same time.
  expect(proxy.tunnels).toBeLessThanOrEqual(3);
});

test('transient faults of the proxy are survived, and a tunnel that turns out closed is no fault at all', async () => {
  new SimulatedAccount(farEnd.api).generate({ auditevents: 1500 });
  farEnd.api.fault({ on: 'auditevents', after: 1, fault: { kind: 'cut_connection' } });
  const proxy = await farEnd.proxy({ refuseFirst: [408, 429, 502] });

  const output = await readBundle({
    config: { api_token, base_url: front.url },
    env: { ...TRUST, HTTPS_PROXY: proxy.url },
  });

  expect(output.exitCode).toBe(0);
  expect(output.records('audit_events')).toHaveLength(1500);
  expect(output.logs('INFO').filter((line) => line.startsWith('Trying again'))).toEqual(
    [408, 429, 502].map((status) => expect.stringContaining(`proxy unavailable (HTTP ${status})`)),
  );
});

test.each([301, 401, 403, 404, 407])('HTTP %d of the proxy is final', async (refuseWith) => {
  const proxy = await farEnd.proxy({ refuseWith });

  const output = await runBundle('check', {
    config: { api_token, base_url: front.url },
    env: { ...TRUST, HTTPS_PROXY: proxy.url },
  });

  expect(output.connectionStatus()).toMatchObject({
    status: 'FAILED',
    message: expect.stringContaining(`(HTTP ${refuseWith})`),
  });
  expect(proxy.asked).toHaveLength(1);
});

test('a TLS alert after a verified connection is a transient fault', async () => {
  new SimulatedAccount(farEnd.api).generate({ auditevents: 5, itemusages: 5, signinattempts: 5 });
  const shaky = await farEnd.tls((connection) => connection === 1 || connection === 2);

  const output = await readBundle({ config: { api_token, base_url: shaky.url }, env: TRUST });

  expect(output.exitCode).toBe(0);
  expect(output.messages.filter(({ type }) => type === 'RECORD')).toHaveLength(15);
  expect(output.logs('INFO').filter((line) => line.includes('tls interrupted'))).toHaveLength(2);
});

test('a hundred tunnels leave no warning of too many listeners', async () => {
  let served = 0;
  farEnd.api.fault({
    on: 'auditevents',
    times: 100,
    fault: () => {
      served += 1;
      const body = JSON.stringify({ cursor: `c${served}`, has_more: served < 100, items: [] });
      return { kind: 'status', status: 200, headers: { Connection: 'close' }, body };
    },
  });
  const proxy = await farEnd.proxy();

  const output = await readBundle({
    config: { api_token, base_url: front.url },
    env: { ...TRUST, HTTPS_PROXY: proxy.url },
  });

  expect(output.exitCode).toBe(0);
  expect(proxy.tunnels).toBeGreaterThanOrEqual(100);
  expect(output.logs('WARN')).toEqual([]);
});

describe('a tunnel leads to', () => {
  test.each(['events.1password.com', 'events.ent.1password.com', 'events.1password.ca', 'events.1password.eu'])(
    'the host %s that the token names',
    async (host) => {
      farEnd.api.options.host = host;
      const proxy = await farEnd.proxy({ routes: { [host]: front.port } });

      const output = await runBundle('check', {
        config: { api_token: farEnd.api.issueToken() },
        env: { ...TRUST, HTTPS_PROXY: proxy.url },
      });

      expect(output.connectionStatus()).toEqual({
        status: 'SUCCEEDED',
        message: `Connected to ${host}. The token may read all three event types.`,
      });
      expect(proxy.asked).toEqual([`${host}:443`]);
    },
  );
});

test.each(['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'])('%s names the proxy', async (variable) => {
  const proxy = await farEnd.proxy();

  const output = await runBundle('check', {
    config: { api_token, base_url: front.url },
    env: { ...TRUST, [variable]: proxy.url },
  });

  expect(output.connectionStatus()).toMatchObject({ status: 'SUCCEEDED' });
  expect(proxy.tunnels).toBe(1);
});

test.each([
  ['NO_PROXY', '127.0.0.1'],
  ['no_proxy', 'example.com,127.0.0.1'],
  ['NO_PROXY', '*'],
])('%s=%s leads past the proxy', async (variable, value) => {
  const proxy = await farEnd.proxy();

  const output = await runBundle('check', {
    config: { api_token, base_url: front.url },
    env: { ...TRUST, HTTPS_PROXY: proxy.url, [variable]: value },
  });

  expect(output.connectionStatus()).toMatchObject({ status: 'SUCCEEDED' });
  expect(proxy.asked).toEqual([]);
});

test('the proxy gets its credentials, and nobody reads them', async () => {
  const proxy = await farEnd.proxy({ credentials: 'somebody:correct/horse' });

  const result = await runProcess('check', {
    config: { api_token, base_url: front.url },
    env: { ...TRUST, HTTPS_PROXY: proxy.urlFor('somebody:correct%2Fhorse') },
  });

  expect(result.exitCode).toBe(0);
  expect(proxy.authorizations).toEqual([`Basic ${btoa('somebody:correct/horse')}`]);
  expect(`${result.stdout}${result.stderr}`).not.toMatch(/correct|somebody|Proxy-Authorization/i);
});

describe('the credentials of a proxy appear nowhere', () => {
  test.each([
    ['are refused', (url: string) => url.replace('//', '//somebody:correct-horse@')],
    ['cannot be decoded', (url: string) => url.replace('//', '//somebody:correct%ZZhorse@')],
    ['stand in a malformed address', () => 'http://somebody:correct-horse@pro xy:3128'],
    ['stand in an address of another kind', () => 'socks5://somebody:correct-horse@127.0.0.1:1080'],
    ['stand in the variable for all protocols', () => 'socks5://somebody:correct-horse@127.0.0.1:1080', 'ALL_PROXY'],
  ])('if they %s', async (_case, toProxyUrl, variable = 'HTTPS_PROXY') => {
    const proxy = await farEnd.proxy({ credentials: 'somebody:else' });

    const output = await runBundle('check', {
      config: { api_token, base_url: front.url },
      env: { ...TRUST, [variable]: toProxyUrl(proxy.url) },
    });

    expect(output.connectionStatus()).toMatchObject({
      status: 'FAILED',
      message: expect.stringMatching(new RegExp(`^(The proxy in )?${variable}\\b`)),
    });
    expect(output.stdout).not.toMatch(/correct|somebody/);
  });
});

test('a proxy sees neither the token nor plain requests, and plain http to this machine passes it by', async () => {
  const proxy = await farEnd.proxy();

  const output = await runBundle('check', {
    config: { api_token, base_url: farEnd.api.url },
    env: { HTTP_PROXY: proxy.url, http_proxy: proxy.url, HTTPS_PROXY: proxy.url, ALL_PROXY: proxy.url },
  });

  expect(output.connectionStatus()).toMatchObject({ status: 'SUCCEEDED' });
  expect({ tunnels: proxy.asked, requests: proxy.plainRequests }).toEqual({ tunnels: [], requests: [] });
});

describe('a token that contradicts the configuration is sent nowhere', () => {
  test.each([
    ['of another region', 'events.1password.eu', { region: '1password.com' }],
    ['for a host outside 1Password', 'events.example.com', {}],
    ['for a host that only looks like one of 1Password', 'events.1password.com.example.com', {}],
  ])('%s', async (_case, host, fields) => {
    const proxy = await farEnd.proxy();

    const output = await runBundle('check', {
      config: { api_token: farEnd.api.issueToken({ host }), ...fields },
      env: { HTTPS_PROXY: proxy.url },
    });

    expect(output.connectionStatus()).toMatchObject({ status: 'FAILED' });
    expect(proxy.asked).toEqual([]);
  });
});
