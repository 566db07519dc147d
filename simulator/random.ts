const UPPERCASE_BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const LOWERCASE_ALPHANUMERIC = 'abcdefghijklmnopqrstuvwxyz234567';
const ID_LENGTH = 26;
const GUESSES = 12;

/** Seeded random numbers (mulberry32), so that a failing run can be repeated. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** At least 0, below 1. */
  float(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number, both ends included. */
  integer(least: number, most: number): number {
    return least + Math.floor(this.float() * (most - least + 1));
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.float() < probability;
  }

  /** One of the entries, all equally likely. */
  pick<T>(entries: readonly T[]): T {
    const entry = entries[Math.floor(this.float() * entries.length)];
    if (entry === undefined) throw new Error('Nothing to pick from.');
    return entry;
  }

  /** One of the entries that are wanted, if there is any. Guesses first: most entries are wanted, and there are many. */
  pickWhere<T>(entries: readonly T[], isWanted: (entry: T) => boolean): T | undefined {
    for (let guess = 0; guess < GUESSES && entries.length > 0; guess += 1) {
      const entry = this.pick(entries);
      if (isWanted(entry)) return entry;
    }
    const wanted = entries.filter(isWanted);
    return wanted.length === 0 ? undefined : this.pick(wanted);
  }

  /** One of the values, as likely as its weight. */
  weighted<T>(entries: readonly (readonly [weight: number, value: T])[]): T {
    let rest = this.float() * entries.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, value] of entries) {
      rest -= weight;
      if (rest < 0) return value;
    }
    return this.pick(entries)[1];
  }

  /** The identifier style of events, people, sessions and accounts. */
  upperId(): string {
    return this.#id(UPPERCASE_BASE32);
  }

  /** The identifier style of vaults, items, groups and devices. */
  lowerId(): string {
    return this.#id(LOWERCASE_ALPHANUMERIC);
  }

  #id(alphabet: string): string {
    let id = '';
    for (let position = 0; position < ID_LENGTH; position += 1) {
      id += alphabet[Math.floor(this.float() * alphabet.length)];
    }
    return id;
  }
}
