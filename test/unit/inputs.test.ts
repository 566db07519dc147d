import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { parseCatalog, parseState, readJsonFile } from '../../src/airbyte/inputs.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'inputs-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

function file(content: string): string {
  const path = join(directory, 'input.json');
  writeFileSync(path, content);
  return path;
}

function configError(message: string): unknown {
  return expect.objectContaining({ failureType: 'config_error', message });
}

const streamState = (name: string, state: unknown) => ({ stream_descriptor: { name }, stream_state: state });
const entry = (name: string, state: unknown) => ({ type: 'STREAM', stream: streamState(name, state) });

test('a file is read as JSON, with a byte order mark or without', () => {
  expect(readJsonFile('--config', file('{"a":1}'))).toEqual({ a: 1 });
  expect(readJsonFile('--config', file('\uFEFF{"a":1}\n'))).toEqual({ a: 1 });
});

test('an empty file is nothing where it may be empty', () => {
  expect(readJsonFile('--state', file(''), { mayBeEmpty: true })).toBeUndefined();
  expect(readJsonFile('--state', file(' \n'), { mayBeEmpty: true })).toBeUndefined();
});

test.each(['', '{"api_token":"secret"', 'secret', '{secret}'])('%j is not JSON, and is not quoted', (content) => {
  const path = file(content);

  expect(() => readJsonFile('--config', path)).toThrow(
    configError(`The file given with --config is not JSON: ${path}`),
  );
});

test('a missing file and one that cannot be read are told apart', () => {
  const missing = join(directory, 'missing.json');

  expect(() => readJsonFile('--state', missing, { mayBeEmpty: true })).toThrow(
    configError(`The file given with --state does not exist: ${missing}`),
  );
  expect(() => readJsonFile('--catalog', directory)).toThrow(
    configError(`The file given with --catalog cannot be read: ${directory}`),
  );
});

test('a catalog names its streams and their sync modes; null and absent are incremental', () => {
  const streams = [
    { stream: { name: 'a', json_schema: null, namespace: null }, sync_mode: 'full_refresh', cursor_field: null },
    { stream: { name: 'b' }, sync_mode: 'incremental', primary_key: null, generation_id: null },
    { stream: { name: 'c' }, sync_mode: null },
    { stream: { name: 'd' } },
  ];

  expect(parseCatalog({ streams, extra: null })).toEqual([
    { name: 'a', syncMode: 'full_refresh' },
    { name: 'b', syncMode: 'incremental' },
    { name: 'c', syncMode: 'incremental' },
    { name: 'd', syncMode: 'incremental' },
  ]);
  expect(parseCatalog({ streams: [] })).toEqual([]);
});

test.each<[unknown, string]>([
  [null, 'it is not an object with a list of "streams"'],
  [[], 'it is not an object with a list of "streams"'],
  [{}, 'it is not an object with a list of "streams"'],
  [{ streams: {} }, 'it is not an object with a list of "streams"'],
  [{ streams: [null] }, 'entry 1 of "streams" names no stream'],
  [{ streams: [{ stream: { name: 'a' } }, { stream: null }] }, 'entry 2 of "streams" names no stream'],
  [{ streams: [{ stream: { name: '' } }] }, 'entry 1 of "streams" names no stream'],
  [{ streams: [{ stream: { name: 'a' } }, { stream: { name: 'a' } }] }, 'it lists the stream a twice'],
  [
    { streams: [{ stream: { name: 'a' }, sync_mode: 'INVALID' }] },
    'the sync mode of a is neither "full_refresh" nor "incremental"',
  ],
])('the catalog %j cannot be used', (catalog, why) => {
  expect(() => parseCatalog(catalog)).toThrow(
    configError(`The configured catalog cannot be used: ${why}. Refresh the source schema of the connection.`),
  );
});

test.each([[undefined], [null], [{}], [[]]])('%j is no state', (state) => {
  expect(parseState(state)).toEqual(new Map());
});

test('each entry is the state of its stream, whatever else it carries', () => {
  const decorated = { ...entry('b', null), id: 3, sourceStats: null, global: null, global_: null, data: null };

  expect(parseState([entry('a', { cursor: 'x' }), decorated, { stream: streamState('c', {}) }])).toEqual(
    new Map<string, unknown>([
      ['a', { cursor: 'x' }],
      ['b', null],
      ['c', {}],
    ]),
  );
});

test.each(['global', 'global_'])('a state of the form %s holds the states of its streams', (key) => {
  const state = [{ type: 'GLOBAL', [key]: { shared_state: null, stream_states: [streamState('a', { cursor: 'x' })] } }];

  expect(parseState(state)).toEqual(new Map([['a', { cursor: 'x' }]]));
});

test.each<[unknown, string]>([
  [{ audit_events: { cursor: 'x' } }, 'it has a legacy or unknown form, not that of a list of per-stream states'],
  ['x', 'it has a legacy or unknown form, not that of a list of per-stream states'],
  [7, 'it has a legacy or unknown form, not that of a list of per-stream states'],
  [[null], 'one of its entries names no stream'],
  [['x'], 'one of its entries names no stream'],
  [[{ type: 'LEGACY', data: { audit_events: {} } }], 'one of its entries names no stream'],
  [[{ type: 'STREAM', stream: null }], 'one of its entries names no stream'],
  [[{ type: 'STREAM', stream: { stream_descriptor: {} } }], 'one of its entries names no stream'],
  [[{ type: 'GLOBAL', global: {} }], 'one of its entries names no stream'],
])('the state %j cannot be used', (state, why) => {
  expect(() => parseState(state)).toThrow(
    configError(
      `The saved state cannot be used: ${why}. Restore the connection's last state, or clear the state to start over.`,
    ),
  );
});
