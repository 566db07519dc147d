import { csvPathOf, type Evidence } from '../../evidence.ts';
import type { Baseline } from '../../marts.ts';
import { badge } from '../badge.ts';
import { csvLink } from '../csv-link.ts';
import { type Content, type Html, html } from '../html.ts';
import { leftOut } from '../left-out.ts';
import { metric } from '../metric.ts';
import { table } from '../table.ts';
import { longDate, minute, text, thousands } from '../words.ts';

const CHANGES = ['changes', 'explained', 'unexplained', 'contradicted'] as const;

/** Whether the log has all that two dated lists tell differently, who made the lists, and what they say beside the log. */
export function listsSection(evidence: Evidence): Html {
  const { rows, files } = evidence;
  const { baselines, 'log confirmation': confirmations } = rows;
  const dates = new Set(confirmations.map(({ to_as_of }) => to_as_of)).size;
  if (baselines.length === 0) {
    return html`
  <p><strong>Nobody supplied a dated list (a baseline) of people, groups and vaults</strong>, so nothing outside the log says whether it is whole.
  The command <code>1password-evidence baseline</code> takes one; with a second one, every difference between them must be in the log.</p>`;
  }
  return html`
  <p>${
    dates === 0
      ? html`<strong>One list alone cannot show what the log has missed since.</strong> With a later one, every difference between the two must be in the log.`
      : html`Every difference between a list and the one before it must be in the log. Of ${sumOf('changes')} differences ${sumOf('explained')} are there and <strong>${sumOf('unexplained')} are not</strong>; in ${sumOf('contradicted')} cases the log says what the later list denies. What began and ended between two lists is in neither.${confirmations.some((row) => !row.is_log_loaded) && ' The log was not loaded since the last list was read, so some of this may still come.'}`
  }</p>
  ${confirmations.length > 0 && confirmed(rows, files)}
  ${missing(rows)}
  ${makers(baselines, files)}
  ${leftOut(evidence, 'reconciliation') ?? reconciliation(rows.reconciliation, files)}`;

  function sumOf(column: (typeof CHANGES)[number]): Html {
    const sum = confirmations.reduce((total, row) => total + row[column], 0);
    return metric(sum, { csv: csvPathOf('log confirmation'), sum: column });
  }
}

function confirmed({ 'log confirmation': rows }: Evidence['rows'], files: Evidence['files']): Html {
  const number = (title: string, column: (typeof CHANGES)[number]) =>
    ({ title, kind: 'number', cell: (row: (typeof rows)[number]) => thousands(row[column]) }) as const;
  return table(
    'The log between two lists',
    rows,
    [
      { title: 'From the list of', cell: (row) => minute(row.from_as_of) },
      { title: 'To that of', cell: (row) => minute(row.to_as_of) },
      { title: 'Of', cell: (row) => row.kind },
      number('Changes', 'changes'),
      number('In the log', 'explained'),
      number('Not in the log', 'unexplained'),
      number('Contradicted', 'contradicted'),
      {
        title: 'Verdict',
        cell: (row) => html`${badge(row.verdict)}${!row.is_log_loaded && ' (log not loaded since)'}`,
      },
    ],
    { csv: csvLink(csvPathOf('log confirmation'), files), order: 'by date' },
  );
}

function missing({ findings }: Evidence['rows']): Content {
  const found = findings.filter(({ rule }) => rule === 'change_not_in_log');
  if (found.length === 0) return '';
  return html`
  <h3>Not in the log</h3>
  <ul>${found.map(({ sentence }) => html`<li>${sentence}</li>`)}</ul>`;
}

/** Auditors ask of every list who made it, when, with what, and over what. */
function makers(baselines: readonly Baseline[], files: Evidence['files']): Html {
  const number = (title: string, column: keyof Baseline) =>
    ({
      title,
      kind: 'number',
      cell: (row: Baseline) =>
        row[column] === null ? html`<span class="none">not recorded</span>` : thousands(Number(row[column])),
    }) as const;
  return table(
    'The lists',
    baselines,
    [
      { title: 'As of (UTC)', cell: ({ as_of }) => minute(as_of) },
      { title: 'Read until', cell: ({ finished_at }) => (finished_at === null ? text(null) : minute(finished_at)) },
      { title: 'Taken by', cell: ({ taken_by_email, taken_by_uuid }) => text(taken_by_email ?? taken_by_uuid) },
      { title: 'With', cell: ({ tool }) => text(tool) },
      number('People', 'members_count'),
      number('Groups', 'groups_count'),
      number('Memberships', 'group_members_count'),
      number('Vaults', 'vaults_count'),
      number('Grants', 'vault_access_count'),
    ],
    { csv: csvLink(csvPathOf('baselines'), files), order: 'by date' },
  );
}

function reconciliation(rows: Evidence['rows']['reconciliation'], files: Evidence['files']): Content {
  const csv = csvPathOf('reconciliation');
  const groups = [...new Set(rows.map(({ as_of, what }) => JSON.stringify([as_of, what])))];
  if (groups.length === 0) return '';
  const sides = ['both', 'only in log', 'only in baseline'] as const;
  const lines = groups.map((group) => {
    const [as_of, what] = JSON.parse(group) as [string, string];
    const count = (agrees: string): Html =>
      metric(rows.filter((row) => row.as_of === as_of && row.what === what && row.agrees === agrees).length, {
        csv,
        where: `as_of=${as_of} & what=${what} & agrees=${agrees}`,
      });
    return html`<tr><th scope="row">${longDate(as_of)}</th><th scope="row">${what}</th>${sides.map((side) => html`<td class="number">${count(side)}</td>`)}</tr>`;
  });
  return html`
  <h3>The log compared with each list</h3>
  <p>What the log alone shows at the time of a list, and what the list says. Before the first list it is what is older than the log; from then on, what the log did not tell. From ${csvLink(csv, files)}.</p>
  <table class="limits">
    <caption class="hidden">The log compared with each list</caption>
    <thead><tr><th scope="col">List of</th><th scope="col">What</th>${sides.map((side) => html`<th scope="col" class="number">${side}</th>`)}</tr></thead>
    <tbody>${lines}</tbody>
  </table>`;
}
