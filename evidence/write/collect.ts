import { EvidenceError } from '../evidence-error.ts';
import type { About, ItemUse, Row, Rows, SignIn } from '../marts.ts';
import type { Query, Reading } from '../read/reading.ts';
import type { Cell } from './csv.ts';
import type { CsvFile, EvidenceFolder } from './folder.ts';
import { REVIEW_COLUMNS, Sample } from './sample.ts';
import { ItemUseSummary, SignInSummary } from './summaries.ts';

export const SAMPLE_SIZE = 25;

/** The queries whose rows the page needs one by one. Of the others it needs a summary, or their number. */
const KEPT = [
  ...['controls', 'data coverage', 'daily coverage', 'access gained and lost', 'joiners and leavers', 'findings'],
  ...['unclassified events', 'reconciliation'],
  ...['population vault access', 'population team members', 'population administrative changes'],
] as const;

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
export function csvPathOf(query: string): string {
  return `populations/${slugOf(query)}.csv`;
}

function slugOf(query: string): string {
  return query
    .replace(/^population /, '')
    .replaceAll(/[^a-z0-9]+/gi, '-')
    .toLowerCase();
}

/** Writes the rows of every query into a CSV, draws the samples, and keeps what the page needs. */
export async function collect(readings: AsyncIterable<Reading>, folder: EvidenceFolder): Promise<Evidence> {
  let about: About | undefined;
  let current: Collector | undefined;
  const kept: Partial<Record<string, Row[]>> = Object.fromEntries(KEPT.map((name) => [name, []]));
  const signIns = new SignInSummary();
  const itemUse = new ItemUseSummary();
  const sinks: Record<string, (row: Row) => void> = {
    'population sign-ins': (row) => signIns.add(row as unknown as SignIn),
    'population item access': (row) => itemUse.add(row as unknown as ItemUse),
  };

  for await (const reading of readings) {
    if ('row' in reading) await current?.add(reading.row);
    else if ('about' in reading) about = reading.about;
    else {
      await current?.close();
      const { query } = reading;
      if (about === undefined) throw new EvidenceError('The marts came without a word on what they are.');
      const sink = kept[query.name] ? (row: Row) => kept[query.name]?.push(row) : sinks[query.name];
      current = await Collector.open(folder, query, periodName(about), sink);
    }
  }
  await current?.close();
  if (about === undefined) throw new EvidenceError('Nothing was read.');
  return { about, rows: kept as unknown as Evidence['rows'], signIns, itemUse, seed: periodName(about) };
}

/** The columns that identify a row of a population, as the macro onepassword_sample takes them. */
const KEYS = [
  ['event_uuid'],
  ['finding_id'],
  ['vault_uuid', 'user_uuid', 'path', 'group_uuid'],
  ['stream', 'day'],
  ['user_uuid'],
];

/** What an auditor draws samples of: the populations of the controls, and the findings. */
function isSampled(query: string): boolean {
  return query.startsWith('population ') || query === 'findings';
}

class Collector {
  readonly #query: Query;
  readonly #folder: EvidenceFolder;
  readonly #csv: CsvFile;
  readonly #sample: Sample;
  readonly #key: readonly number[];
  readonly #sink: ((row: Row) => void) | undefined;

  private constructor(
    folder: EvidenceFolder,
    query: Query,
    csv: CsvFile,
    seed: string,
    sink: ((row: Row) => void) | undefined,
  ) {
    this.#folder = folder;
    this.#query = query;
    this.#csv = csv;
    this.#sample = new Sample(SAMPLE_SIZE, seed);
    this.#sink = sink;
    const key = KEYS.find((columns) => columns.every((column) => query.columns.includes(column))) ?? query.columns;
    this.#key = key.map((column) => query.columns.indexOf(column));
  }

  static async open(
    folder: EvidenceFolder,
    query: Query,
    seed: string,
    sink: ((row: Row) => void) | undefined,
  ): Promise<Collector> {
    const csv = await folder.openCsv(csvPathOf(query.name), query.columns, query.sql);
    return new Collector(folder, query, csv, seed, sink);
  }

  async add(cells: readonly Cell[]): Promise<void> {
    const { columns, name } = this.#query;
    await this.#csv.add(cells);
    if (isSampled(name)) {
      this.#sample.offer(
        this.#key.map((place) => cells[place] ?? null),
        cells,
      );
    }
    this.#sink?.(Object.fromEntries(columns.map((column, place) => [column, cells[place] ?? null])));
  }

  async close(): Promise<void> {
    await this.#csv.close();
    const { name, columns } = this.#query;
    if (!isSampled(name)) return;
    const sample = await this.#folder.openCsv(`samples/${slugOf(name)}.csv`, [...columns, ...REVIEW_COLUMNS], '');
    for (const cells of this.#sample.rows()) await sample.add([...cells, ...REVIEW_COLUMNS.map(() => null)]);
    await sample.close();
  }
}
