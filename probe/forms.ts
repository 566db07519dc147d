/** Values told by their form alone, so that none of them leaves the machine. */

const CLASSES: readonly [RegExp, string][] = [
  [/^[A-Z2-7]+$/, 'upper-case letters and digits'],
  [/^[a-z2-7]+$/, 'lower-case letters and digits'],
  [/^[0-9]+$/, 'digits'],
  [/^[A-Za-z0-9]+$/, 'letters and digits'],
];

/** `26 upper-case letters and digits`; `empty`; `41 characters` for anything else. */
export function formOf(text: string): string {
  if (text === '') return 'empty';
  const name = CLASSES.find(([pattern]) => pattern.test(text))?.[1] ?? 'characters';
  return `${text.length} ${name}`;
}

/** A name of a field, or its form where it looks like anything but a name: a value may have got where a name belongs. */
export function fieldName(name: string): string {
  return /^[A-Za-z][A-Za-z0-9_]{0,39}$/.test(name) ? name : `a name of ${formOf(name)}`;
}

/** `created_at (12), b (3)`: what was counted, the most frequent first. */
export function listCounts(counts: ReadonlyMap<string, number>, most = 5): string {
  const sorted = [...counts].sort(([a, many], [b, few]) => few - many || a.localeCompare(b));
  const shown = sorted.slice(0, most).map(([name, count]) => `${name} (${count})`);
  return shown.join(', ') + (sorted.length > most ? `, and ${sorted.length - most} more` : '');
}

/** Counts one more of that name. */
export function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** `1 event`, `12 events`, `12,000 events`. */
export function plural(number: number, noun: string): string {
  return `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`;
}

/** A JSON object, and no list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
