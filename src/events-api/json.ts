/** `JSON` as of Node 22: a number can keep its digits. Older versions of Node leave all three out. */
interface ExactJson {
  parse(text: string, reviver: (key: string, value: unknown, context?: { source?: string }) => unknown): unknown;
  rawJSON?(source: string): unknown;
  isRawJSON?(value: unknown): boolean;
}

/**
 * Parses a response of the API without rounding `aux_id`, which 1Password documents as a 64-bit integer, beyond what
 * a JavaScript number can hold. On Node 20 such a number is rounded, as JSON.parse does. Throws a SyntaxError.
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  // Reading every number through a reviver is slow, so only a response that needs it is.
  return holdsLongInteger(value) ? (JSON as ExactJson).parse(text, keepDigits) : value;
}

/** Whether a value looks like an object but is a number that kept its digits. */
export function isExactNumber(value: unknown): boolean {
  return (JSON as ExactJson).isRawJSON?.(value) ?? false;
}

function holdsLongInteger(body: unknown): boolean {
  const { items } = (body ?? {}) as { items?: unknown };
  return Array.isArray(items) && items.some((item) => isLongInteger(item?.aux_id));
}

function isLongInteger(value: unknown): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value);
}

/** Of `aux_id` alone: what becomes of an item must not depend on what other items its page happens to hold. */
function keepDigits(key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  if (key !== 'aux_id' || source === undefined || !isLongInteger(value) || !/^-?\d+$/.test(source)) return value;
  return (JSON as ExactJson).rawJSON?.(source) ?? value;
}
