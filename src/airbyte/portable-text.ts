/**
 * Text that every reader of JSON and every database takes. JSON allows half of a surrogate pair, which is no Unicode: a
 * strict reader takes the line for no message. It allows U+0000 too, which PostgreSQL refuses.
 */

/** A string that was changed, or a member whose name was. */
export interface TextChange {
  /** Where it stands now: a dotted path. */
  path: string;
  /** Where it stood: the same path, unless a name was changed. Then that name is escaped as in JSON. */
  originalPath: string;
  /** The string as it was, escaped as in JSON; the member whose name was changed. */
  original: unknown;
}

/** Either half of a pair, also of a whole one: few texts hold one, and this is faster than a look for a half alone. */
const SURROGATE = /[\ud800-\udfff]/;
const HALF_PAIR = /\p{Surrogate}/u;
const HALF_PAIRS = /\p{Surrogate}/gu;

/** Whether a text holds neither half of a surrogate pair nor U+0000. */
export function isPortable(text: string): boolean {
  return !text.includes('\0') && !(SURROGATE.test(text) && HALF_PAIR.test(text));
}

/** The text with U+FFFD in the place of each half of a surrogate pair, and without U+0000. */
export function toPortable(text: string): string {
  return text.replace(HALF_PAIRS, '\ufffd').replaceAll('\0', '');
}

const MEMBER = { enumerable: true, writable: true, configurable: true };

/** Whether a line that JSON.stringify wrote may hold text that is not portable: only then is a second look needed. */
export function mayNeedRepair(json: string): boolean {
  return json.includes('\\ud') || json.includes('\\u0000');
}

/**
 * Makes every string and member name in a JSON value portable, in place where it can, and returns the value. What was
 * changed is added to `changes`.
 */
export function repairText(value: unknown, changes: TextChange[] = [], path = ''): unknown {
  if (typeof value === 'string') {
    if (isPortable(value)) return value;
    changes.push({ path, originalPath: path, original: escaped(value) });
    return toPortable(value);
  }
  if (typeof value !== 'object' || value === null) return value;

  const owner = value as Record<string, unknown>;
  const names = Object.keys(owner);
  for (const name of names) {
    const member = owner[name];
    if (typeof member === 'string' ? isPortable(member) : typeof member !== 'object') continue;
    const repaired = repairText(member, changes, join(path, toPortable(name)));
    // An assignment to `__proto__` would set the prototype.
    if (repaired !== member) Object.defineProperty(owner, name, { ...MEMBER, value: repaired });
  }
  return names.every(isPortable) ? owner : rename(owner, changes, path);
}

/** The object with portable names for its members, and with underscores where one of them would meet another. */
function rename(owner: Record<string, unknown>, changes: TextChange[], path: string): object {
  const taken = new Set(Object.keys(owner));
  const members = Object.entries(owner).map(([name, member]) => {
    if (isPortable(name)) return [name, member];
    const newName = freeName(toPortable(name), taken);
    changes.push({ path: join(path, newName), originalPath: join(path, escaped(name)), original: member });
    return [newName, member];
  });
  return Object.fromEntries(members);
}

/** The name, with as many underscores as make it new among those that are taken; from now on it is taken as well. */
export function freeName(name: string, taken: Set<string>): string {
  let free = name;
  while (taken.has(free)) free += '_';
  taken.add(free);
  return free;
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
