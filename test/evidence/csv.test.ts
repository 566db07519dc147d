import { expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import type { Cell } from '../../evidence/marts.ts';
import { csvLine } from '../../evidence/write/csv.ts';

test('writes what any reader of RFC 4180 reads back, but for control characters and apostrophes', () => {
  const cell = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant('a "b", c'),
  );
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1 }), (cells) => {
      const [read = []] = parse(csvLine(cells), { relax_column_count: true }) as string[][];

      // Control characters become a blank, and apostrophes stand before what might run.
      const plain = (text: string) => text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').replaceAll("'", '');
      expect(read.map(plain)).toEqual(cells.map(String).map(plain));
    }),
  );
});

const SIGNS = [...'=+-@＝＋－＠−﹢﹣﹦﹫'];
/** What somebody may put in front, so that a cell begins after it or that it is overlooked. */
const BEFORE = [
  ...'a1,;:|/^ "“”‘(',
  '\t',
  '\r',
  '\n',
  '\0',
  '\u001B',
  '\u0085',
  '\u00A0',
  '\u200B',
  '\u2028',
  '\uFEFF',
];

test.each([',', ';', ':', '\t', '|', '^', ' '])(
  'no cell begins with a formula where %j separates them',
  (delimiter) => {
    const before = fc.string({ unit: fc.constantFrom(...BEFORE), maxLength: 5 });
    const hostile = fc.tuple(before, fc.constantFrom(...SIGNS), fc.constantFrom('1+1', 'cmd|1', 'SUM(A1)', '=1'));
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 3 }), (texts) => {
        const line = csvLine(['id', ...texts.map((parts) => parts.join('')), 'end']);

        // One reader heeds the quotes, one does not; both take for a cell what follows blanks, quotes and what has no width.
        const heeding = parse(line, { delimiter, relax_quotes: true, relax_column_count: true }) as string[][];
        const cells = [...heeding.flat(), ...line.split(delimiter)].map((cell) =>
          cell.replace(/^[\s"“”‘\p{Cf}]+/u, ''),
        );
        expect(cells.filter((cell) => SIGNS.some((sign) => cell.startsWith(sign)))).toEqual([]);
        expect(line.replace(/\r\n$/, '')).not.toMatch(/[\p{Cc}\u2028]/u);
      }),
      { numRuns: 500 },
    );
  },
);

test('leaves numbers, dates and ordinary dashes alone', () => {
  const cells: Cell[] = ['Finance - EU', '2026-10-03T09:20:55Z', 'a=b', 'x@example.com', -5, true, null];

  expect(csvLine(cells)).toBe('"Finance - EU","2026-10-03T09:20:55Z","a=b","x@example.com",-5,true,\r\n');
});
