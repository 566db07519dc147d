import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { exampleItems } from '../../simulator/example-items.ts';
import { catalogOf } from '../support/catalog.ts';
import { writeInputs } from '../support/connector.ts';
import { ConnectorOutput } from '../support/output.ts';
import { BUNDLE, readBundle, start } from '../support/process.ts';
import { useSimulator } from '../support/use-simulator.ts';
import { json } from '../support/wild-json.ts';

/** Far more than all the buffers between the two processes. */
const MANY = 20_000;

/** What Airbyte's tools, by Python's `splitlines`, take for the end of a line. */
const LINE_ENDS = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;

const { api, config } = useSimulator({ now: Date.now });

function addMany(): unknown[] {
  const [example] = exampleItems.auditevents;
  const timestamp = new Date().toISOString();
  const items = Array.from({ length: MANY }, (_, index) => ({ ...example, uuid: `e${index}`, timestamp }));
  return api.add('auditevents', ...items).map(({ uuid }) => uuid);
}

test('a large output arrives complete through a pipe', async () => {
  const uuids = addMany();

  const output = await readBundle({ config });

  expect(output.exitCode).toBe(0);
  expect(output.uuids('audit_events')).toEqual(uuids);
  expect(output.messages.at(-1)?.trace?.stream_status?.status).toBe('COMPLETE');
});

test('a large output arrives complete in a file', async () => {
  const uuids = addMany();
  const directory = mkdtempSync(join(tmpdir(), 'output-'));
  const path = join(directory, 'output.jsonl');
  const file = openSync(path, 'w');
  const { argv, dispose } = writeInputs('read', { config, catalog: catalogOf() });

  const child = spawn(process.execPath, [BUNDLE, ...argv], { stdio: ['ignore', file, 'ignore'] });
  const [exitCode] = (await once(child, 'close')) as [number];
  closeSync(file);
  const output = new ConnectorOutput(readFileSync(path, 'utf8'), exitCode);
  dispose();
  rmSync(directory, { recursive: true });

  expect([output.exitCode, output.uuids('audit_events')]).toEqual([0, uuids]);
});

test('while nobody reads, no more than the next page is asked for, and then everything arrives', async () => {
  const uuids = addMany();
  const { child, dispose } = start('read', { config, catalog: catalogOf(['audit_events']) });
  child.stderr.resume();
  const pages = () => api.requests.filter(({ feature }) => feature === 'auditevents').length;

  while (pages() < 2) await sleep(10);
  await sleep(500);
  const askedUnread = pages();
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [exitCode] = (await once(child, 'close')) as [number];
  dispose();

  const output = new ConnectorOutput(Buffer.concat(chunks).toString(), exitCode);
  expect(askedUnread).toBeLessThanOrEqual(3);
  expect([output.exitCode, output.uuids('audit_events')]).toEqual([0, uuids]);
});

test.each([
  ['spec', {}, 0],
  ['check', {}, 0],
  ['read', {}, 0],
  ['read', { api_token: 'unknown' }, 1],
])('%s with stdout thrown away, as %j, exits with the code that it has anywhere', async (command, change, expected) => {
  const { argv, dispose } = writeInputs(command, {
    ...(command !== 'spec' && { config: { ...config, ...change } }),
    ...(command === 'read' && { catalog: catalogOf() }),
  });

  // Node's 'ignore', like Python's DEVNULL, opens the null device for reading and writing.
  const child = spawn(process.execPath, [BUNDLE, ...argv], { stdio: ['ignore', 'ignore', 'pipe'] });
  const [[exitCode], stderr] = await Promise.all([once(child, 'close'), text(child.stderr)]);
  dispose();

  expect([exitCode, stderr]).toEqual([expected, '']);
});

test('names with line separators, quotes and emoji come out of the bundle on one line each', async () => {
  const names = ['a\u2028b', 'a\u2029b', 'a\u0085b', 'a\nb\r', '"\\"', '👩‍👧 Zoë', '\v\f'];
  api.add('itemusages', ...names.map((name, index) => ({ uuid: `i${index}`, user: { name } })));

  const output = await readBundle({ config });

  expect(output.records('item_usages').map(({ user }) => user)).toEqual(names.map((name) => ({ name })));
  expect(output.stdout.split(LINE_ENDS)).toHaveLength(output.messages.length + 1);
});

test('hundreds of wild items come out of the bundle, and nothing on stderr', async () => {
  const wild = fc.sample(json.object, { numRuns: 400, seed: 5 });
  const items = [...wild, '{"uuid":"good","timestamp":"2026-10-01T00:00:00Z"}'];
  const body = `{"has_more":false,"cursor":"c1","items":[${items.join(',')}]}`;
  api.fault({ on: 'auditevents', fault: { kind: 'raw', body } });

  const output = await readBundle({ config, catalog: catalogOf(['audit_events']) });

  expect(output.exitCode).toBe(0);
  expect(output.records('audit_events')).toHaveLength(401);
  expect(output.uuids('audit_events').at(-1)).toBe('good');
});
