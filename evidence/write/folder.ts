import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BYTE_ORDER_MARK, type Cell, csvLine } from './csv.ts';

/** A file of the report, as the manifest lists it. `rows` and `sql` are those of a CSV. */
export interface FileFacts {
  path: string;
  sha256: string;
  bytes: number;
  rows?: number;
  sql?: string;
}

const CHUNK = 1 << 16;

/** The folder that a report is written into. It remembers what it wrote. */
export class EvidenceFolder {
  readonly files: FileFacts[] = [];
  readonly #root: string;
  readonly #open = new Set<FileHandle>();

  constructor(root: string) {
    this.#root = root;
  }

  /** `path` is relative, with slashes. */
  async write(path: string, content: string, facts: { rows?: number; sql?: string } = {}): Promise<void> {
    const bytes = Buffer.from(content);
    await mkdir(dirname(join(this.#root, path)), { recursive: true });
    await writeFile(join(this.#root, path), bytes);
    this.files.push({ path, sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length, ...facts });
  }

  /** Opens a CSV for rows that may be too many to be held in memory. */
  async openCsv(path: string, columns: readonly string[], sql: string): Promise<CsvFile> {
    await mkdir(dirname(join(this.#root, path)), { recursive: true });
    const handle = await open(join(this.#root, path), 'w');
    this.#open.add(handle);
    const file = new CsvFile(handle, (sums) => {
      this.#open.delete(handle);
      this.files.push({ path, ...sums, sql });
    });
    await file.add(columns);
    return file;
  }

  /** Closes what a failure has left open. */
  async abandon(): Promise<void> {
    await Promise.allSettled([...this.#open].map((handle) => handle.close()));
  }
}

export class CsvFile {
  readonly #handle: FileHandle;
  readonly #onClose: (facts: { sha256: string; bytes: number; rows: number }) => void;
  readonly #hash = createHash('sha256');
  #pending = BYTE_ORDER_MARK;
  #bytes = 0;
  #lines = 0;

  constructor(handle: FileHandle, onClose: (facts: { sha256: string; bytes: number; rows: number }) => void) {
    this.#handle = handle;
    this.#onClose = onClose;
  }

  async add(cells: readonly Cell[]): Promise<void> {
    this.#pending += csvLine(cells);
    this.#lines += 1;
    if (this.#pending.length >= CHUNK) await this.#flush();
  }

  async close(): Promise<void> {
    await this.#flush();
    await this.#handle.close();
    this.#onClose({ sha256: this.#hash.digest('hex'), bytes: this.#bytes, rows: this.#lines - 1 });
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.from(this.#pending);
    this.#pending = '';
    this.#bytes += bytes.length;
    this.#hash.update(bytes);
    await this.#handle.writeFile(bytes);
  }
}
