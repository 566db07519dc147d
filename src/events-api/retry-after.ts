/** `Retry-After`, by its grammar: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const LONG_DAY = '(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day';
const MONTH = `(?<month>${MONTHS.join('|')})`;
const TIME = '(?<hour>\\d{2}):(?<minute>\\d{2}):(?<second>\\d{2})';

/** The three forms of an HTTP date: the one that is sent today, and the two that a recipient still has to accept. */
const HTTP_DATES = [
  new RegExp(`^${DAY}, (?<day>\\d{2}) ${MONTH} (?<year>\\d{4}) ${TIME} GMT$`),
  new RegExp(`^${LONG_DAY}, (?<day>\\d{2})-${MONTH}-(?<year>\\d{2}) ${TIME} GMT$`),
  new RegExp(`^${DAY} ${MONTH} (?<day>[ \\d]\\d) ${TIME} (?<year>\\d{4})$`),
];

/**
 * The milliseconds that a `Retry-After` header asks to wait: seconds in digits, or an HTTP date. Undefined if there is
 * none to obey: anything else is no `Retry-After`, and a delay of zero is no delay.
 */
export function parseRetryAfterMs(header: unknown, nowMs: number): number | undefined {
  if (typeof header !== 'string') return undefined;
  const delayMs = /^\d+$/.test(header) ? Number(header) * 1000 : (parseHttpDate(header, nowMs) ?? nowMs) - nowMs;
  return delayMs > 0 ? delayMs : undefined;
}

/** Epoch milliseconds; undefined if the text has none of the three forms, or names no day or time that exists. */
function parseHttpDate(text: string, nowMs: number): number | undefined {
  for (const form of HTTP_DATES) {
    const { day, month = '', year = '', hour, minute, second } = form.exec(text)?.groups ?? {};
    if (day === undefined) continue;
    const numbers = [MONTHS.indexOf(month), Number(day), Number(hour), Number(minute), Number(second)] as const;
    const date = new Date(Date.UTC(year.length === 2 ? fullYear(Number(year), nowMs) : Number(year), ...numbers));
    // A day or time that does not exist, February 30 or 24:00, is taken for a later one.
    const read = [
      date.getUTCMonth(),
      date.getUTCDate(),
      date.getUTCHours(),
      date.getUTCMinutes(),
      date.getUTCSeconds(),
    ];
    return read.every((number, index) => number === numbers[index]) ? date.getTime() : undefined;
  }
  return undefined;
}

/** A year of two digits that seems to be more than 50 years ahead is the last one in the past that ended with them. */
function fullYear(lastDigits: number, nowMs: number): number {
  const thisYear = new Date(nowMs).getUTCFullYear();
  const year = thisYear - (thisYear % 100) + lastDigits;
  return year > thisYear + 50 ? year - 100 : year;
}
