import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parseHTML } from 'linkedom/worker';
import { filesOf, readCsv, readText } from './folder.ts';

const REPOSITORY = join(__dirname, '../..');
const SCRATCH = process.env['EVIDENCE_SCRATCH'] ?? '';
const DEMO = join(SCRATCH, 'report');
/** The tool as a user has it: from the package, where nothing else is installed. */
const INSTALLED = join(SCRATCH, 'installed/node_modules/.bin/1password-evidence');
const PROGRAMS = join(REPOSITORY, '.venv-evidence/bin');

/** What dbt v2 takes for DuckDB's driver, and a proxy where nobody listens: nothing needs the network. */
const ALONE = {
  ...process.env,
  LD_LIBRARY_PATH: join(REPOSITORY, `node_modules/@duckdb/node-bindings-${process.platform}-${process.arch}`),
  ...Object.fromEntries(
    ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'].map((name) => [name, 'http://127.0.0.1:9']),
  ),
};

/** The dbt project that the demo made. */
function projectDir(): string {
  const folder = readdirSync(SCRATCH).find((name) => name.startsWith('source-1password-evidence-'));
  return join(SCRATCH, folder ?? 'no demo', 'project');
}

interface Outcome {
  status: number | null;
  stdout: string;
  stderr: string;
}

function evidence(...argv: readonly string[]): Outcome {
  return evidenceBy(join(PROGRAMS, 'dbt'), ...argv);
}

function evidenceBy(dbt: string, ...argv: readonly string[]): Outcome {
  const project = ['--project-dir', projectDir(), '--profiles-dir', projectDir(), '--dbt', dbt];
  return spawnSync(INSTALLED, ['report', ...project, ...argv], { encoding: 'utf8', cwd: SCRATCH, env: ALONE });
}

test('the installed package builds the same project again to the same bytes, save the time of writing, and verifies them', () => {
  const out = join(SCRATCH, 'again');

  const { status, stdout } = evidence('--out', out);

  expect([status, stdout]).toEqual([0, expect.stringContaining(join(out, 'report.html'))]);
  expect(spawnSync(INSTALLED, ['verify', out], { encoding: 'utf8' }).stdout).toContain(
    'Every file is as the manifest says.',
  );
  expect(filesOf(out)).toEqual(filesOf(DEMO));
  expect(filesOf(out).filter((path) => readText(out, path) !== readText(DEMO, path))).toEqual(['manifest.json']);
  const facts = (folder: string): object => ({ ...JSON.parse(readText(folder, 'manifest.json')), written_at: '' });
  expect(facts(out)).toEqual(facts(DEMO));
});

test.each([
  ['1.12', '1.12.6', 'duckdb 1.11.1'],
  ['v2', '2.0.0-preview.196', 'duckdb'],
  ['v2-open', '2.0.0-alpha.4', 'duckdb'],
])('dbt %s builds the same project to the same bytes, save the versions of dbt', (name, version, adapter) => {
  const out = join(SCRATCH, name);

  const { status, stderr } = evidenceBy(join(REPOSITORY, `dbt/.venv-dbt-${name}/bin/dbt`), '--out', out);

  expect([status, stderr]).toEqual([0, '']);
  expect(filesOf(out)).toEqual(filesOf(DEMO));
  const differing = filesOf(out).filter((path) => readText(out, path) !== readText(DEMO, path));
  expect(differing).toEqual(['manifest.json', 'report.html']);
  const page = readText(DEMO, 'report.html')
    .replace('<dd>1.11.16</dd>', `<dd>${version}</dd>`)
    .replace('<dd>duckdb 1.11.1</dd>', `<dd>${adapter}</dd>`);
  expect(readText(out, 'report.html') === page).toBe(true);
  const facts = (folder: string): object => {
    const { written_at, versions, files, ...rest } = JSON.parse(readText(folder, 'manifest.json'));
    return { ...rest, files: files.filter(({ path }: { path: string }) => path !== 'report.html') };
  };
  expect(facts(out)).toEqual(facts(DEMO));
  expect(JSON.parse(readText(out, 'manifest.json')).versions).toMatchObject({ dbt: version, adapter });
});

test('names a population and a control as the models do', () => {
  const controls = readCsv(DEMO, 'populations/controls.csv');

  for (const { population_name = '', population, exceptions, exception_rules = '' } of controls) {
    const rows = readCsv(DEMO, `populations/${population_name.replaceAll(' ', '-')}.csv`);
    const rules = exception_rules.split(', ');
    const found = readCsv(DEMO, 'populations/findings.csv').filter(({ rule = '' }) => rules.includes(rule));
    expect([population_name, rows.length]).toEqual([population_name, Number(population)]);
    expect(Number(exceptions)).toBeLessThanOrEqual(Math.min(rows.length, found.length));
  }
  expect(controls.length).toBeGreaterThan(20);
});

test('the SQL of the manifest draws every sample again, row for row', () => {
  const { files } = JSON.parse(readText(DEMO, 'manifest.json')) as { files: { path: string; sql?: string }[] };
  const samples = files.filter(({ path }) => path.startsWith('samples/'));
  const program = `
import duckdb, json, sys
connection = duckdb.connect(sys.argv[1], read_only=True)
connection.execute("set timezone = 'UTC'")
keys = json.loads(sys.argv[2])
drawn = {}
for sample in json.load(sys.stdin):
    answer = connection.execute(sample["sql"])
    columns = [column[0].lower() for column in answer.description]
    drawn[sample["path"]] = [{c: str(v) for c, v in zip(columns, row) if c in keys and v is not None} for row in answer.fetchall()]
print(json.dumps(drawn))`;
  const keys = ['event_uuid', 'finding_id', 'vault_uuid', 'user_uuid', 'path', 'group_uuid', 'stream', 'day'];

  const { stdout, stderr } = spawnSync(
    join(PROGRAMS, 'python'),
    ['-c', program, join(projectDir(), '../1password.duckdb'), JSON.stringify(keys)],
    { encoding: 'utf8', input: JSON.stringify(samples) },
  );

  expect(stderr).toBe('');
  const drawn = JSON.parse(stdout) as Record<string, Record<string, string>[]>;
  const inTheFolder = Object.fromEntries(
    samples.map(({ path }) => [
      path,
      readCsv(DEMO, path).map((row) =>
        Object.fromEntries(Object.entries(row).filter(([name, value]) => keys.includes(name) && value !== '')),
      ),
    ]),
  );
  expect(drawn).toEqual(inTheFolder);
  expect(samples.length).toBeGreaterThan(12);
});

test('a sample of events is what anybody draws by the seed, with SQL of their own', () => {
  const sql = `
    select string_agg(event_uuid, ' ' order by hash) from (
      select event_uuid, md5(event_uuid || '|2026-Q3') as hash from evidence.onepassword__sign_ins
      where occurred_at >= timestamp '2026-07-01' and occurred_at < timestamp '2026-10-01' order by hash limit 25)`;
  const program = `import duckdb, sys; print(duckdb.connect(sys.argv[1], read_only=True).sql(sys.argv[2]).fetchone()[0])`;
  const argv = ['-c', program, join(projectDir(), '../1password.duckdb'), sql];

  const { stdout } = spawnSync(join(PROGRAMS, 'python'), argv, { encoding: 'utf8' });

  const drawn = readCsv(DEMO, 'samples/sign-ins.csv').map(({ event_uuid }) => event_uuid);
  expect(drawn).toHaveLength(25);
  expect(drawn).toEqual(stdout.trim().split(' '));
});

test('a stream that is not connected, and no baseline and no names, are said on the first screen', () => {
  const out = join(SCRATCH, 'thin');
  const vars = JSON.stringify({ onepassword_streams: ['audit_events', 'sign_in_attempts'], onepassword_inputs: {} });

  const { status, stdout } = evidence('--out', out, '--vars', vars);

  expect([status, stdout]).toEqual([0, expect.stringContaining('not proven')]);
  const { document } = parseHTML(readText(out, 'report.html'));
  const notices = [...document.querySelectorAll('#summary .notice li strong')].map((element) => element.textContent);
  expect(notices).toEqual([
    'The item usages are not connected.',
    'The access shown is access whose change was seen, not everybody’s.',
    'No names were supplied for vaults, groups, items.',
    expect.stringMatching(/^\d+ rules could not be applied to the whole period$/),
  ]);
  const verdicts = readCsv(out, 'populations/controls.csv').filter(({ streams = '' }) =>
    streams.includes('item_usages'),
  );
  expect(new Set(verdicts.map(({ verdict }) => verdict))).toEqual(new Set(['not proven']));
});

test('a wrong variable ends the run with the sentence of the package, and no report', () => {
  const out = join(SCRATCH, 'wrong');

  const { status, stderr } = evidence('--out', out, '--vars', '{onepassword_as_of: yesterday}');

  expect(status).toBe(1);
  expect(stderr).toContain("onepassword_as_of is 'yesterday', which is neither a date nor a date-time.");
  expect(readdirSync(SCRATCH)).not.toContain('wrong');
});
