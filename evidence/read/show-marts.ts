import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { MartLine } from '../evidence.ts';
import { EvidenceError } from '../evidence-error.ts';
import type { DbtProject } from '../flags.ts';
import type { About, Row } from '../marts.ts';
import { type PlainQuery, parseAnalysis } from './analysis.ts';
import { runCommand } from './command.ts';
import { flagsOf, type RunOptions } from './invocation.ts';
import { readOutput } from './output.ts';
import { cellOf, parseShownRows } from './shown-rows.ts';

const ANALYSIS = 'onepassword__evidence';
const SETTINGS = 'int_onepassword__about';

/** dbt v2 holds what it shows in memory, some 5 KB a row. Every query has an order, so that it can be asked page by page. */
const ROWS_OF_A_PAGE = 100_000;

type Show = (sql: string) => AsyncIterable<Row>;

interface Column {
  name: string;
  isTime: boolean;
}

/**
 * Reads the marts through a dbt v2, which lends no connection but shows the rows of a query. The lines are those of
 * read_marts.py. Throws an EvidenceError with dbt's words if dbt fails.
 */
export async function* showMarts(
  { program, version }: { program: string; version: string },
  project: DbtProject,
  options: RunOptions,
): AsyncGenerator<MartLine> {
  // What dbt writes on the way is not for the project's own folder.
  const folder = await mkdtemp(join(tmpdir(), '1password-evidence-'));
  const common = ['--quiet', '--target-path', folder, '--log-path', folder];
  const show: Show = (sql) => {
    const argv = ['show', `--inline=${sql}`, '--output', 'json', '--limit', '-1', ...common, ...flagsOf(project)];
    return readOutput(program, argv, options, parseShownRows);
  };
  try {
    const settings = await settingsOf(show);
    const flags = flagsOf({ ...project, vars: variablesAt(settings, project.vars) });
    const { code, output } = await runCommand(program, ['compile', '--select', ANALYSIS, ...common, ...flags], options);
    if (code !== 0) throw new EvidenceError(`The marts could not be read.\n${output.trim()}`);

    const { about, queries } = parseAnalysis(await compiledIn(folder));
    yield { about: { ...about, dbt_version: version, ...settings } as About };
    const columns = await columnsOf(queries, show);
    for (const [place, query] of queries.entries()) yield* linesOf(query, columns[place] ?? [], show);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the build was about. All but the account's UUID are times. */
async function settingsOf(show: Show): Promise<Row> {
  try {
    for await (const row of show(`select * from {{ ref('${SETTINGS}') }}`)) {
      const cells = Object.entries(row).map(([name, value]) => [name.toLowerCase(), value] as const);
      return Object.fromEntries(cells.map(([name, value]) => [name, cellOf(value, name !== 'account_uuid')]));
    }
  } catch (error) {
    if (error instanceof EvidenceError && error.message.includes(`disabled ref '${SETTINGS}'`)) {
      throw new EvidenceError(
        'The dbt project disables the models of the package onepassword, so there is nothing to report on.',
      );
    }
    if (!(error instanceof EvidenceError && error.message.includes(`'${SETTINGS}' not found`))) throw error;
    throw new EvidenceError(
      'The dbt project does not have the package onepassword: add it to packages.yml and run dbt deps.',
    );
  }
  throw new EvidenceError(`${SETTINGS} is empty: build the package with dbt first.`);
}

/** The variables with the times as they were when the models were built, even if that was "now". dbt v2 takes one --vars. */
function variablesAt({ as_of, evidence_from, evidence_to }: Row, vars = '{}'): string {
  const times = {
    onepassword_as_of: as_of,
    onepassword_evidence_from: evidence_from,
    onepassword_evidence_to: evidence_to,
  };
  // dbt reads YAML 1.1.
  return JSON.stringify({ ...(parse(vars, { version: '1.1', uniqueKeys: false }) as object), ...times });
}

/** The compiled analysis, which lies deeper where the package is installed than where it is the project. */
async function compiledIn(folder: string): Promise<string> {
  const entries = await readdir(join(folder, 'compiled'), { recursive: true, withFileTypes: true });
  const found = entries.find(({ name }) => name === `${ANALYSIS}.sql`);
  if (found === undefined) throw new EvidenceError(`The marts could not be read: dbt did not compile ${ANALYSIS}.`);
  return readFile(join(found.parentPath, found.name), 'utf8');
}

/** The columns of each query, which rows do not tell where there are none. */
async function columnsOf(queries: readonly PlainQuery[], show: Show): Promise<Column[][]> {
  const texts = queries.map(({ sql }) => `{% set text %}${raw(sql)}{% endset %}{% do texts.append(text) %}`);
  const described = show(`{% set texts = [] %}{% set described = [] %}${texts.join('')}
{% for text in texts %}
  {% set columns = [] %}
  {% for column in adapter.get_column_schema_from_query(text) %}
    {% do columns.append({'name': column.name, 'isTime': 'time' in column.data_type | lower}) %}
  {% endfor %}
  {% do described.append(columns) %}
{% endfor %}
select '{{ tojson(described) }}' as described`);
  for await (const row of described) return JSON.parse(String(Object.values(row)[0])) as Column[][];
  throw new EvidenceError('The marts could not be read: dbt does not tell their columns.');
}

async function* linesOf(query: PlainQuery, columns: readonly Column[], show: Show): AsyncGenerator<MartLine> {
  yield { query: { ...query, columns: columns.map(({ name }) => name.toLowerCase()) } };
  let rows = 0;
  let isLast = false;
  while (!isLast) {
    const before = rows;
    for await (const row of show(raw(`${query.sql}\nlimit ${ROWS_OF_A_PAGE} offset ${before}`))) {
      rows += 1;
      yield { row: columns.map(({ name, isTime }) => cellOf(row[name], isTime)) };
    }
    isLast = rows < before + ROWS_OF_A_PAGE;
  }
}

/** Compiled SQL, which is not to be compiled again. */
function raw(sql: string): string {
  return `{% raw %}${sql}{% endraw %}`;
}
