import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { StreamPage, StreamReader } from '../../src/airbyte/connector.ts';
import { OnePassword } from '../../src/one-password.ts';
import { Simulator } from '../simulator/simulator.ts';
import { TestClock } from '../support/connector.ts';

let api: Simulator;
let connector: OnePassword;
let reader: StreamReader;

beforeEach(async () => {
  api = await Simulator.start();
  api.generate({ auditevents: 2500, itemusages: 2500 });
  const { now, sleep } = new TestClock();
  const signal = new AbortController().signal;
  const deaf = { log: () => {}, rateLimited: () => {}, resumed: () => {} };
  connector = new OnePassword(
    { api_token: api.issueToken(), base_url: api.url },
    { now, sleep, random: () => 0.5, signal, ...deaf },
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

test('memory stays flat: the page of one stream waits until that of another is written', async () => {
  const first = open('audit_events');
  await first.next();
  let hasArrived = false;
  const second = open('item_usages');

  const arrival = second.next().then(() => {
    hasArrived = true;
  });
  while (!api.requests.some(({ feature, status }) => feature === 'itemusages' && status === 200)) await setImmediate();
  for (let turn = 0; turn < 100; turn += 1) await setImmediate();
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
