/** `JSON` as of Node 22: a number can keep its digits. Older versions of Node leave all three out. */
interface ExactJson {
  parse(text: string, reviver: (key: string, value: unknown, context?: { source?: string }) => unknown): unknown;
  rawJSON?(source: string): unknown;
  isRawJSON?(value: unknown): boolean;
}

/** Sixteen digits and more: 2^53 has as many. */
const LONG_AUX_ID = /"aux_id"\s*:\s*-?\d{16}/;

/** An escaped half of a surrogate pair, which may belong to a whole one, or U+0000. */
const UNPORTABLE_ESCAPE = /\\u(?:d[89a-f]|0000)/i;

/**
 * Parses a response of the API without rounding `aux_id`, which 1Password documents as a 64-bit integer, beyond what
 * a JavaScript number can hold. On Node 20 such a number is rounded, as JSON.parse does. Throws a SyntaxError.
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  // Reading every number through a reviver is slow, so only a response that needs it is.
  return LONG_AUX_ID.test(text) ? (JSON as ExactJson).parse(text, keepDigits) : value;
}

/**
 * Whether some string of a JSON text may hold half of a surrogate pair or U+0000, which warehouses cannot take. Both can
 * only come from an escape, which most responses do without, so that their strings need not be looked at one by one.
 */
export function mayHoldUnportableText(json: Buffer): boolean {
  return json.includes('\\u') && UNPORTABLE_ESCAPE.test(json.toString('latin1'));
}

/** Whether a value looks like an object but is a number that kept its digits. */
export function isExactNumber(value: unknown): boolean {
  return (JSON as ExactJson).isRawJSON?.(value) ?? false;
}

/** Of `aux_id` alone: what becomes of an item must not depend on what other items its page happens to hold. */
function keepDigits(key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  if (key !== 'aux_id' || source === undefined || !isLongInteger(value) || !/^-?\d+$/.test(source)) return value;
  return (JSON as ExactJson).rawJSON?.(source) ?? value;
}

function isLongInteger(value: unknown): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value);
}
