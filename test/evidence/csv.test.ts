import { expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import type { Cell } from '../../evidence/marts.ts';
import { csvLine } from '../../evidence/write/csv.ts';

test('writes what any reader of RFC 4180 reads back, line ends and quotes included', () => {
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

test.each([',', ';', '\t', '|', ' '])('no cell begins with a formula where %j separates them', (delimiter) => {
  const signs = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
  const before = fc.stringMatching(/^[a-z,;:|\t\r\n "']{0,4}$/);
  const hostile = fc.tuple(before, fc.constantFrom(...signs), fc.constantFrom('1+1', 'cmd|1', 'SUM(A1)'));
  fc.assert(
    fc.property(fc.array(hostile, { minLength: 1, maxLength: 3 }), (texts) => {
      const line = csvLine(['id', ...texts.map((parts) => parts.join('')), 'end']);

      // As a spreadsheet splits it that heeds no quotes, which is the worst of them.
      const cells = line.split(delimiter).map((cell) => cell.trim().replace(/^["\s]+/, ''));
      expect(cells.filter((cell) => signs.some((sign) => cell.startsWith(sign)))).toEqual([]);
    }),
  );
});

test('leaves numbers, dates and ordinary dashes alone', () => {
  const cells: Cell[] = ['Finance - EU', '2026-10-03T09:20:55Z', 'a=b', 'x@example.com', -5, true, null];

  expect(csvLine(cells)).toBe('"Finance - EU","2026-10-03T09:20:55Z","a=b","x@example.com",-5,true,\r\n');
});
