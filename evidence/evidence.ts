import type { About, Cell, Rows } from './marts.ts';
import type { ItemUseSummary, SignInSummary } from './summaries.ts';

export const DAY_MS = 86_400_000;

/** What the report asks of the marts, by name. A control may have a population that the page shows nowhere else. */
export type QueryName = keyof Rows;

/** The queries whose rows the page needs one by one. Of the others it needs a summary, or their number. */
export const KEPT = [
  'controls',
  'data coverage',
  'daily coverage',
  'access gained and lost',
  'joiners and leavers',
  'findings',
  'unclassified events',
  'reconciliation',
  'baselines',
  'log confirmation',
  'population vault access',
  'population team members',
  'population administrative changes',
] as const satisfies readonly QueryName[];

/** How a sample is drawn: the rows with the least MD5 of key and seed. */
interface SampleRule {
  /** The columns that identify a row. */
  key: readonly string[];
  seed: string;
  /** How many rows are drawn. */
  rows: number;
}

/** A query of the package, as its analysis `onepassword__evidence` has it. */
export interface Query {
  name: string;
  sql: string;
  columns: readonly string[];
  /** Given for what an auditor draws samples of. `sql` draws the same rows in the warehouse. */
  sample?: SampleRule & { sql: string };
}

/** What is read of the marts, in this order: what was read, then each query and its rows, with one cell a column. */
export type MartLine = { about: About } | { query: Query } | { row: readonly Cell[] };

/** A file of the report, as the manifest lists it. `rows` and `sql` are those of a CSV. */
export interface FileFacts {
  /** Relative to the report, with slashes. */
  path: string;
  sha256: string;
  bytes: number;
  rows?: number;
  sql?: string;
}

/** Everything that the page shows. */
export interface Evidence {
  about: About;
  rows: { [Name in (typeof KEPT)[number]]: readonly Rows[Name][] };
  signIns: SignInSummary;
  itemUse: ItemUseSummary;
  /** The same for every sample; undefined if nothing is sampled. */
  sample: Omit<SampleRule, 'key'> | undefined;
  /** The CSVs beside the page. */
  files: readonly FileFacts[];
}

/** `2026-Q3` for a calendar quarter, else its first and last day. */
export function periodName({ evidence_from, evidence_to }: Pick<About, 'evidence_from' | 'evidence_to'>): string {
  const [from, to] = [new Date(evidence_from), new Date(evidence_to)];
  const quarter = Math.floor(from.getUTCMonth() / 3);
  const isQuarter =
    from.getTime() === Date.UTC(from.getUTCFullYear(), 3 * quarter) &&
    to.getTime() === Date.UTC(from.getUTCFullYear(), 3 * quarter + 3);
  if (isQuarter) return `${from.getUTCFullYear()}-Q${quarter + 1}`;
  const lastDay = new Date(to.getTime() - 1).toISOString().slice(0, 10);
  return `${evidence_from.slice(0, 10)} to ${lastDay}`;
}

/** The file of a query's rows: `populations/vault-access.csv`. */
export function csvPathOf(query: QueryName): string {
  return pathOf('populations', query);
}

/** The file of the population that a control names. */
export function populationPathOf(population: string): string {
  return pathOf('populations', `population ${population}`);
}

/** The file of what a query answers, which may be one that only a newer package has; of its rows or of their sample. */
export function pathOf(folder: 'populations' | 'samples', query: string): string {
  const name = query.replace(/^population /, '').replaceAll(/[^a-z0-9]+/gi, '-');
  return `${folder}/${name.toLowerCase()}.csv`;
}
