import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { FarEnd } from '../support/far-end.ts';
import { runBundle } from '../support/process.ts';
import { AUTHORITY, TlsFront } from '../support/tls.ts';

let farEnd: FarEnd;
let front: TlsFront;
let api_token: string;

beforeEach(async () => {
  farEnd = await FarEnd.start();
  front = await farEnd.tls();
  api_token = farEnd.api.issueToken();
});

afterEach(() => farEnd.stop());

test.each(['127.0.0.1', 'localhost'])(
  'NODE_EXTRA_CA_CERTS makes a private authority good for https://%s',
  async (host) => {
    const output = await runBundle('check', {
      config: { api_token, base_url: `https://${host}:${front.port}` },
      env: { NODE_EXTRA_CA_CERTS: AUTHORITY },
    });

    expect(output.connectionStatus()).toEqual({
      status: 'SUCCEEDED',
      message: `Connected to ${host}:${front.port}. The token may read all three event types.`,
    });
  },
);

test('a certificate for another name is refused, whoever signed it', async () => {
  const output = await runBundle('check', {
    config: { api_token, base_url: `https://127.0.0.2:${front.port}` },
    env: {
      NODE_EXTRA_CA_CERTS: AUTHORITY,
      HTTPS_PROXY: (await farEnd.proxy({ routes: { '127.0.0.2': front.port } })).url,
    },
  });

  expect(output.connectionStatus()).toMatchObject({
    status: 'FAILED',
    message: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID'),
  });
  expect(farEnd.api.requests).toEqual([]);
});

test.each([
  ['straight', async () => ({})],
  ['through a proxy', async () => ({ HTTPS_PROXY: (await farEnd.proxy()).url })],
])('%s, no environment variable switches the verification off', async (_way, environment) => {
  const output = await runBundle('check', {
    config: { api_token, base_url: front.url },
    env: { NODE_TLS_REJECT_UNAUTHORIZED: '0', ...(await environment()) },
  });

  expect(output.connectionStatus()).toMatchObject({
    status: 'FAILED',
    message: expect.stringContaining('No verified TLS connection'),
  });
  expect(farEnd.api.requests).toEqual([]);
});

test('the same holds for a proxy that is spoken to over TLS: it is told nothing before it is verified', async () => {
  const proxy = await farEnd.proxy();
  const proxyFront = await TlsFront.start(proxy.url);
  const config = { api_token, base_url: front.url };
  const HTTPS_PROXY = proxyFront.url.replace('//', '//user:password@');

  const trusted = await runBundle('check', { config, env: { HTTPS_PROXY, NODE_EXTRA_CA_CERTS: AUTHORITY } });
  const asked = [...proxy.asked];
  const untrusted = await runBundle('check', { config, env: { HTTPS_PROXY, NODE_TLS_REJECT_UNAUTHORIZED: '0' } });
  await proxyFront.stop();

  expect(trusted.connectionStatus()).toMatchObject({ status: 'SUCCEEDED' });
  expect(untrusted.connectionStatus()).toMatchObject({
    status: 'FAILED',
    message: expect.stringContaining('No verified TLS connection'),
  });
  expect(proxy.asked).toEqual(asked);
});
