import Table from 'cli-table3';

export type Cell = string | number | bigint | null;

/** Numbers get thousands separators, and stand to the right. */
export function printTable(columns: readonly string[], rows: readonly (readonly Cell[])[]): void {
  const isNumeric = columns.map((_, index) => rows.some((row) => isNumber(row[index])));
  const table = new Table({
    head: [...columns],
    colAligns: isNumeric.map((numeric) => (numeric ? 'right' : 'left')),
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    // No colours: they would be control characters in a log.
    style: { head: [], border: [] },
  });
  for (const row of rows) table.push(row.map(toText));
  console.log(table.toString());
}

function isNumber(cell: Cell | undefined): boolean {
  return typeof cell === 'number' || typeof cell === 'bigint';
}

/** What came from 1Password may hold characters that would move the cursor of a terminal. */
function toText(cell: Cell): string {
  if (cell === null) return '';
  return typeof cell === 'string' ? cell.replace(/\p{Cc}/gu, ' ') : cell.toLocaleString('en-US');
}
