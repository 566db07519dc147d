import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Worker } from 'node:worker_threads';
import { afterEach, expect, test } from '@jest/globals';
import { EventsApiClient } from '../../src/events-api/client.ts';
import { cursorEndpoint } from '../../src/events-api/cursor-endpoint.ts';
import type { Endpoint } from '../../src/events-api/endpoint.ts';
import { READ_POLICY } from '../../src/events-api/retry.ts';
import { TestClock } from '../support/connector.ts';

const START = Date.parse('2026-10-03T12:00:00Z');

let client: EventsApiClient;

afterEach(() => client.close());

function connect(port: number): EventsApiClient {
  client = new EventsApiClient({
    baseUrl: `http://127.0.0.1:${port}`,
    token: 'token',
    userAgent: 'test',
    budget: { perMinute: 600, perHour: 30_000 },
    retryPolicy: READ_POLICY,
    clock: Object.assign(new TestClock(START), { random: () => 0 }),
    signal: new AbortController().signal,
    observer: { onWait: () => {}, onResume: () => {}, onRetry: () => {} },
  });
  return client;
}

test('a stream with another form of paging costs one endpoint: GET, query parameters and next_page_token', async () => {
  const path = '/api/v3/auditevents';
  const endpoint: Endpoint = {
    firstRequest: (start_time, page_size) => ({ method: 'GET', path, query: { start_time, page_size } }),
    nextRequest: (page_token) => ({ method: 'GET', path, query: { page_token } }),
    parsePage: (body) => {
      const { audit_events: items, next_page_token: cursor } = body as { audit_events: []; next_page_token?: string };
      return { items, hasMore: cursor !== undefined, ...(cursor !== undefined && { cursor }) };
    },
  };
  const pages = [
    { audit_events: [{ uuid: 'a' }, { uuid: 'b' }], next_page_token: 'next page&1' },
    { audit_events: [], next_page_token: 'p2' },
    { audit_events: [{ uuid: 'c' }] },
  ];
  const requests: unknown[] = [];
  const server = createServer((request, response) => {
    requests.push([request.method, request.url, request.headers.authorization]);
    response.end(JSON.stringify(pages[requests.length - 1]));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  const read = [];
  for await (const page of connect(port).pages(endpoint, { startTimeMs: START }, { retries: 0, waitedMs: 0 })) {
    read.push([page.items.map(({ uuid }) => uuid), page.isLast]);
  }
  server.close();

  expect(read).toEqual([
    [['a', 'b'], false],
    [[], false],
    [['c'], true],
  ]);
  expect(requests).toEqual([
    ['GET', `${path}?start_time=2026-10-03T12:00:00Z&page_size=1000`, 'Bearer token'],
    ['GET', `${path}?page_token=next+page%261`, 'Bearer token'],
    ['GET', `${path}?page_token=p2`, 'Bearer token'],
  ]);
});

/** Counts its requests where a thread that is busy can see them. */
const SERVER = `
  const { createServer } = require('node:http');
  const { workerData: requests, parentPort } = require('node:worker_threads');
  createServer((request, response) => request.resume().on('end', () => {
    const count = Atomics.add(requests, 0, 1) + 1;
    Atomics.notify(requests, 0);
    response.end(JSON.stringify({ cursor: 'c' + count, has_more: true, items: [{ uuid: 'e' + count }] }));
  })).listen(0, '127.0.0.1', function () { parentPort.postMessage(this.address().port); });
`;

test('the next page is on its way while this one is dealt with, even by a thread that does nothing else', async () => {
  const requests = new Int32Array(new SharedArrayBuffer(4));
  const server = new Worker(SERVER, { eval: true, workerData: requests });
  const [port] = (await once(server, 'message')) as [number];
  const pages = connect(port).pages(cursorEndpoint('/'), { startTimeMs: START }, { retries: 0, waitedMs: 0 });

  await pages.next();
  const outcome = Atomics.wait(requests, 0, 1, 5_000);
  await server.terminate();

  expect(outcome).not.toBe('timed-out');
});
