import { type Html, html } from './html.ts';
import { thousands } from './words.ts';

/** How a figure follows from a CSV: the rows that meet every condition, or the different values of a column in them. */
export interface Origin {
  csv: string;
  /** `change=lost`, `severity=high`; `since>=2026-07-01` compares text. Conditions are joined by ` & `, values by `|`. */
  where?: string;
  /** Columns whose different values are counted, rather than rows. */
  distinct?: string;
  /** A column whose numbers are added up, rather than rows counted. */
  sum?: string;
}

/** A number that can be counted again: the page says how, and a test does it. */
export function metric(value: number, { csv, where, distinct, sum }: Origin): Html {
  const what = distinct ? `different ${distinct}` : sum ? `sum of ${sum}` : 'rows';
  const how = `${what} in ${csv}${where ? ` where ${where}` : ''}`;
  return html`<data class="figure" value="${value}" title="${how}" data-csv="${csv}" data-where="${where}" data-distinct="${distinct}" data-sum="${sum}">${thousands(value)}</data>`;
}
