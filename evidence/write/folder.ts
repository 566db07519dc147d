import { createHash } from 'node:crypto';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { type Cell, csvLine } from './csv.ts';

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
    const file = new CsvFile(createWriteStream(join(this.#root, path)), (sums) => {
      this.files.push({ path, ...sums, sql });
    });
    await file.add(columns);
    return file;
  }
}

export class CsvFile {
  readonly #stream: WriteStream;
  readonly #onClose: (facts: { sha256: string; bytes: number; rows: number }) => void;
  readonly #hash = createHash('sha256');
  #pending = '';
  #bytes = 0;
  #lines = 0;

  constructor(stream: WriteStream, onClose: (facts: { sha256: string; bytes: number; rows: number }) => void) {
    this.#stream = stream;
    this.#onClose = onClose;
  }

  async add(cells: readonly Cell[]): Promise<void> {
    this.#pending += csvLine(cells);
    this.#lines += 1;
    if (this.#pending.length >= CHUNK) await this.#flush();
  }

  async close(): Promise<void> {
    await this.#flush();
    this.#stream.end();
    await finished(this.#stream);
    this.#onClose({ sha256: this.#hash.digest('hex'), bytes: this.#bytes, rows: this.#lines - 1 });
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.from(this.#pending);
    this.#pending = '';
    this.#bytes += bytes.length;
    this.#hash.update(bytes);
    await new Promise<void>((resolve, reject) => {
      this.#stream.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  }
}
