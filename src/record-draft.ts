import { freeName, repairText, type TextChange } from './airbyte/portable-text.ts';
import type { RecordChange, StreamRecord } from './airbyte/protocol.ts';
import type { ApiItem } from './events-api/cursor-endpoint.ts';

/** A record in the making: its data, what was changed in them, and the originals of that. */
export class RecordDraft {
  readonly data: ApiItem;
  /** By path. */
  readonly #originals = new Map<string, unknown>();
  /** By path, so that a field is listed once. */
  readonly #changes = new Map<string, RecordChange>();

  constructor(data: ApiItem) {
    this.data = data;
  }

  /** Makes all text portable. Returns what was changed, each with its path. */
  repairText(): readonly TextChange[] {
    const found: TextChange[] = [];
    repairText(this.data, found);
    for (const { path, originalPath, original } of found) {
      this.#keep(originalPath, original);
      this.#change(path, 'TRUNCATED');
    }
    return found;
  }

  /** Puts another value in the place of one that cannot be delivered, null for instance. */
  replace(path: readonly string[], replacement: unknown): void {
    const owner = this.ownerOf(path) ?? {};
    const name = path.at(-1) ?? '';
    const original = owner[name];
    if (original !== null && original !== undefined) this.#keep(path.join('.'), original);
    owner[name] = replacement;
    this.#change(path.join('.'), 'NULLED');
  }

  /** The object that the last of these names is a member of; undefined if there is none. */
  ownerOf(path: readonly string[]): ApiItem | undefined {
    let owner: unknown = this.data;
    for (let depth = 0; depth < path.length - 1; depth += 1) owner = (owner as ApiItem)?.[path[depth] ?? ''];
    return typeof owner === 'object' && owner !== null ? (owner as ApiItem) : undefined;
  }

  /** The record, with the originals in `additional_fields`. */
  finish(): StreamRecord {
    if (this.#changes.size === 0) return { data: this.data };
    const additional = Object.entries(this.data.additional_fields ?? {});
    const taken = new Set(additional.map(([name]) => name));
    for (const [path, original] of this.#originals) additional.push([freeName(path, taken), original]);
    if (additional.length > 0) this.data.additional_fields = Object.fromEntries(additional);
    return { data: this.data, changes: [...this.#changes.values()] };
  }

  /** What came first is the original. JSON has no infinite number: one too large for JavaScript is kept as text. */
  #keep(path: string, original: unknown): void {
    const isInfinite = typeof original === 'number' && !Number.isFinite(original);
    if (!this.#originals.has(path)) this.#originals.set(path, isInfinite ? String(original) : original);
  }

  #change(field: string, change: RecordChange['change']): void {
    this.#changes.set(field, { field, change, reason: 'SOURCE_SERIALIZATION_ERROR' });
  }
}
