import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { run } from '../../src/airbyte/entrypoint.ts';
import { ConnectorError, toConnectorError } from '../../src/airbyte/errors.ts';
import { Output } from '../../src/airbyte/output.ts';
import type { AirbyteStream } from '../../src/airbyte/protocol.ts';
import type { ConfiguredSource, Source, StreamPage } from '../../src/airbyte/source.ts';
import { catalogOf } from '../support/catalog.ts';
import { writeInputs } from '../support/connector.ts';
import { ConnectorOutput } from '../support/output.ts';

const NOW = 1_790_000_000_123;

type Pages = () => AsyncIterable<StreamPage>;

function streamOf(name: string): AirbyteStream {
  return {
    name,
    json_schema: { type: 'object', properties: {} },
    supported_sync_modes: ['full_refresh', 'incremental'],
    source_defined_cursor: true,
    default_cursor_field: ['at'],
    source_defined_primary_key: [['id']],
    is_resumable: true,
  };
}

/** A source of anything but 1Password: the protocol layer must not know the difference. */
function sourceOf(pages: Record<string, Pages>, configured: Partial<ConfiguredSource> = {}): Source {
  return {
    spec: { connectionSpecification: { type: 'object', properties: { password: { airbyte_secret: true } } } },
    streams: Object.keys(pages).map(streamOf),
    configure: async () => ({
      check: async () => 'Fine.',
      open: async () => (stream) => pages[stream.name]?.() ?? pagesOf()(),
      explain: toConnectorError,
      close: () => {},
      ...configured,
    }),
  };
}

function pagesOf(...pages: StreamPage[]): Pages {
  return async function* () {
    yield* pages;
  };
}

function failing(error: Error, ...pages: StreamPage[]): Pages {
  return async function* () {
    yield* pages;
    throw error;
  };
}

async function command(name: string, source: Source, inputs = {}): Promise<ConnectorOutput> {
  const stdout = new PassThrough({ highWaterMark: 2 ** 30 });
  const { signal } = new AbortController();
  const files = writeInputs(name, { config: { password: 'correct-horse' }, ...inputs });
  const environment = { now: () => NOW + 0.5, sleep: async () => {}, random: () => 0, signal };
  const exitCode = await run(source, files.argv, new Output(stdout, signal), environment);
  files.dispose();
  return new ConnectorOutput(String(stdout.read() ?? ''), exitCode);
}

const readOf = (source: Source, streams: string[]) => command('read', source, { catalog: catalogOf(streams) });

test('a read is records, states and statuses in the order that Airbyte demands, each field in its place', async () => {
  const changes = [{ field: 'at', change: 'NULLED', reason: 'SOURCE_SERIALIZATION_ERROR' } as const];
  const first = { records: [{ data: { id: 1 } }, { data: { id: 2, at: null }, changes }], state: { cursor: 'a' } };
  const second = { records: [{ data: { id: 3 } }], state: undefined };
  const third = { records: [], state: { cursor: 'b' } };

  const output = await readOf(sourceOf({ things: pagesOf(first, second, third) }), ['things']);

  const descriptor = { name: 'things' };
  const status = (value: string) => ({
    type: 'TRACE',
    trace: {
      type: 'STREAM_STATUS',
      emitted_at: NOW,
      stream_status: { stream_descriptor: descriptor, status: value },
    },
  });
  const state = (cursor: string, recordCount: number) => ({
    type: 'STATE',
    state: {
      type: 'STREAM',
      stream: { stream_descriptor: descriptor, stream_state: { cursor } },
      sourceStats: { recordCount },
    },
  });
  expect(output.exitCode).toBe(0);
  expect(output.messages).toEqual([
    status('STARTED'),
    status('RUNNING'),
    { type: 'RECORD', record: { stream: 'things', data: { id: 1 }, emitted_at: NOW } },
    { type: 'RECORD', record: { stream: 'things', data: { id: 2, at: null }, emitted_at: NOW, meta: { changes } } },
    state('a', 2),
    { type: 'RECORD', record: { stream: 'things', data: { id: 3 }, emitted_at: NOW } },
    state('b', 1),
    status('COMPLETE'),
  ]);
});

test('one bad stream does not hide the others, and the exit code tells of it', async () => {
  const bad = new ConnectorError('transient_error', 'Out of order.', { cause: new TypeError('the cause') });
  const page = { records: [{ data: { id: 1 } }], state: { cursor: 'a' } };

  const output = await readOf(sourceOf({ bad: failing(bad, page), good: pagesOf(page) }), ['bad', 'good']);

  expect(output.exitCode).toBe(1);
  expect(output.statuses('bad')).toEqual(['STARTED', 'RUNNING', 'INCOMPLETE']);
  expect(output.statuses('good')).toEqual(['STARTED', 'RUNNING', 'COMPLETE']);
  expect(output.errors()).toEqual([
    {
      message: 'Out of order.',
      internal_message: 'TypeError: the cause',
      failure_type: 'transient_error',
      stream_descriptor: { name: 'bad' },
    },
  ]);
});

test('what the user must mend is said behind what may pass, since Airbyte retries by the first error', async () => {
  const later = async function* (): AsyncGenerator<StreamPage> {
    for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
    yield { records: [], state: { cursor: 'a' } };
    throw new ConnectorError('transient_error', 'Later.');
  };
  const source = sourceOf({ early: failing(new ConnectorError('config_error', 'Mend me.')), late: later });

  const output = await readOf(source, ['early', 'late']);

  expect(output.errors().map(({ message }) => message)).toEqual(['Later.', 'Mend me.']);
});

test('an error that ends the run is told once, and every stream that was under way is incomplete', async () => {
  const rejected = new ConnectorError('config_error', 'Rejected.', { endsRun: true });
  let close = () => {};
  const closed = new Promise<void>((resolve) => {
    close = resolve;
  });
  // Like a client: what is under way when it is closed fails because of that.
  const underWay = async function* (): AsyncGenerator<StreamPage> {
    yield { records: [], state: { cursor: 'a' } };
    await closed;
    throw new Error('The client was closed.');
  };
  const pages = { one: failing(rejected), two: failing(rejected), three: underWay, done: pagesOf() };
  const source = sourceOf(pages, { close });

  const output = await readOf(source, ['one', 'two', 'three', 'done']);

  expect(output.exitCode).toBe(1);
  expect(Object.keys(pages).map((name) => output.statuses(name).at(-1))).toEqual([
    ...Array(3).fill('INCOMPLETE'),
    'COMPLETE',
  ]);
  expect(output.statuses('three')).toEqual(['STARTED', 'RUNNING', 'INCOMPLETE']);
  expect(output.errors()).toEqual([{ message: 'Rejected.', failure_type: 'config_error' }]);
});

test('a bug is a system error with a stack and a plain sentence', async () => {
  const output = await readOf(sourceOf({ things: failing(new RangeError('off by one')) }), ['things']);

  expect(output.exitCode).toBe(1);
  expect(output.errors()).toEqual([
    {
      message: 'The connector failed unexpectedly. This is a bug: please report it with the log of this run.',
      internal_message: 'RangeError: off by one',
      stack_trace: expect.stringContaining('RangeError: off by one\n'),
      failure_type: 'system_error',
      stream_descriptor: { name: 'things' },
    },
  ]);
});

test('a check that may succeed later is an error without a status, and its sentence is logged too', async () => {
  const down = async () => {
    throw new ConnectorError('transient_error', 'Down with correct-horse.');
  };

  const output = await command('check', sourceOf({}, { check: down }));

  expect(output.exitCode).toBe(1);
  expect(output.messages).toEqual([
    { type: 'LOG', log: { level: 'ERROR', message: 'Down with ****.' } },
    {
      type: 'TRACE',
      trace: {
        type: 'ERROR',
        emitted_at: NOW,
        error: { message: 'Down with ****.', failure_type: 'transient_error' },
      },
    },
  ]);
});
