import { expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { type Cell, csvLine } from '../../evidence/write/csv.ts';

test('writes what any reader of RFC 4180 reads back, line ends and quotes included', () => {
  const cell = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant('a "b",\r\nc'),
  );
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1 }), (cells) => {
      const [read = []] = parse(csvLine(cells), { relax_column_count: true }) as string[][];

      expect(read.map((text) => text.replace(/^'(?=[=+\-@\t\r＝＋－＠])/, ''))).toEqual(cells.map(String));
    }),
  );
});

test('defuses text that a spreadsheet would run as a formula, and leaves numbers alone', () => {
  const cells: Cell[] = ['=1+1', '+49', '-1', '@SUM(A1)', '\tx', '＝cmd', -5, 'a=b', null];

  expect(csvLine(cells)).toBe("'=1+1,'+49,'-1,'@SUM(A1),'\tx,'＝cmd,-5,a=b,\r\n");
});
