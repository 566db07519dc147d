import type { Random } from '../random.ts';

/** What ended a stretch: an event of its own, or one that took away what it hung on. */
export type Ending = 'revoked' | 'left' | 'vault deleted' | 'group deleted' | 'user removed';

/** A time in which somebody held something: from -Infinity if it is older than the log, to Infinity while it lasts. */
export interface Stretch<T> {
  readonly holder: T;
  readonly sinceMs: number;
  endedMs: number;
  endedBy?: Ending;
}

/** Who held something, and when: the members of a group, or those with access to a vault. */
export class Holdings<T> {
  readonly #stretches: Stretch<T>[] = [];
  readonly #byHolder = new Map<T, Stretch<T>[]>();

  get stretches(): readonly Stretch<T>[] {
    return this.#stretches;
  }

  /** Changes nothing for somebody who holds it already. */
  open(holder: T, sinceMs: number): void {
    if (this.isHeldNow(holder)) return;
    const stretch = { holder, sinceMs, endedMs: Number.POSITIVE_INFINITY };
    this.#stretches.push(stretch);
    const known = this.#byHolder.get(holder);
    if (known) known.push(stretch);
    else this.#byHolder.set(holder, [stretch]);
  }

  /** Changes nothing for somebody who does not hold it. */
  close(holder: T, endedMs: number, endedBy: Ending): void {
    const stretch = this.last(holder);
    if (stretch?.endedMs === Number.POSITIVE_INFINITY) Object.assign(stretch, { endedMs, endedBy });
  }

  closeAll(endedMs: number, endedBy: Ending): void {
    for (const holder of this.holders()) this.close(holder, endedMs, endedBy);
  }

  /** The latest stretch of the holder, over or not. */
  last(holder: T): Stretch<T> | undefined {
    return this.#byHolder.get(holder)?.at(-1);
  }

  /** The latest stretch of everybody who ever held it. */
  lastOfEach(): Stretch<T>[] {
    return [...this.#byHolder.values()].flatMap((stretches) => stretches.at(-1) ?? []);
  }

  /** One of those from whom it was taken. */
  pickFormer(random: Random): T | undefined {
    return random.pickWhere(this.lastOfEach(), ({ endedBy }) => endedBy === 'revoked' || endedBy === 'left')?.holder;
  }

  /** Those who hold it now. */
  holders(): T[] {
    return this.lastOfEach().flatMap(({ holder, endedMs }) => (endedMs === Number.POSITIVE_INFINITY ? [holder] : []));
  }

  isHeldNow(holder: T): boolean {
    return this.last(holder)?.endedMs === Number.POSITIVE_INFINITY;
  }

  isHeld(holder: T, atMs: number): boolean {
    return this.#byHolder.get(holder)?.some((stretch) => covers(stretch, atMs)) ?? false;
  }

  /** Those who held it then. */
  heldBy(atMs: number): T[] {
    return this.#stretches.filter((stretch) => covers(stretch, atMs)).map(({ holder }) => holder);
  }

  /** One of those who held it then and are wanted, if there is any. */
  pick(random: Random, atMs: number, isWanted: (holder: T) => boolean = () => true): T | undefined {
    return random.pickWhere(this.#stretches, (stretch) => covers(stretch, atMs) && isWanted(stretch.holder))?.holder;
  }
}

/** An end is no part of the stretch: whoever was removed at that instant is out. */
function covers<T>({ sinceMs, endedMs }: Stretch<T>, atMs: number): boolean {
  return sinceMs <= atMs && atMs < endedMs;
}
