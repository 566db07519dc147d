import type { FileFacts } from '../evidence.ts';
import { type Html, html } from './html.ts';

/** What Excel, LibreOffice and Google's Sheets hold at most, the row of the headings included. */
const SPREADSHEET_ROWS = 1_048_576;

/** A link to a CSV beside the page, with a warning where a spreadsheet would show the first of its rows alone. */
export function csvLink(path: string, files: readonly FileFacts[], words = path): Html {
  const { rows = 0 } = files.find((file) => file.path === path) ?? {};
  const isTooLong = rows >= SPREADSHEET_ROWS;
  return html`<a href="${path}">${words}</a>${isTooLong && html` <em>(more rows than the 1,048,576 that a spreadsheet holds: open it in a database)</em>`}`;
}
