import { type Content, type Html, html } from './html.ts';
import { thousands } from './words.ts';

/** The most rows that the page shows of a table; its CSV has all. */
const SHOWN_ROWS = 500;
/** So many can be looked through without a filter. */
const FEW_ROWS = 12;
/** The style sheet prints so many rows of a table. */
const ON_PAPER = 40;

export interface Column<Row> {
  title: string;
  cell: (row: Row) => Content;
  kind?: 'number';
}

/** A table that sorts and filters in the page. `csv` links to the file with all of its rows, or (`counted`) with those they were counted from. */
export function table<Row>(
  caption: string,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  options: { csv: Html; order: string; shown?: number; counted?: boolean; isNarrow?: boolean },
): Html {
  const shown = rows.slice(0, options.shown ?? SHOWN_ROWS);
  const total = rows.length;
  const source = options.counted ? html`Counted from the rows of ${options.csv}.` : html`All are in ${options.csv}.`;
  const count =
    total > shown.length
      ? html`The first ${thousands(shown.length)} of ${thousands(total)} rows, ${options.order}. ${source} Sorting and filtering work on the rows shown.`
      : html`${thousands(total)} ${total === 1 ? 'row' : 'rows'}, ${options.order}. ${source}`;
  if (total === 0) return html`<p class="none">${caption}: none.</p>`;

  const kindOf = ({ kind }: Column<Row>): Html | undefined => (kind ? html` class="${kind}"` : undefined);
  const filter = html`
    <label>Filter <input type="search" autocomplete="off" placeholder="any text"><span class="hidden"> ${caption}</span></label>
    <span class="matches" role="status"></span>`;
  return html`
<div class="table${options.isNarrow && ' narrow'}">
  <div class="tools"><h3>${caption}</h3>${total > FEW_ROWS && filter}</div>
  <div class="scroll" role="region" aria-label="Table: ${caption}" tabindex="0">
    <table>
      <caption class="hidden">${caption}</caption>
      <thead><tr>${columns.map((column) => html`<th scope="col"${kindOf(column)}><button type="button">${column.title}</button></th>`)}</tr></thead>
      <tbody>
${shown.map((row) => html`<tr>${columns.map((column) => html`<td${kindOf(column)}>${column.cell(row)}</td>`)}</tr>\n`)}</tbody>
    </table>
  </div>
  <p class="count">${count}${shown.length > ON_PAPER && html`<span class="on-paper"> On paper are the first ${ON_PAPER}.</span>`}</p>
</div>`;
}
