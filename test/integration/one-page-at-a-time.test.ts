import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { StreamPage, StreamReader } from '../../src/airbyte/connector.ts';
import { OnePassword } from '../../src/one-password.ts';
import { Simulator } from '../simulator/simulator.ts';
import { TestClock } from '../support/connector.ts';

let api: Simulator;
let connector: OnePassword;
let reader: StreamReader;
let clock: TestClock;

beforeEach(async () => {
  api = await Simulator.start();
  api.generate({ auditevents: 2500, itemusages: 2500, signinattempts: 500 });
  clock = new TestClock();
  const signal = new AbortController().signal;
  const deaf = { log: () => {}, rateLimited: () => {}, resumed: () => {} };
  connector = new OnePassword(
    { api_token: api.issueToken(), base_url: api.url },
    { now: clock.now, sleep: clock.sleep, random: () => 0.5, signal, ...deaf },
  );
  reader = await connector.open([]);
});

afterEach(async () => {
  connector.close();
  expect(api.violations).toEqual([]);
  await api.stop();
});

function open(name: string): AsyncIterator<StreamPage> {
  return reader({ name, syncMode: 'incremental', state: undefined })[Symbol.asyncIterator]();
}

async function countRecords(pages: AsyncIterator<StreamPage>): Promise<number> {
  let count = 0;
  for (let page = await pages.next(); page.done !== true; page = await pages.next()) {
    count += [...page.value.records].length;
  }
  return count;
}

/** Until the API has answered a request for that feature with success. */
async function untilServed(feature: string): Promise<void> {
  const isServed = () => api.requests.some((request) => request.feature === feature && request.status === 200);
  for (let pass = 0; pass < 100_000 && !isServed(); pass += 1) await setImmediate();
  for (let pass = 0; pass < 100; pass += 1) await setImmediate();
}

test('memory stays flat: the page of one stream waits until that of another is written', async () => {
  const first = open('audit_events');
  await first.next();
  let hasArrived = false;
  const second = open('item_usages');

  const arrival = second.next().then(() => {
    hasArrived = true;
  });
  await untilServed('itemusages');
  const before = hasArrived;
  await first.return?.();
  await arrival;

  expect([before, hasArrived]).toEqual([false, true]);
});

test('one bad stream does not hold up the others: given up in the middle of a page, with the next one under way', async () => {
  const given = open('audit_events');
  await given.next();
  const other = countRecords(open('item_usages'));

  await given.return?.();

  expect(await other).toBe(2500);
});

test('nothing is lost to a slow destination: a page that waits to be written is not taken for throttling', async () => {
  const first = open('audit_events');
  await first.next();
  const throttled = { kind: 'status', status: 429 } as const;
  api.fault({ on: 'itemusages', fault: throttled });
  const second = countRecords(open('item_usages'));
  await untilServed('itemusages');

  clock.nowMs += 66 * 60_000;
  api.fault({ on: 'signinattempts', fault: throttled });
  const third = countRecords(open('sign_in_attempts'));
  await untilServed('signinattempts');
  await first.return?.();

  expect(await Promise.all([second, third])).toEqual([2500, 500]);
});
