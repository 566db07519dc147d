import { type Evidence, KEPT, type MartLine, pathOf, type Query } from '../evidence.ts';
import { EvidenceError } from '../evidence-error.ts';
import type { About, Cell, ItemUse, Row, SignIn } from '../marts.ts';
import { ItemUseSummary, SignInSummary } from '../summaries.ts';
import type { CsvFile, EvidenceFolder } from './folder.ts';
import { REVIEW_COLUMNS, Sample } from './sample.ts';

/** Writes the rows of every query into a CSV, draws the samples, and keeps what the page needs. */
export async function collect(lines: AsyncIterable<MartLine>, folder: EvidenceFolder): Promise<Evidence> {
  let about: About | undefined;
  let sample: Evidence['sample'];
  let current: Collector | undefined;
  const kept: Partial<Record<string, Row[]>> = Object.fromEntries(KEPT.map((name) => [name, []]));
  const signIns = new SignInSummary();
  const itemUse = new ItemUseSummary();
  const sinks: Record<string, (row: Row) => void> = {
    'population sign-ins': (row) => signIns.add(row as unknown as SignIn),
    'population item access': (row) => itemUse.add(row as unknown as ItemUse),
  };

  for await (const line of lines) {
    if ('row' in line) await current?.add(line.row);
    else if ('about' in line) about = line.about;
    else {
      await current?.close();
      const { query } = line;
      if (query.sample) sample = { seed: query.sample.seed, rows: query.sample.rows };
      current = await Collector.open(folder, query, (row) => {
        kept[query.name]?.push(row);
        sinks[query.name]?.(row);
      });
    }
  }
  await current?.close();
  if (about === undefined) throw new EvidenceError('The marts were read, and nothing came that says what they are.');
  const rows = kept as unknown as Evidence['rows'];
  return { about, rows, signIns, itemUse, sample, files: [...folder.files] };
}

/** Takes the rows of one query. */
class Collector {
  readonly #query: Query;
  readonly #folder: EvidenceFolder;
  readonly #csv: CsvFile;
  readonly #sample: Sample | undefined;
  readonly #key: readonly number[];
  readonly #onRow: (row: Row) => void;

  private constructor(folder: EvidenceFolder, query: Query, csv: CsvFile, onRow: (row: Row) => void) {
    const { sample, columns } = query;
    this.#folder = folder;
    this.#query = query;
    this.#csv = csv;
    this.#sample = sample && new Sample(sample.rows, sample.seed);
    this.#key = sample?.key.map((column) => columns.indexOf(column)) ?? [];
    this.#onRow = onRow;
  }

  static async open(folder: EvidenceFolder, query: Query, onRow: (row: Row) => void): Promise<Collector> {
    const csv = await folder.openCsv(pathOf('populations', query.name), query.columns, query.sql);
    return new Collector(folder, query, csv, onRow);
  }

  async add(cells: readonly Cell[]): Promise<void> {
    await this.#csv.add(cells);
    const cellAt = (place: number): Cell => cells[place] ?? null;
    this.#sample?.offer(this.#key.map(cellAt), cells);
    this.#onRow(Object.fromEntries(this.#query.columns.map((column, place) => [column, cellAt(place)])));
  }

  async close(): Promise<void> {
    await this.#csv.close();
    const { name, columns, sample } = this.#query;
    if (this.#sample === undefined || sample === undefined) return;
    const csv = await this.#folder.openCsv(pathOf('samples', name), [...columns, ...REVIEW_COLUMNS], sample.sql);
    for (const cells of this.#sample.rows()) await csv.add([...cells, ...REVIEW_COLUMNS.map(() => null)]);
    await csv.close();
  }
}
