import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { catalogOf } from '../support/catalog.ts';
import { read, runCommand, writeInputs } from '../support/connector.ts';
import type { ConnectorOutput } from '../support/output.ts';
import { useSimulator } from '../support/use-simulator.ts';

const MISSING = join(tmpdir(), 'there-is-no-such-file.json');

const { api, config, generate } = useSimulator();

const good = { config, catalog: catalogOf() };

/** One ERROR that the user can fix, nothing else, and no request; `says` is the whole message or a part of it. */
function expectOneError(output: ConnectorOutput, says: string): void {
  expect({ exitCode: output.exitCode, messages: output.messages }).toEqual({
    exitCode: 1,
    messages: [
      {
        type: 'TRACE',
        trace: {
          type: 'ERROR',
          emitted_at: expect.any(Number),
          // Whole: no stack and no internal message beside it.
          error: { message: expect.stringContaining(says), failure_type: 'config_error' },
        },
      },
    ],
  });
  expect(output.stdout).not.toContain('hunter2');
  expect(api.requests).toEqual([]);
}

const NOT_JSON: [string, string][] = [
  ['white space', ' \n'],
  ['cut off', '{"api_token": "hunter2'],
  ['YAML', 'api_token: hunter2'],
  ['two values', '{} {"api_token": "hunter2"}'],
  ['binary', '\u0000\u0001hunter2\uFFFD'],
];

describe.each(['check', 'discover', 'read'])('%s ends with one clear error for a configuration that is', (command) => {
  test('not JSON', async () => {
    expectOneError(
      await runCommand(command, { ...good, config: 'api_token: hunter2' }),
      'The file given with --config is not JSON',
    );
  });

  test('missing', async () => {
    const argv = [command, '--config', MISSING, '--catalog', MISSING];
    expectOneError(await runCommand(command, { argv }), 'The file given with --config does not exist');
  });

  test('not named', async () => {
    expectOneError(await runCommand(command, { argv: [command] }), '--config FILE');
  });
});

describe('a configuration whose fields are all wrong is', () => {
  const wrong = { api_token: 1, region: 'hunter2', base_url: ['hunter2'] };
  const says = 'region must be one of';

  test.each(['discover', 'read'])('an error of %s', async (command) => {
    expectOneError(await runCommand(command, { ...good, config: wrong }), says);
  });

  test('FAILED in check', async () => {
    const output = await runCommand('check', { config: wrong });

    expect(output).toMatchObject({
      exitCode: 0,
      messages: [
        { type: 'CONNECTION_STATUS', connectionStatus: { status: 'FAILED', message: expect.stringContaining(says) } },
      ],
    });
    expect(output.stdout).not.toContain('hunter2');
  });
});

const unusableCatalog = (why: string) =>
  `The configured catalog cannot be used: ${why}. Refresh the source schema of the connection.`;
const unusableState = (why: string) =>
  `The saved state cannot be used: ${why}. Restore the connection's last state, or clear the state to start over.`;

describe('read ends with one clear error for a catalog that is', () => {
  const stream = { name: 'audit_events' };
  const NO_LIST = unusableCatalog('it is not an object with a list of "streams"');
  const noName = (entry: number) => unusableCatalog(`entry ${entry} of "streams" names no stream`);
  const NO_MODE = unusableCatalog('the sync mode of audit_events is neither "full_refresh" nor "incremental"');

  test.each<[string, unknown, string]>([
    ...[['empty', ''], ...NOT_JSON].map(([name = '', text]): [string, unknown, string] => [
      name,
      text,
      '--catalog is not JSON',
    ]),
    ['null', null, NO_LIST],
    ['a list', [], NO_LIST],
    ['an object without streams', {}, NO_LIST],
    ['an object with null streams', { streams: null }, NO_LIST],
    ['an object with an object of streams', { streams: {} }, NO_LIST],
    ['one of discover, not of a connection', { streams: [stream] }, noName(1)],
    ['one with a null entry', { streams: [null] }, noName(1)],
    ['one with a null stream', { streams: [{ stream }, { stream: null }] }, noName(2)],
    ['one with a nameless stream', { streams: [{ stream }, { stream: {} }] }, noName(2)],
    ['one with an empty name', { streams: [{ stream: { name: '' } }] }, noName(1)],
    ['one with a number for a name', { streams: [{ stream: { name: 7 } }] }, noName(1)],
    [
      'one with a stream twice',
      { streams: [{ stream }, { stream }] },
      unusableCatalog('it lists the stream audit_events twice'),
    ],
    ['one with an unknown sync mode', { streams: [{ stream, sync_mode: 'INVALID' }] }, NO_MODE],
    ['one with a number for a sync mode', { streams: [{ stream, sync_mode: 1 }] }, NO_MODE],
  ])('%s', async (_case, catalog, says) => {
    expectOneError(await read({ ...good, catalog }), says);
  });
});

describe('read ends with one clear error for a state that is', () => {
  const FORM = unusableState('it has a legacy or unknown form, not that of a list of per-stream states');
  const NAMELESS = unusableState('one of its entries names no stream');

  test.each<[string, unknown, string]>([
    ...NOT_JSON.slice(1).map(([name, text]): [string, unknown, string] => [name, text, '--state is not JSON']),
    ['a legacy object', { audit_events: { cursor: 'hunter2' } }, FORM],
    ['a string', '"hunter2"', FORM],
    ['a number', 7, FORM],
    ['a list with null', [null], NAMELESS],
    ['a list with a string', ['hunter2'], NAMELESS],
    ['a list with a legacy entry', [{ type: 'LEGACY', data: { cursor: 'hunter2' } }], NAMELESS],
    ['a list with a null stream', [{ type: 'STREAM', stream: null }], NAMELESS],
    ['a list with a nameless stream', [{ stream: { stream_descriptor: {}, stream_state: {} } }], NAMELESS],
    ['a global state without streams', [{ type: 'GLOBAL', global: { shared_state: {} } }], NAMELESS],
  ])('%s', async (_case, state, says) => {
    expectOneError(await read({ ...good, state }), says);
  });

  test.each([
    ['missing', MISSING, 'does not exist'],
    ['a directory', tmpdir(), 'cannot be read'],
  ])('%s', async (_case, path, says) => {
    const { argv, dispose } = writeInputs('read', good);
    const output = await runCommand('read', { argv: [...argv, '--state', path] });
    dispose();

    expectOneError(output, `The file given with --state ${says}`);
  });
});

describe('a state of the wrong type fails its stream and no other:', () => {
  test.each<[string, unknown, string]>([
    ['a string', 'hunter2', 'is not an object'],
    ['a list', ['hunter2'], 'is not an object'],
    ['a number', 7, 'is not an object'],
    ['a cursor that is a number', { cursor: 7 }, 'has a value for cursor that is not a string'],
    ['a cursor that is no string', { cursor: { of: 'hunter2' } }, 'has a value for cursor that is not a string'],
    [
      'a read_at that is no string',
      { cursor: 'c', read_at: 1700000000 },
      'has a value for read_at that is not a string',
    ],
    ['a read_at that is no date-time', { cursor: 'c', read_at: 'hunter2' }, 'has a read_at that is not a date-time'],
    [
      'an api_version that is no string',
      { cursor: 'c', api_version: 1 },
      'has a value for api_version that is not a string',
    ],
    [
      'an account_uuid that is no string',
      { cursor: 'c', account_uuid: [] },
      'has a value for account_uuid that is not a string',
    ],
  ])('%s', async (_case, stream_state, says) => {
    generate({ auditevents: 3, itemusages: 3 });
    const state = [{ type: 'STREAM', stream: { stream_descriptor: { name: 'audit_events' }, stream_state } }];

    const output = await read({ ...good, state });

    expect(output.exitCode).toBe(1);
    expect(output.errors()).toEqual([
      {
        message:
          `audit_events: the saved state ${says}, so the stream cannot resume from it. Restore the connection's last ` +
          'state, or clear the state of this stream to start over.',
        failure_type: 'config_error',
        stream_descriptor: { name: 'audit_events' },
      },
    ]);
    expect(output.statuses('audit_events')).toEqual(['STARTED', 'INCOMPLETE']);
    expect(output.statuses('item_usages')).toEqual(['STARTED', 'RUNNING', 'COMPLETE']);
    expect(output.records('item_usages')).toHaveLength(3);
    expect(output.stdout).not.toContain('hunter2');
  });
});

describe('works:', () => {
  test('null or nothing in every optional place, with incremental as the sync mode', async () => {
    generate({ auditevents: 3 });
    const nothing = { region: null, start_date: null, api_version: null, requests_per_minute: null };
    const nulls = {
      cursor_field: null,
      primary_key: null,
      generation_id: null,
      sync_id: null,
      destination_sync_mode: null,
    };
    const stream = { name: 'audit_events', json_schema: null, namespace: null, supported_sync_modes: null };

    const output = await read({
      config: { ...config, ...nothing },
      catalog: { streams: [{ stream, sync_mode: null, ...nulls }, { stream: { name: 'item_usages' } }] },
      state: [
        {
          type: null,
          stream: { stream_descriptor: { name: 'audit_events', namespace: null }, stream_state: null },
          global: null,
          data: null,
        },
        {
          type: 'STREAM',
          stream: {
            stream_descriptor: { name: 'item_usages' },
            stream_state: { cursor: null, read_at: null, api_version: null, account_uuid: null },
          },
        },
      ],
    });

    expect(output.exitCode).toBe(0);
    expect(output.records('audit_events')).toHaveLength(3);
    expect(output.statuses('item_usages').at(-1)).toBe('COMPLETE');
    expect([...output.errors(), ...output.logs('WARN')]).toEqual([]);
  });

  test('keys that nobody knows, and a byte order mark', async () => {
    const text = JSON.stringify({ ...config, __injected_declarative_manifest: {}, batch: 7 });

    const output = await runCommand('check', { config: `\uFEFF${text}` });

    expect(output.connectionStatus()).toMatchObject({ status: 'SUCCEEDED' });
  });
});
