import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FileFacts } from '../evidence.ts';
import type { Cell } from '../marts.ts';
import { BYTE_ORDER_MARK, csvLine } from './csv.ts';

const CHUNK = 1 << 16;

/** The folder that a report is written into. It remembers what it wrote. */
export class EvidenceFolder {
  readonly files: FileFacts[] = [];
  readonly #root: string;
  readonly #open = new Set<EvidenceFile>();

  constructor(root: string) {
    this.#root = root;
  }

  /** `path` is relative, with slashes. */
  async write(path: string, content: string): Promise<void> {
    const file = await this.#create(path);
    await file.write(content);
    await file.close();
  }

  /** Opens a CSV for rows that may be too many to be held in memory. */
  async openCsv(path: string, columns: readonly string[], sql: string): Promise<CsvFile> {
    const csv = new CsvFile(await this.#create(path), sql);
    await csv.add(columns);
    return csv;
  }

  /** Closes what a failure has left open. */
  async abandon(): Promise<void> {
    await Promise.allSettled([...this.#open].map((file) => file.abandon()));
  }

  async #create(path: string): Promise<EvidenceFile> {
    await mkdir(dirname(join(this.#root, path)), { recursive: true });
    const file = new EvidenceFile(await open(join(this.#root, path), 'wx'), (sums) => {
      this.#open.delete(file);
      this.files.push({ path, ...sums });
    });
    this.#open.add(file);
    return file;
  }
}

type Sums = Omit<FileFacts, 'path'>;

class EvidenceFile {
  readonly #handle: FileHandle;
  readonly #onClose: (sums: Sums) => void;
  readonly #hash = createHash('sha256');
  #bytes = 0;

  constructor(handle: FileHandle, onClose: (sums: Sums) => void) {
    this.#handle = handle;
    this.#onClose = onClose;
  }

  async write(content: string): Promise<void> {
    const bytes = Buffer.from(content);
    this.#bytes += bytes.length;
    this.#hash.update(bytes);
    await this.#handle.writeFile(bytes);
  }

  async close(facts: { rows?: number; sql?: string } = {}): Promise<void> {
    // Some disks tell only now that they are full.
    await this.#handle.sync();
    await this.#handle.close();
    this.#onClose({ sha256: this.#hash.digest('hex'), bytes: this.#bytes, ...facts });
  }

  async abandon(): Promise<void> {
    await this.#handle.close();
  }
}

export class CsvFile {
  readonly #file: EvidenceFile;
  readonly #sql: string;
  #pending = BYTE_ORDER_MARK;
  #lines = 0;

  constructor(file: EvidenceFile, sql: string) {
    this.#file = file;
    this.#sql = sql;
  }

  async add(cells: readonly Cell[]): Promise<void> {
    this.#pending += csvLine(cells);
    this.#lines += 1;
    if (this.#pending.length >= CHUNK) await this.#flush();
  }

  async close(): Promise<void> {
    await this.#flush();
    await this.#file.close({ rows: this.#lines - 1, sql: this.#sql });
  }

  async #flush(): Promise<void> {
    const pending = this.#pending;
    this.#pending = '';
    await this.#file.write(pending);
  }
}
