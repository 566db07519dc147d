import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, test } from '@jest/globals';
import type { MartLine } from '../../evidence/evidence.ts';
import { EvidenceError } from '../../evidence/evidence-error.ts';
import { showMarts } from '../../evidence/read/show-marts.ts';
import { environmentAt, programOf, temporaryFolder } from './folder.ts';

const SETTINGS = {
  ACCOUNT_UUID: 'A',
  AS_OF: '2026-10-08T00:00:00',
  EVIDENCE_FROM: '2026-07-01T00:00:00',
  EVIDENCE_TO: '2026-10-01T00:00:00',
  LOG_START: null,
};

const ANALYSIS = `
-- about: {"adapter": "duckdb", "package_version": "0.1.0", "variables": VARIABLES}

-- query: findings
select * from findings
order by first_at
-- sample: {"key": ["finding_id"], "seed": "2026-Q3", "rows": 25}
select * from findings limit 25

-- query: reconciliation
select * from nothing order by what
-- query: population sign-ins
select * from many order by number`;

/** The columns of the queries, and the rows of the last one. */
const COLUMNS = [
  [
    { name: 'FIRST_AT', isTime: true },
    { name: 'SENTENCE', isTime: false },
  ],
  [{ name: 'what', isTime: false }],
  [{ name: 'number', isTime: false }],
];
const MANY = 200_003;

/**
 * A dbt v2 over marts of its own, as the real one prints them. It ends with `failure` where it is asked for a query that has the
 * text `at` in it.
 */
function standIn({ at, failure }: { at: string; failure: string } = { at: 'no query', failure: '' }): string {
  return programOf(`
const { mkdirSync, writeFileSync } = require('node:fs');
const argv = process.argv.slice(2);
const valueOf = (flag) => argv[argv.indexOf(flag) + 1];
const sql = (argv.find((word) => word.startsWith('--inline=')) ?? '').slice('--inline='.length);
const show = (rows) => console.log(JSON.stringify(rows));
if (sql.includes(${JSON.stringify(at)})) {
  console.error(${JSON.stringify(failure)});
  process.exitCode = 1;
} else if (argv[0] === 'compile') {
  const folder = valueOf('--target-path') + '/compiled/mine/dbt_packages/onepassword/analyses';
  mkdirSync(folder, { recursive: true });
  writeFileSync(folder + '/onepassword__evidence.sql', ${JSON.stringify(ANALYSIS)}.replace('VARIABLES', valueOf('--vars')));
} else if (sql.includes('int_onepassword__about')) show([${JSON.stringify(SETTINGS)}]);
else if (sql.includes('get_column_schema_from_query')) show([{ DESCRIBED: ${JSON.stringify(JSON.stringify(COLUMNS))} }]);
else if (sql.includes('from nothing')) show([]);
else if (sql.includes('from findings')) show([{ FIRST_AT: '2026-08-01T10:00:00.500', SENTENCE: 'a "b"' }]);
else {
  const [limit, offset] = /limit (\\d+) offset (\\d+)/.exec(sql).slice(1).map(Number);
  const length = Math.max(0, Math.min(limit, ${MANY} - offset));
  show(Array.from({ length }, (_, place) => ({ number: offset + place })));
}`);
}

function linesOf(program: string, vars?: string): AsyncGenerator<MartLine> {
  const project = { projectDir: '.', profilesDir: undefined, target: undefined, vars };
  const { signal } = environmentAt();
  return showMarts({ program, version: '2.0.9' }, project, { cwd: temporaryFolder(), signal });
}

async function all(lines: AsyncIterable<MartLine>): Promise<MartLine[]> {
  const listed: MartLine[] = [];
  for await (const line of lines) listed.push(line);
  return listed;
}

test('reads what was read, then each query and its rows, which may be none or more than one page', async () => {
  const [about, ...lines] = await all(
    linesOf(standIn(), '{onepassword_as_of: 2026-10-08, onepassword_streams: [audit_events]}'),
  );

  const times = {
    as_of: '2026-10-08T00:00:00.000000Z',
    evidence_from: '2026-07-01T00:00:00.000000Z',
    evidence_to: '2026-10-01T00:00:00.000000Z',
  };
  const variables = {
    onepassword_streams: ['audit_events'],
    onepassword_as_of: times.as_of,
    onepassword_evidence_from: times.evidence_from,
    onepassword_evidence_to: times.evidence_to,
  };
  const facts = { adapter: 'duckdb', package_version: '0.1.0', dbt_version: '2.0.9', variables };
  expect(about).toEqual({ about: { ...facts, account_uuid: 'A', ...times, log_start: null } });
  expect(lines.slice(0, 4)).toEqual([
    {
      query: {
        name: 'findings',
        sql: 'select * from findings\norder by first_at',
        columns: ['first_at', 'sentence'],
        sample: { key: ['finding_id'], seed: '2026-Q3', rows: 25, sql: 'select * from findings limit 25' },
      },
    },
    { row: ['2026-08-01T10:00:00.500000Z', 'a "b"'] },
    { query: { name: 'reconciliation', sql: 'select * from nothing order by what', columns: ['what'] } },
    { query: { name: 'population sign-ins', sql: 'select * from many order by number', columns: ['number'] } },
  ]);
  const numbers = lines.slice(4).map((line) => ('row' in line ? line.row[0] : line));
  expect(numbers).toHaveLength(MANY);
  expect(numbers.findIndex((number, place) => number !== place)).toBe(-1);
});

test('says why dbt shows nothing, in its words, and that the package is missing or disabled in a sentence', async () => {
  const broken = standIn({ at: 'from many', failure: 'The warehouse went away' });
  const missing = standIn({
    at: 'int_onepassword__about',
    failure: `Ref 'int_onepassword__about' not found in project.`,
  });
  const disabled = standIn({
    at: 'int_onepassword__about',
    failure: `[error] [DisabledDependency (dbt1062)]: Attempted to use disabled ref 'int_onepassword__about'`,
  });

  await expect(all(linesOf(broken))).rejects.toThrow(
    new EvidenceError('The marts could not be read.\nThe warehouse went away'),
  );
  await expect(all(linesOf(missing))).rejects.toThrow(
    new EvidenceError(
      'The dbt project does not have the package onepassword: add it to packages.yml and run dbt deps.',
    ),
  );
  await expect(all(linesOf(disabled))).rejects.toThrow(
    new EvidenceError(
      'The dbt project disables the models of the package onepassword, so there is nothing to report on.',
    ),
  );
});

test('what dbt compiles on the way is gone when the reading ends, early too', async () => {
  const mine = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('1password-evidence-'));
  const before = mine();

  for await (const line of linesOf(standIn())) if ('row' in line) break;

  expect(mine()).toEqual(before);
});
