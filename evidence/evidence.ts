import type { About, Control, Rows } from './marts.ts';
import type { ItemUseSummary, SignInSummary } from './summaries.ts';

/** The columns that identify a row of a population, first that applies: as the macro onepassword_sample takes them. */
export const SAMPLE_KEYS: readonly (readonly string[])[] = [
  ['event_uuid'],
  ['finding_id'],
  ['vault_uuid', 'user_uuid', 'path', 'group_uuid'],
  ['stream', 'day'],
  ['user_uuid'],
];

/** How many rows a sample has. */
export const SAMPLE_SIZE = 25;

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
  'population vault access',
  'population team members',
  'population administrative changes',
] as const satisfies readonly (keyof Rows)[];

type Kept = (typeof KEPT)[number];

/** Everything that the page shows. */
export interface Evidence {
  about: About;
  rows: { [Name in Kept]: readonly Rows[Name][] };
  signIns: SignInSummary;
  itemUse: ItemUseSummary;
  /** From which the samples are drawn. */
  seed: string;
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
export function csvPathOf(query: keyof Rows | Control['population_name']): string {
  return `populations/${fileName(query)}.csv`;
}

/** The file of a query's sample. */
export function samplePathOf(query: string): string {
  return `samples/${fileName(query)}.csv`;
}

function fileName(query: string): string {
  return query
    .replace(/^population /, '')
    .replaceAll(/[^a-z0-9]+/gi, '-')
    .toLowerCase();
}
