import type { Cell } from '../marts.ts';

/** Tells Excel, which a double click opens a CSV with, that the file is UTF-8. */
export const BYTE_ORDER_MARK = '\uFEFF';

/** What no cell needs and some reader takes for the end of one: control characters, line and paragraph separators. */
const CONTROL = /[\p{Cc}\u2028\u2029]+/gu;

/**
 * A sign with which a spreadsheet may take a cell for a formula, full-width and small forms included, wherever a cell may begin in
 * some country or program: at the start, and after anything but a letter, a figure or another sign. So no list separator,
 * blank, quote or character without a width hides it. A dash between two words, as in `Finance - EU`, is left alone.
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
const SIGNS = String.raw`=+\-@−﹢﹣﹦﹫＝＋－＠`;
const FORMULA = new RegExp(String.raw`(?<![\p{L}\p{N}\p{M}${SIGNS}])(?!(?<=[\p{L}\p{N}\p{M}.)] )- )[${SIGNS}]`, 'gu');

/**
 * A line of CSV that a spreadsheet may open. Control characters become a blank, and what a spreadsheet would take for a formula
 * gets an apostrophe in front.
 */
export function csvLine(cells: readonly Cell[]): string {
  return exactCsvLine(cells.map(harmless));
}

/** A line of CSV as RFC 4180 has it, every text in quotes and unchanged. */
export function exactCsvLine(cells: readonly Cell[]): string {
  return `${cells.map(quoted).join(',')}\r\n`;
}

function harmless(cell: Cell): Cell {
  return typeof cell === 'string' ? cell.replaceAll(CONTROL, ' ').replaceAll(FORMULA, "'$&") : cell;
}

function quoted(cell: Cell): string {
  if (typeof cell !== 'string') return cell === null ? '' : String(cell);
  return `"${cell.replaceAll('"', '""')}"`;
}
