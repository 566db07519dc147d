const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))$/;

/**
 * Epoch milliseconds of an RFC 3339 date-time, or undefined if it is none. Keeps what is finer than a millisecond, as
 * far as a number can (about a microsecond): audit events carry up to nine digits, and a start may fall between two.
 */
export function parseRfc3339(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined;
  const match = RFC3339.exec(text);
  if (match === null) return undefined;

  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const offsetMinutes = Number(match[9] ?? 0) * 60 + Number(match[10] ?? 0);
  const isReal =
    month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month) && hour < 24 && minute < 60 && second < 60;
  if (!isReal || Number(match[9] ?? 0) > 23 || Number(match[10] ?? 0) > 59) return undefined;

  const fractionMs = match[7] === undefined ? 0 : Number(`0.${match[7]}`) * 1000;
  const wallClockMs = Date.UTC(year, month - 1, day, hour, minute, second);
  return wallClockMs + fractionMs - (match[8] === '-' ? -1 : 1) * offsetMinutes * 60_000;
}

/** Epoch milliseconds of a date-time that is one, with all that is finer than a microsecond cut off. */
export function toTheMicrosecond(text: string): number {
  return parseRfc3339(text.replace(/(\.\d{6})\d+/, '$1')) ?? Number.NaN;
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}
