import type { Client } from './clients.ts';
import type { Origin } from './details.ts';
import type { Person } from './people.ts';
import type { Vault } from './vaults.ts';

/** A usage that is already decided on. */
export interface PlannedUsage {
  readonly atMs: number;
  readonly person: Person;
  readonly vault: Vault;
  readonly item: string;
  readonly action: string;
  /** Default: the person's own. */
  readonly client?: Client;
}

/** A sign-in attempt that is already decided on: a good one, or one with a wrong password. */
export interface PlannedSignIn {
  readonly atMs: number;
  readonly person: Person;
  readonly origin: Origin;
  readonly isSuccess: boolean;
}

/** What people have decided to do, until it is told. */
export class Agenda<T extends { readonly atMs: number }> {
  #planned: T[] = [];

  add(...planned: readonly T[]): void {
    this.#planned.push(...planned);
  }

  /** Up to `most` of what was planned for an earlier time. Each is handed out once. */
  takeBefore(atMs: number, most: number): T[] {
    const taken = this.#planned.filter((planned) => planned.atMs < atMs).slice(0, most);
    this.#planned = this.#planned.filter((planned) => !taken.includes(planned));
    return taken;
  }
}
