/** Date-times as 1Password writes them (RFC 3339, none to nine fraction digits) and as warehouses read them. */

/** A point in time: to the millisecond for arithmetic, to the microsecond for the warehouse. */
export interface DateTime {
  /** Epoch milliseconds. */
  epochMs: number;
  /** `2026-10-03T09:20:55.318204Z`: UTC with exactly six fraction digits, cut off and never rounded. */
  normalized: string;
}

const RFC_3339 = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(?:\.(\d+))?(?:([Zz])|([+-])(\d{2}):(\d{2}))$/;

/** The form of most of 1Password's date-times, with days that every month (or all but February) has. */
const PLAIN =
  /^\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30))T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?Z$/;

/** The normalised form of a date-time; undefined if it cannot be parsed. */
export function normalizeDateTime(text: string): string | undefined {
  if (!PLAIN.test(text)) return parseDateTime(text)?.normalized;
  // This runs for every record, and slicing is all that the usual form needs.
  return `${text.slice(0, 19)}.${sixDigits(text.slice(20, -1))}Z`;
}

/** Parses a date-time; undefined if it is not one, or not a valid day or time. */
export function parseDateTime(text: string): DateTime | undefined {
  const match = RFC_3339.exec(text);
  if (match === null) return undefined;
  const [, date = '', time = '', fraction = '', zulu, sign, hours = '0', minutes = '0'] = match;

  const localMs = Date.parse(`${date}T${time}Z`);
  // A date such as February 30 is parsed as one of March, so it does not survive the round trip.
  if (Number.isNaN(localMs) || !new Date(localMs).toISOString().startsWith(`${date}T${time}`)) return undefined;
  if (zulu === undefined && (Number(hours) > 23 || Number(minutes) > 59)) return undefined;

  const offsetMs = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === '-' ? -1 : 1);
  const wholeSecondsMs = localMs - offsetMs;
  const utc = new Date(wholeSecondsMs).toISOString();
  // Years of more than four digits have another form, which no warehouse reads.
  if (utc.length !== 24) return undefined;
  const digits = sixDigits(fraction);
  return { epochMs: wholeSecondsMs + Math.floor(Number(digits) / 1000), normalized: `${utc.slice(0, 19)}.${digits}Z` };
}

/** Formats a time as the API takes it and as `read_at` keeps it: UTC in whole seconds, never later than given. */
export function toRfc3339(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}

function sixDigits(fraction: string): string {
  return fraction.slice(0, 6).padEnd(6, '0');
}
