import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import axios from 'axios';
import { SimulatedAccount } from '../../simulator/account/simulated-account.ts';
import type { Fault } from '../../simulator/server.ts';
import { run } from '../../src/airbyte/entrypoint.ts';
import { Output } from '../../src/airbyte/output.ts';
import { OnePasswordSource } from '../../src/configured-source.ts';
import { source } from '../../src/source.ts';
import { catalogOf } from '../support/catalog.ts';
import { read, TestClock, writeInputs } from '../support/connector.ts';
import { FarEnd } from '../support/far-end.ts';
import { ConnectorOutput } from '../support/output.ts';
import { piecesIn, runInSandbox } from '../support/sandbox.ts';

const ALWAYS = Number.POSITIVE_INFINITY;

let farEnd: FarEnd;
let token: string;
let config: { api_token: string; base_url: string };

beforeEach(async () => {
  farEnd = await FarEnd.start();
  token = farEnd.api.issueToken();
  config = { api_token: token, base_url: farEnd.api.url };
});

afterEach(() => farEnd.stop());

/** Every place in an answer into which a server, a gateway or a debugging page might put what it was sent. */
const ECHOES: [string, (authorization: string) => Fault][] = [
  ['the body of a 400', (body) => ({ kind: 'status', status: 400, body: `{"Error":{"Message":"${body}"}}` })],
  ['the body of a 401', (body) => ({ kind: 'status', status: 401, body: `{"status":401,"message":"${body}"}` })],
  ['the body of a 403', (body) => ({ kind: 'status', status: 403, body, contentType: 'text/plain' })],
  ['the page of a 404', (body) => ({ kind: 'status', status: 404, body: `<p>${body}`, contentType: 'text/html' })],
  ['the body of a 418', (body) => ({ kind: 'status', status: 418, body: JSON.stringify({ [body]: body }) })],
  [
    'a header of a 401',
    (echo) => ({ kind: 'status', status: 401, headers: { 'WWW-Authenticate': echo, 'X-Echo': echo } }),
  ],
  ['the Location of a redirect', (echo) => ({ kind: 'redirect', location: `http://127.0.0.1:9/?${echo}` })],
  ['a page with status 200', (body) => ({ kind: 'raw', body: `<html>${body}`, contentType: 'text/html' })],
  ['a text with status 200', (body) => ({ kind: 'raw', body: `authorization: ${body}` })],
  ['the JSON of another service', (echo) => ({ kind: 'body', value: { headers: { [echo]: echo } } })],
  ['a list in place of events', (echo) => ({ kind: 'body', value: { items: [echo], features: [echo] } })],
];

describe('a token that the server echoes is shown nowhere, be it in', () => {
  test.each(ECHOES)('%s', async (_place, echo) => {
    farEnd.api.fault({ times: ALWAYS, fault: echo(`Bearer ${token}`) });

    const runs = [
      await runInSandbox('check', { config }),
      await runInSandbox('read', { config, catalog: catalogOf() }),
    ];

    const pieces = runs.flatMap(({ stdout, stderr }) => piecesIn(stdout + stderr, token));
    expect({ pieces, files: runs.flatMap(({ files }) => files) }).toEqual({ pieces: [], files: [] });
    expect(farEnd.api.requests.length).toBeGreaterThan(1);
  });

  test.each<[string, (authorization: string) => Fault]>([
    ['the body of a 429', (body) => ({ kind: 'status', status: 429, body, headers: { 'Retry-After': body } })],
    ['the body of a 500', (body) => ({ kind: 'status', status: 500, body })],
    ['a date of a 503', (echo) => ({ kind: 'status', status: 503, headers: { 'Retry-After': echo } })],
  ])('%s, after all retries', async (_place, echo) => {
    farEnd.api.fault({ times: ALWAYS, fault: echo(`Bearer ${token}`) });

    const output = await read({ config });

    expect(new Set(output.errors().map(({ failure_type }) => failure_type))).toEqual(new Set(['transient_error']));
    expect(piecesIn(output.stdout, token)).toEqual([]);
  });

  test.each<[string, (authorization: string) => string]>([
    ['the reason of a status', (echo) => `HTTP/1.1 500 ${echo}\r\nContent-Length: 0\r\n\r\n`],
    ['bytes that are not HTTP', (echo) => `${echo}\r\n\r\n`],
    ['a broken header', (echo) => `HTTP/1.1 200 OK\r\n${echo}\r\n\r\n`],
    ['headers without end', (echo) => `HTTP/1.1 200 OK\r\nX-Echo: ${echo.repeat(200)}\r\n\r\n`],
    ['a broken chunk', (echo) => `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${echo}`],
    [
      'a body that is not gzip',
      (echo) => `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\n${echo}`,
    ],
  ])('%s, after all retries', async (_place, echo) => {
    const { url } = await farEnd.raw(echo(`Bearer ${token}`));

    const output = await read({ config: { ...config, base_url: url } });

    expect(new Set(output.errors().map(({ failure_type }) => failure_type))).toEqual(new Set(['transient_error']));
    expect(piecesIn(output.stdout, token)).toEqual([]);
  });

  test('the name of a field, of which the log speaks', async () => {
    farEnd.api.add('auditevents', {
      uuid: 'V5TRQ2NXKZJ7HWBYD4LMCGE3AU',
      timestamp: new Date().toISOString(),
      [token]: true,
      [token.slice(0, token.indexOf('.'))]: true,
    });

    const output = await read({ config });

    expect(output.logs('WARN')).toEqual([
      expect.stringContaining(`(a name of ${token.length} characters)`),
      expect.stringContaining('"****"'),
    ]);
    const spoken = output.messages.filter(({ type }) => type !== 'RECORD');
    expect(piecesIn(JSON.stringify(spoken), token)).toEqual([]);
  });
});

describe('an error that nobody foresaw shows its stack, and no part of the token', () => {
  const errors: [string, (error: unknown) => unknown][] = [
    ['of axios', (error) => error],
    ['that caused another', (cause) => new Error(`Bearer ${token}`, { cause })],
    ['in a name', () => Object.assign(new Error('oops'), { name: token })],
    ['that holds a part of it', () => new Error(`unexpected ${token.split('.')[2]} at 7`)],
    ['that is no error', () => `Bearer ${token}`],
  ];

  test.each(errors)('%s', async (_case, toThrown) => {
    const axiosError: unknown = await axios
      .get(`${await farEnd.deserted()}/${token}`, { headers: { Authorization: `Bearer ${token}` } })
      .catch((error) => Object.assign(error, { message: `GET with ${JSON.stringify(error)}` }));
    const output = await runFailing(toThrown(axiosError), ` Bearer ${token}\n`);

    expect(output).toContain('"failure_type":"system_error"');
    expect(piecesIn(output, token)).toEqual([]);
  });
});

/** What `check` writes if the connector throws this. */
async function runFailing(thrown: unknown, api_token: string): Promise<string> {
  const files = writeInputs('check', { config: { ...config, api_token } });
  const stdout = new PassThrough();
  const { signal } = new AbortController();
  const { now, sleep } = new TestClock();
  const failing: typeof source = {
    ...source,
    configure: async (rawConfig, runtime) =>
      Object.assign(new OnePasswordSource(rawConfig, runtime), { check: () => Promise.reject(thrown) }),
  };
  await run(failing, files.argv, new Output(stdout, signal), { now, sleep, random: Math.random, signal });
  files.dispose();
  return String(stdout.read());
}

test("Node's debugging output is not ours: stdout stays clean of it, and of the token", async () => {
  farEnd.api.fault({ times: ALWAYS, fault: { kind: 'status', status: 401, body: token } });

  const { stdout, exitCode } = await runInSandbox('check', {
    config,
    env: { DEBUG: '*', NODE_DEBUG: 'http,https,net,tls', LOG_LEVEL: 'debug' },
  });

  expect(new ConnectorOutput(stdout, exitCode).connectionStatus()).toMatchObject({ status: 'FAILED' });
  expect(piecesIn(stdout, token)).toEqual([]);
});

test('a sync that goes well shows no part of the token and writes no file', async () => {
  new SimulatedAccount(farEnd.api).generate({ auditevents: 50, itemusages: 50, signinattempts: 50 });

  const { stdout, stderr, files, exitCode } = await runInSandbox('read', { config, catalog: catalogOf() });

  expect({ exitCode, stderr, files, pieces: piecesIn(stdout, token) }).toEqual({
    exitCode: 0,
    stderr: '',
    files: [],
    pieces: [],
  });
});

test('the sandbox would notice: a file written, and each part of a token', async () => {
  const { stdout, files } = await runInSandbox('spec', {
    argv: ['spec'],
    env: { NODE_OPTIONS: '--trace-event-categories v8' },
  });

  expect(stdout).toContain('"SPEC"');
  expect(files).not.toEqual([]);
  expect(piecesIn(`x${token.split('.')[1]}y`, token)).toEqual([token.split('.')[1]]);
});
