import { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { EvidenceError } from '../../evidence/evidence-error.ts';
import type { Row } from '../../evidence/marts.ts';
import { cellOf, parseShownRows } from '../../evidence/read/shown-rows.ts';

/** The rows of what is printed, which arrives in pieces of so many bytes. */
async function rowsOf(printed: string, size = printed.length): Promise<Row[]> {
  const bytes = Buffer.from(printed);
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, place) =>
    bytes.subarray(place * size, (place + 1) * size),
  );
  const rows: Row[] = [];
  for await (const row of parseShownRows(Readable.from(pieces, { objectMode: false }))) rows.push(row);
  return rows;
}

const HARD: readonly Row[] = [
  { a: 1, text: 'a "quoted" \\ },{ ]\n[ {', none: null },
  { a: -2.5, text: '\\', none: null },
  { a: 3, text: '\\"é 😀\u2028', none: true },
  { a: 0, text: 'x'.repeat(3_000), none: '' },
];

test.each([1, 2, 3, 7, 1_000])('reads each row of an array that arrives in pieces of %d bytes', async (size) => {
  expect(await rowsOf(`${JSON.stringify(HARD)}\n`, size)).toEqual(HARD);
});

test('reads an array without rows, and passes over what a project prints before it', async () => {
  expect(await rowsOf('[]\n')).toEqual([]);
  expect(await rowsOf('\nhello [1]\n\n{"a": 2}\n[{"a":3}]\n')).toEqual([{ a: 3 }]);
  expect(await rowsOf('[]\n[warning] x\n[1]\n[{"a":3}]\n', 1)).toEqual([{ a: 3 }]);
});

test.each(['', '\n', '[]\nbye\n', '[{"a":1},{"a":', '[{"a":1}', 'nothing to show\n'])(
  'says that rows are cut off, where %j is all that comes',
  async (printed) => {
    await expect(rowsOf(printed)).rejects.toThrow(
      new EvidenceError('The marts could not be read: the rows that dbt prints are cut off.'),
    );
  },
);

test('says that something comes after the rows, which may be rows too', async () => {
  await expect(rowsOf('[{"a":1}]\n[{"a":2}]\n')).rejects.toThrow(
    new EvidenceError('The marts could not be read: dbt prints something after the rows.'),
  );
});

test('says that a row is no JSON', async () => {
  await expect(rowsOf('[{a: 1}]\n')).rejects.toThrow(
    new EvidenceError('The marts could not be read: a row that dbt prints is no JSON.'),
  );
});

test.each([
  ['2026-01-02T03:04:05', '2026-01-02T03:04:05.000000Z'],
  ['2026-01-02T03:04:05.120', '2026-01-02T03:04:05.120000Z'],
  ['2026-01-02T03:04:05.123456', '2026-01-02T03:04:05.123456Z'],
  ['2026-01-02 03:04:05.123456789', '2026-01-02T03:04:05.123456Z'],
  ['2026-01-01T17:04:05.123456-08:00', '2026-01-02T01:04:05.123456Z'],
  ['1969-12-31T23:59:59.500+00:00', '1969-12-31T23:59:59.500000Z'],
  ['2999-01-01T00:00:00Z', '2999-01-01T00:00:00.000000Z'],
])('writes the time %s in UTC, with six digits', (shown, written) => {
  expect(cellOf(shown, true)).toBe(written);
});

test('leaves a text that looks like a time as it is, and a time that is none', () => {
  expect(cellOf('2026-01-02T03:04:05', false)).toBe('2026-01-02T03:04:05');
  expect(cellOf(null, true)).toBe(null);
});

test('refuses a time that it cannot read, and a column that is not there', () => {
  expect(() => cellOf(1_767_322_800, true)).toThrow('The marts could not be read: dbt prints 1767322800 for a time.');
  expect(() => cellOf(undefined, false)).toThrow('The marts could not be read: dbt prints a row without all columns.');
});
