import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { eventsNamed } from '../support/items.ts';
import { useSimulator } from '../support/use-simulator.ts';

const DEMO = join(__dirname, '../../dist/demo.js');

let folder: string;

const { api, generate } = useSimulator({ now: Date.now });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'source-1password-demo-test-'));
});

afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
});

/** The demo writes its own files into the test's folder. */
async function runDemo(...flags: string[]): Promise<{ exitCode: number | null; stdout: string; stderr: string }> {
  const env = { PATH: process.env['PATH'], TMPDIR: folder };
  const child = spawn(process.execPath, [DEMO, ...flags], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const [exitCode] = await once(child, 'close');
  return { exitCode, ...output };
}

function writeConfig(config: object): string {
  const path = join(folder, 'config.json');
  writeFileSync(path, JSON.stringify(config));
  return path;
}

/** The cells of the table rows that begin with the name of a stream, in the order in which they were printed. */
function syncTables(stdout: string): string[][] {
  return stdout
    .split('\n')
    .map((line) => line.split('│').map((cell) => cell.trim()))
    .map((cells) => cells.slice(1, -1))
    .filter(([name = '']) => ['audit_events', 'item_usages', 'sign_in_attempts'].includes(name));
}

async function ask(file: string, sql: string): Promise<unknown[]> {
  const instance = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  const answer = await connection.runAndReadAll(sql);
  connection.closeSync();
  instance.closeSync();
  return answer.getRowsJson();
}

test('the demo loads all that the simulator serves, then exactly the late and new events, and shows three rows', async () => {
  const { exitCode, stdout, stderr } = await runDemo();

  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  expect(syncTables(stdout)).toEqual([
    ['audit_events', '7,000', '6,930', '6,930'],
    ['item_usages', '3,100', '3,069', '3,069'],
    ['sign_in_attempts', '2,000', '1,980', '1,980'],
    ['audit_events', '9', '9', '6,939'],
    ['item_usages', '18', '18', '3,087'],
    ['sign_in_attempts', '6', '6', '1,986'],
  ]);
  expect(stdout).toContain('The API served 11,979 events, and 121 repeats of them. Every event is in DuckDB, once.');
  expect(stdout).toContain('Exactly those came: 24 new and 9 late events, and nothing twice.');
  expect(stdout.match(/│ [ug]va +│ grant +│/g)).toHaveLength(3);
});

test('the simulated account can be loaded into a file of one’s own, with the metadata columns of Airbyte’s destinations', async () => {
  const file = join(folder, 'kept.duckdb');
  const startedAtMs = Date.now();

  const { exitCode, stdout } = await runDemo('--to', file);

  expect(exitCode).toBe(0);
  expect(stdout).toContain(`The tables are in ${file}`);
  expect(readdirSync(folder).sort()).toEqual(['kept.duckdb', 'kept.state.json']);
  const types = `
    SELECT table_name, column_name, data_type FROM duckdb_columns()
    WHERE starts_with(column_name, '_airbyte') ORDER BY table_name, column_index`;
  const columns = [
    ['_airbyte_raw_id', 'VARCHAR'],
    ['_airbyte_extracted_at', 'TIMESTAMP WITH TIME ZONE'],
    ['_airbyte_meta', 'JSON'],
    ['_airbyte_generation_id', 'BIGINT'],
  ];
  const tables = ['audit_events', 'item_usages', 'sign_in_attempts'];
  expect(await ask(file, types)).toEqual(tables.flatMap((table) => columns.map((column) => [table, ...column])));
  const values = `
    SELECT count(*), count(DISTINCT _airbyte_raw_id), count(DISTINCT _airbyte_meta->>'sync_id'),
           count(*) FILTER (epoch_ms(_airbyte_extracted_at) NOT BETWEEN ${startedAtMs} AND ${Date.now()}),
           list(DISTINCT json_keys(_airbyte_meta)), list(DISTINCT _airbyte_meta->'changes'), max(_airbyte_generation_id)
    FROM audit_events`;
  expect(await ask(file, values)).toEqual([['6939', '6939', '2', '0', [['sync_id', 'changes']], ['[]'], '0']]);
});

test('without a terminal the demo prints no control characters, and never the token', async () => {
  const token = api.issueToken();
  generate({ auditevents: 5 });

  const { stdout, stderr } = await runDemo(
    '--config',
    writeConfig({ api_token: token, base_url: api.url }),
    '--to',
    join(folder, 'own.duckdb'),
  );

  expect((stdout + stderr).replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  expect(token.split('.').filter((part) => (stdout + stderr).includes(part))).toEqual([]);
});

test('a second run on an account of one’s own brings only what is new', async () => {
  const config = writeConfig({ api_token: api.issueToken(), base_url: api.url });
  const file = join(folder, 'own.duckdb');
  generate({ auditevents: 1200, itemusages: 30 });

  const first = await runDemo('--config', config, '--to', file);
  generate({ auditevents: 4, signinattempts: 2 });
  const second = await runDemo('--config', config, '--to', file);

  expect([first.exitCode, second.exitCode]).toEqual([0, 0]);
  expect(syncTables(first.stdout)).toEqual([
    ['audit_events', '1,200', '1,188', '1,188'],
    ['item_usages', '30', '30', '30'],
    ['sign_in_attempts', '0', '0', '0'],
  ]);
  expect(syncTables(second.stdout)).toEqual([
    ['audit_events', '4', '4', '1,192'],
    ['item_usages', '0', '0', '30'],
    ['sign_in_attempts', '2', '2', '2'],
  ]);
  const uuids = await ask(file, 'SELECT uuid FROM audit_events ORDER BY uuid');
  const served = api.served('auditevents', 'v1').map(({ uuid }) => String(uuid));
  expect(uuids).toEqual([...new Set(served)].sort().map((uuid) => [uuid]));
});

test('columns are typed by the schema, and texts, objects and long integers arrive whole', async () => {
  const config = writeConfig({ api_token: api.issueToken(), base_url: api.url });
  const file = join(folder, 'own.duckdb');
  const at = new Date(Date.now() - 86_400_000).toISOString().slice(0, 19);
  const name = 'A "quoted" \u2028 \u{1F511} name';
  api.add('auditevents', {
    uuid: 'E1',
    timestamp: `${at}.123456789Z`,
    aux_id: 9007199254740991,
    aux_info: name,
    session: { ip: '203.0.113.41', login_time: 'noon' },
  });

  await runDemo('--config', config, '--to', file);

  const sql = `SELECT uuid, (timestamp AT TIME ZONE 'UTC')::VARCHAR, aux_id, aux_info, session->>'ip', actor_details, _airbyte_meta->'changes' FROM audit_events`;
  expect(await ask(file, sql)).toEqual([
    [
      'E1',
      `${at.replace('T', ' ')}.123456`,
      '9007199254740991',
      name,
      '203.0.113.41',
      null,
      '[{"field":"session.login_time","change":"NULLED","reason":"SOURCE_SERIALIZATION_ERROR"}]',
    ],
  ]);
  const types = `SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'audit_events'`;
  expect(Object.fromEntries((await ask(file, types)) as [string, string][])).toMatchObject({
    uuid: 'VARCHAR',
    timestamp: 'TIMESTAMP WITH TIME ZONE',
    aux_id: 'BIGINT',
    session: 'JSON',
  });
});

test('a read that fails keeps what was loaded with its state, says why, and the next run brings the rest once', async () => {
  const token = api.issueToken();
  const config = writeConfig({ api_token: token, base_url: api.url });
  const file = join(folder, 'own.duckdb');
  api.add('auditevents', ...eventsNamed('a', 2500, Date.now() - 86_400_000));
  api.fault({ on: 'auditevents', after: 1, fault: { kind: 'body', value: { wrong: 'shape' } } });

  const failed = await runDemo('--config', config, '--to', file);
  const kept = await ask(file, 'SELECT count(*) FROM audit_events');
  const repaired = await runDemo('--config', config, '--to', file);

  expect(failed.exitCode).toBe(1);
  expect(failed.stderr).toMatch(/The read failed:\n- .+\nWhat was loaded/);
  expect(kept).toEqual([['1000']]);
  expect(repaired.exitCode).toBe(0);
  expect(syncTables(repaired.stdout)[0]).toEqual(['audit_events', '1,500', '1,500', '2,500']);
});

test('a state whose tables are gone is not trusted: everything is read anew', async () => {
  const config = writeConfig({ api_token: api.issueToken(), base_url: api.url });
  const file = join(folder, 'own.duckdb');
  generate({ auditevents: 20 });
  await runDemo('--config', config, '--to', file);
  rmSync(file);

  const { stdout } = await runDemo('--config', config, '--to', file);

  expect(syncTables(stdout)[0]).toEqual(['audit_events', '20', '20', '20']);
});

test('a failed connection test ends the run with the connector’s own words', async () => {
  const config = writeConfig({ api_token: 'ops_of_another_kind', base_url: api.url });

  const { exitCode, stdout, stderr } = await runDemo('--config', config, '--to', join(folder, 'own.duckdb'));

  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^check {5}FAILED: .+/m);
  expect(stderr).toBe('\nThe connection test failed, so nothing was read.\n');
});

test.each([
  { flags: ['--config', 'config.json'], sentence: '--config needs --to FILE.duckdb beside it.' },
  { flags: ['--to', ''], sentence: 'A flag lacks the name of its file.' },
  { flags: ['--to', DEMO], sentence: `The simulated account needs a new file, and this one exists: ${DEMO}` },
  { flags: ['--nonsense'], sentence: 'These flags make no sense: --nonsense.' },
  {
    flags: ['--config', 'c.json', '--to', '/no/such/folder/own.duckdb'],
    sentence: 'The folder of the file given with --to does not exist: /no/such/folder',
  },
])('the flags $flags are refused in one sentence', async ({ flags, sentence }) => {
  const { exitCode, stdout, stderr } = await runDemo(...flags);

  expect(exitCode).toBe(1);
  expect(stdout).toBe('');
  expect(stderr.trim().split('\n')).toEqual([expect.stringContaining(sentence)]);
});
