import { csvPathOf, type Evidence, KEPT, periodName, SAMPLE_KEYS, SAMPLE_SIZE, samplePathOf } from '../evidence.ts';
import { EvidenceError } from '../evidence-error.ts';
import type { About, ItemUse, Row, Rows, SignIn } from '../marts.ts';
import type { MartLine, Query } from '../read/reading.ts';
import { ItemUseSummary, SignInSummary } from '../summaries.ts';
import type { Cell } from './csv.ts';
import type { CsvFile, EvidenceFolder } from './folder.ts';
import { REVIEW_COLUMNS, Sample } from './sample.ts';

/** Writes the rows of every query into a CSV, draws the samples, and keeps what the page needs. */
export async function collect(readings: AsyncIterable<MartLine>, folder: EvidenceFolder): Promise<Evidence> {
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
    const key =
      SAMPLE_KEYS.find((columns) => columns.every((column) => query.columns.includes(column))) ?? query.columns;
    this.#key = key.map((column) => query.columns.indexOf(column));
  }

  static async open(
    folder: EvidenceFolder,
    query: Query,
    seed: string,
    sink: ((row: Row) => void) | undefined,
  ): Promise<Collector> {
    const csv = await folder.openCsv(csvPathOf(query.name as keyof Rows), query.columns, query.sql);
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
    const sample = await this.#folder.openCsv(samplePathOf(name), [...columns, ...REVIEW_COLUMNS], '');
    for (const cells of this.#sample.rows()) await sample.add([...cells, ...REVIEW_COLUMNS.map(() => null)]);
    await sample.close();
  }
}
