import { existsSync } from 'node:fs';
import { copyFile, type FileHandle, mkdir, open, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { EvidenceError } from '../evidence-error.ts';
import type { Cell } from '../marts.ts';
import { exactCsvLine } from '../write/csv.ts';
import { isOfSystem, notWritten } from '../write/refusal.ts';
import { columnsOf, INPUT_NAMES, type InputName, type InputRow, seedOf, seedProperties } from './inputs.ts';
import type { Rows } from './lists.ts';

const CHUNK = 1 << 16;
const PROPERTIES = '_onepassword_seeds.yml';
/** The end of the name of what was there before. */
const FORMER = '.former';
/** They name people. */
const OWNER_ALONE = 0o600;

/** The folder of the seeds in a dbt project. */
export function seedFolder(projectDir: string): string {
  return join(projectDir, 'seeds/onepassword');
}

export function seedFile(folder: string, input: InputName): string {
  return join(folder, `${seedOf(input)}.csv`);
}

/**
 * The seeds with the rows of one more baseline. They are written beside the old ones, which they replace together at the end. Until then,
 * and if anything fails, the folder is as it was.
 */
export class SeedWriter {
  readonly #folder: string;
  readonly #partial: string;
  /** The topmost folder that did not exist before. */
  readonly #made: string | undefined;
  /** Whether what was there is in the folder for what is not finished, and nowhere else. */
  #holdsFormer = false;
  readonly #files = new Map<InputName, SeedFile>();

  private constructor(folder: string, partial: string, made: string | undefined) {
    this.#folder = folder;
    this.#partial = partial;
    this.#made = made;
  }

  /** Two runs cannot write at the same time: there is one folder for what is not finished. */
  static async open(projectDir: string): Promise<SeedWriter> {
    const folder = seedFolder(projectDir);
    const partial = join(folder, '.partial');
    const made = await mkdir(folder, { recursive: true });
    try {
      await mkdir(partial, { mode: 0o700 });
    } catch (error) {
      if (!isOfSystem(error) || error.code !== 'EEXIST') {
        await removeEmpty(folder, made);
        throw error;
      }
      const hasFormer = (await readdir(partial)).some((name) => name.endsWith(FORMER));
      const first = hasFormer ? `bring back the lists that it holds as *${FORMER}, and ` : '';
      throw new EvidenceError(
        `Another run is writing into ${folder}, or one was killed there. If none is running, ${first}delete ${partial}.`,
      );
    }
    return new SeedWriter(folder, partial, made);
  }

  /** Copies what is there, for rows to be added to. */
  async stage(): Promise<void> {
    for (const input of INPUT_NAMES) await this.#stage(input);
    await writeFile(this.#new(PROPERTIES), seedProperties(), { mode: OWNER_ALONE });
  }

  async add({ input, rows }: Rows): Promise<void> {
    for (const row of rows) await this.#file(input).add(row);
  }

  /** How many rows were added. */
  count(input: InputName): number {
    return this.#file(input).rows;
  }

  /** Puts the files in place. */
  async finish(): Promise<void> {
    for (const file of this.#files.values()) await file.close();
    await this.#replace([...INPUT_NAMES.map((input) => `${seedOf(input)}.csv`), PROPERTIES]);
    // What is left of it stops the next run, which says so.
    await rm(this.#partial, { recursive: true, force: true }).catch(() => undefined);
  }

  /** Leaves the folder as it was, unless that could not be brought back: then its former files stay. */
  async abandon(): Promise<void> {
    await Promise.allSettled([...this.#files.values()].map((file) => file.abandon()));
    if (this.#holdsFormer) return;
    await rm(this.#partial, { recursive: true, force: true });
    await removeEmpty(this.#folder, this.#made);
  }

  /** All of them, or none: what was there is copied before the first one is replaced, and comes back if one cannot be. */
  async #replace(names: readonly string[]): Promise<void> {
    const former = names.filter((name) => existsSync(join(this.#folder, name)));
    for (const name of former) await copyFile(join(this.#folder, name), this.#former(name));
    const replaced: string[] = [];
    try {
      for (const name of names) {
        await rename(this.#new(name), join(this.#folder, name));
        replaced.push(name);
      }
    } catch (error) {
      await this.#bringBack(replaced, former, error);
      throw error;
    }
  }

  /** One that cannot come back keeps none of the others from it. Throws an EvidenceError that says where its copy is. */
  async #bringBack(replaced: readonly string[], former: readonly string[], cause: unknown): Promise<void> {
    const lost: string[] = [];
    for (const name of replaced) {
      const place = join(this.#folder, name);
      await (former.includes(name) ? rename(this.#former(name), place) : rm(place)).catch(() => lost.push(name));
    }
    if (lost.length === 0) return;
    this.#holdsFormer = true;
    throw notWritten(
      cause as NodeJS.ErrnoException,
      this.#folder,
      `Of what was there, ${lost.join(', ')} could not be brought back: replace it by its copy in ${this.#partial}, which ends in ${FORMER}, or delete it if there is none. Then delete ${this.#partial}.`,
    );
  }

  async #stage(input: InputName): Promise<void> {
    const name = `${seedOf(input)}.csv`;
    const existing = existsSync(join(this.#folder, name));
    if (existing) await copyFile(join(this.#folder, name), this.#new(name));
    const handle = await open(this.#new(name), 'a+', OWNER_ALONE);
    const file = new SeedFile(handle, columnsOf(input));
    this.#files.set(input, file);
    await handle.chmod(OWNER_ALONE);
    await (existing ? file.endLine() : file.addHeadings());
  }

  #file(input: InputName): SeedFile {
    const file = this.#files.get(input);
    if (file === undefined) throw new Error(`${input} is not open`);
    return file;
  }

  /** dbt looks for seeds by the end of their names. */
  #new(name: string): string {
    return join(this.#partial, `${name}.new`);
  }

  #former(name: string): string {
    return join(this.#partial, `${name}${FORMER}`);
  }
}

/** Removes the folders that were made, from the inner to the outer one, as far as nobody has put anything into them. */
async function removeEmpty(folder: string, made: string | undefined): Promise<void> {
  if (made === undefined) return;
  const outermost = dirname(resolve(made));
  try {
    for (let place = resolve(folder); place !== outermost; place = dirname(place)) await rmdir(place);
  } catch {
    // It is not empty.
  }
}

/** What ends a run while the seeds are written. */
export function seedsNotWritten(error: unknown, projectDir: string): unknown {
  if (!isOfSystem(error)) return error;
  return notWritten(error, seedFolder(projectDir), 'The lists there are as they were.');
}

class SeedFile {
  rows = 0;
  readonly #handle: FileHandle;
  readonly #columns: readonly string[];
  #pending = '';
  #newLine = '\n';

  constructor(handle: FileHandle, columns: readonly string[]) {
    this.#handle = handle;
    this.#columns = columns;
  }

  async addHeadings(): Promise<void> {
    await this.#addLine(this.#columns);
  }

  /** Goes on as the file was written, by Git on Windows for instance, and in a line of its own. */
  async endLine(): Promise<void> {
    const { size } = await this.#handle.stat();
    const { buffer, bytesRead } = await this.#handle.read(Buffer.alloc(2), 0, 2, Math.max(0, size - 2));
    const end = buffer.toString('latin1', 0, bytesRead);
    if (end === '\r\n') this.#newLine = end;
    else if (!end.endsWith('\n')) this.#pending = this.#newLine;
  }

  async add(row: InputRow): Promise<void> {
    const cells = row as Readonly<Record<string, Cell>>;
    this.rows += 1;
    await this.#addLine(this.#columns.map((column) => cells[column] ?? null));
  }

  async close(): Promise<void> {
    await this.#flush();
    // Some disks tell only now that they are full.
    await this.#handle.sync();
    await this.#handle.close();
  }

  async abandon(): Promise<void> {
    await this.#handle.close();
  }

  async #addLine(cells: readonly Cell[]): Promise<void> {
    this.#pending += exactCsvLine(cells).replace(/\r\n$/, this.#newLine);
    if (this.#pending.length >= CHUNK) await this.#flush();
  }

  async #flush(): Promise<void> {
    const pending = this.#pending;
    this.#pending = '';
    await this.#handle.appendFile(pending);
  }
}
