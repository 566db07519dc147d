/** A value of a row as the marts give it: times are ISO text in UTC. */
export type Cell = string | number | boolean | null;

/** Tells Excel, which a double click opens a CSV with, that the file is UTF-8. */
export const BYTE_ORDER_MARK = '\uFEFF';

/**
 * A sign that a spreadsheet may take for the beginning of a formula: where a cell begins, and wherever one may begin in a country
 * with another list separator. Blanks and quotes in between do not protect. https://owasp.org/www-community/attacks/CSV_Injection
 */
const FORMULA = /(^|[,;|:])([\s"'“”‘’]*)([=+\-@＝＋－＠])/gu;
/** A blank may be the separator, too; a dash between blanks is none of a formula. */
const AFTER_A_BLANK = /(\s)(["'“”‘’]*)([=+@＝＋＠]|[-－](?=\S))/gu;

/** What no cell needs and some reader takes for the end of one: control characters, line and paragraph separators. */
const CONTROL = /[\p{Cc}\u2028\u2029]+/gu;

/**
 * A line of CSV as RFC 4180 has it, every text in quotes. Control characters become a blank, and what a spreadsheet would take
 * for a formula gets an apostrophe in front.
 */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(cell: Cell): string {
  if (typeof cell !== 'string') return cell === null ? '' : String(cell);
  const text = cell.replaceAll(CONTROL, ' ').replaceAll(FORMULA, "$1$2'$3").replaceAll(AFTER_A_BLANK, "$1$2'$3");
  return `"${text.replaceAll('"', '""')}"`;
}
