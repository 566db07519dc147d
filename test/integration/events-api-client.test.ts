import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterEach, expect, test } from '@jest/globals';
import { EventsApiClient } from '../../src/events-api/client.ts';
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
  const pages = connect(port).pages('/', { startTimeMs: START }, { retries: 0, waitedMs: 0 });

  await pages.next();
  const outcome = Atomics.wait(requests, 0, 1, 5_000);
  await server.terminate();

  expect(outcome).not.toBe('timed-out');
});
