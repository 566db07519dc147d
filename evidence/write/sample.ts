import { createHash } from 'node:crypto';
import type { Cell } from '../marts.ts';

/** What an auditor fills in. */
export const REVIEW_COLUMNS = ['reviewer', 'date', 'decision'];

interface Drawn {
  hash: string;
  cells: readonly Cell[];
}

/**
 * Draws `size` rows, the ones with the least MD5 of key and seed, as the package's macro onepassword_sample does: who has
 * the population and the seed can draw them again, and nobody can have picked.
 */
export class Sample {
  readonly #size: number;
  readonly #seed: string;
  #drawn: Drawn[] = [];

  constructor(size: number, seed: string) {
    this.#size = size;
    this.#seed = seed;
  }

  /** `key` are the values that identify the row. */
  offer(key: readonly Cell[], cells: readonly Cell[]): void {
    const text = [...key.map((value) => (value === null ? '' : String(value))), this.#seed].join('|');
    this.#drawn.push({ hash: createHash('md5').update(text).digest('hex'), cells });
    if (this.#drawn.length >= 64 * this.#size) this.#keepFirst();
  }

  /** The rows in the order in which they were drawn. */
  rows(): (readonly Cell[])[] {
    this.#keepFirst();
    return this.#drawn.map(({ cells }) => cells);
  }

  #keepFirst(): void {
    this.#drawn = this.#drawn.sort((a, b) => (a.hash < b.hash ? -1 : 1)).slice(0, this.#size);
  }
}
