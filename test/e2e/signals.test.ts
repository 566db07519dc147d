import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { catalogOf } from '../support/catalog.ts';
import { ConnectorOutput } from '../support/output.ts';
import { start } from '../support/process.ts';
import { UNLIMITED, useSimulator } from '../support/use-simulator.ts';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

type Child = ReturnType<typeof start>['child'];

let child: Child;
let dispose: () => void;
let stderr = '';

const { api } = useSimulator({ now: Date.now, budget: UNLIMITED });

beforeEach(async () => {
  stderr = '';
});

afterEach(async () => {
  child.kill('SIGKILL');
  dispose();
});

test('a closed stdout ends the run at once, with a non-zero code', async () => {
  serveWithoutEnd();
  run('read');
  await bytesOf(child, 100_000);

  child.stdout.destroy();

  expect(await endOf(child)).toEqual({ exitCode: 1, signal: null });
  expect(stderr).toBe('');
});

test('a stdout that is closed while the run waits for its reader ends it at once, with a non-zero code', async () => {
  serveWithoutEnd();
  run('read');
  await stalledReader();

  child.stdout.destroy();

  expect(await endOf(child)).toEqual({ exitCode: 1, signal: null });
  expect(stderr).toBe('');
});

test.each(SIGNALS)('%s in the middle of reading ends the run by the signal, with no COMPLETE', async (signal) => {
  serveWithoutEnd();
  run('read');
  const read = await bytesOf(child, 100_000);

  child.kill(signal);
  const rest = restOf(child);

  expect(await endOf(child)).toEqual({ exitCode: null, signal });
  expect(read + (await rest)).not.toContain('COMPLETE');
  expect(stderr).toBe('');
});

test.each(SIGNALS)('%s in a backoff of an hour ends the run by the signal, with no COMPLETE', async (signal) => {
  api.fault({ fault: { kind: 'status', status: 429, headers: { 'Retry-After': '3600' } } });
  run('read');
  const read = await textUntil(child, '"RATE_LIMITED"');

  child.kill(signal);
  const rest = restOf(child);

  expect(await endOf(child)).toEqual({ exitCode: null, signal });
  const output = new ConnectorOutput(read + (await rest), null);
  expect(output.errors()).toEqual([]);
  expect(output.statuses('audit_events')).toEqual(['STARTED', 'RATE_LIMITED']);
  expect(stderr).toBe('');
});

test.each(SIGNALS)(
  '%s while 1Password does not answer ends the run by the signal, with no COMPLETE',
  async (signal) => {
    api.fault({ on: 'auditevents', fault: { kind: 'stall' } });
    run('read', ['audit_events']);
    const read = await textUntil(child, 'Starting at');

    child.kill(signal);
    const rest = restOf(child);

    expect(await endOf(child)).toEqual({ exitCode: null, signal });
    const output = new ConnectorOutput(read + (await rest), null);
    expect(output.errors()).toEqual([]);
    expect(output.statuses('audit_events')).toEqual(['STARTED']);
    expect(stderr).toBe('');
  },
);

test.each(SIGNALS)('%s while nobody reads stdout ends the run by the signal all the same', async (signal) => {
  serveWithoutEnd();
  run('read');
  await stalledReader();

  child.kill(signal);

  expect(await endOf(child)).toEqual({ exitCode: null, signal });
  expect(stderr).toBe('');
});

test('SIGTERM during a connection test ends it by the signal, without a verdict', async () => {
  api.fault({ fault: { kind: 'stall' } });
  run('check');
  const rest = restOf(child);
  await requested(1);

  child.kill('SIGTERM');

  expect(await endOf(child)).toEqual({ exitCode: null, signal: 'SIGTERM' });
  expect(await rest).toBe('');
  expect(stderr).toBe('');
});

function run(command: string, streams?: readonly string[]): void {
  const config = { api_token: api.issueToken(), base_url: api.url };
  ({ child, dispose } = start(command, { config, ...(command === 'read' && { catalog: catalogOf(streams) }) }));
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += String(chunk);
  });
}

/** Pages that never come to an end: a run that ends has not ended by itself. */
function serveWithoutEnd(): void {
  let served = 0;
  const items = Array.from({ length: 200 }, (_, index) => ({ uuid: `e${index}`, timestamp: '2026-10-01T00:00:00Z' }));
  api.fault({
    on: ({ feature }) => feature !== undefined,
    times: Number.POSITIVE_INFINITY,
    fault: () => {
      served += 1;
      return { kind: 'body', value: { cursor: `c${served}`, has_more: true, items } };
    },
  });
}

/** What came on stdout, once it is so much. Nothing more is read. */
async function bytesOf({ stdout }: Child, size: number): Promise<string> {
  let text = '';
  while (text.length < size) {
    text += String(stdout.read() ?? '');
    if (text.length < size) await once(stdout, 'readable');
  }
  return text;
}

async function textUntil({ stdout }: Child, wanted: string): Promise<string> {
  let text = '';
  while (!text.includes(wanted)) {
    await once(stdout, 'readable');
    text += String(stdout.read() ?? '');
  }
  return text;
}

async function restOf({ stdout }: Child): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdout) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

async function endOf(of: Child): Promise<object> {
  const [exitCode, signal] =
    of.exitCode === null && of.signalCode === null ? await once(of, 'exit') : [of.exitCode, of.signalCode];
  return { exitCode, signal };
}

async function requested(count: number): Promise<void> {
  while (api.requests.length < count) await pause();
}

/** Waits until the connector asks for no more pages, because its pipe is full. */
async function stalledReader(): Promise<void> {
  await requested(10);
  for (let before = 0; before < api.requests.length; ) {
    before = api.requests.length;
    await pause(300);
  }
}

function pause(ms = 10): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
