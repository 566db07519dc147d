import { createReadStream, existsSync } from 'node:fs';
import { pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { EvidenceError } from '../evidence-error.ts';
import { isOfSystem } from '../write/refusal.ts';
import { columnsOf, INPUT_NAMES, type InputName, seedOf } from './inputs.ts';
import { seedFile } from './seeds.ts';

/** The baselines that a project has already. */
export interface Earlier {
  /** The account of all of them. */
  accountUuid: string | undefined;
  /** The latest time of a list. */
  lastAsOf: string | undefined;
}

type Row = Readonly<Record<string, string>>;

/** Which column of `baselines` counts the rows of which input. */
const COUNTS: readonly (readonly [InputName, string])[] = INPUT_NAMES.filter((input) => input !== 'baselines').map(
  (input) => [input, `${input.replace('baseline_', '')}_count`],
);

/** Reads the seeds that are there. Throws an EvidenceError if they are not whole: what is added to them would hide it. */
export async function readEarlier(folder: string): Promise<Earlier> {
  const baselines: Row[] = [];
  await forEachRow(folder, 'baselines', (row) => void baselines.push(row));
  for (const [input, column] of COUNTS) {
    const rows = new Map<string, number>();
    await forEachRow(folder, input, ({ as_of = '' }) => void rows.set(as_of, (rows.get(as_of) ?? 0) + 1));
    const told = new Map(baselines.map((baseline) => [baseline['as_of'] ?? '', Number(baseline[column])]));
    for (const as_of of new Set([...told.keys(), ...rows.keys()])) {
      const [found, expected] = [rows.get(as_of) ?? 0, told.get(as_of) ?? 0];
      if (found !== expected) {
        throw new EvidenceError(
          `${seedFile(folder, input)} has ${found} rows of ${as_of} where ${seedOf('baselines')}.csv says ${expected}. A file was changed or is not whole: bring all six back as they were, or delete the rows of that time from each.`,
        );
      }
    }
  }
  const times = baselines.map(({ as_of = '' }) => as_of);
  return { accountUuid: baselines[0]?.['account_uuid'], lastAsOf: times.sort().at(-1) };
}

async function forEachRow(folder: string, input: InputName, visit: (row: Row) => void): Promise<void> {
  const file = seedFile(folder, input);
  if (!existsSync(file)) return;
  const columns = columnsOf(input);
  const heed = (headings: string[]): string[] => {
    if (headings.join() !== columns.join()) {
      throw new EvidenceError(
        `${file} has the columns ${headings.join(', ')} instead of ${columns.join(', ')}. Give the lists from elsewhere another name.`,
      );
    }
    return headings;
  };
  const rows = parse({ bom: true, columns: heed, skip_empty_lines: true });
  // What fails on the way ends the rows.
  pipeline(createReadStream(file), rows, () => undefined);
  try {
    for await (const row of rows as AsyncIterable<Row>) visit(row);
  } catch (error) {
    if (isOfSystem(error)) {
      const reason = error.code === 'EACCES' ? 'it belongs to somebody else. Let them take the lists' : error.message;
      throw new EvidenceError(`${file} could not be read: ${reason}.`);
    }
    if (!(error instanceof CsvError)) throw error;
    throw new EvidenceError(`${file} is not CSV as this command writes it: ${error.message}`);
  }
}
