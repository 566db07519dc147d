import { csvPathOf, type Evidence } from '../../evidence.ts';
import { csvLink } from '../csv-link.ts';
import { type Content, type Html, html } from '../html.ts';
import { metric } from '../metric.ts';
import { table } from '../table.ts';
import { minute, streamName, text, thousands } from '../words.ts';

/** What holds for every account, whatever its log says. */
const ALWAYS: readonly string[] = [
  'Access that no event reports: that of the person who created a vault, of owners and administrators by their role, and of groups that everybody belongs to.',
  'What somebody may do in a vault (view, edit, export): events report that access was given, not which permissions.',
  'Private and employee vaults: 1Password reports the usage of shared vaults only.',
  'Item usage on a device that is still offline: it is reported when the device connects again.',
];

/** What nobody should read into this evidence. */
export function limitsSection({ rows, files }: Evidence): Html {
  const byLimitation = new Map<string, string[]>();
  for (const { limitation, framework, control } of rows.controls) {
    const controls = byLimitation.get(limitation) ?? [];
    controls.push(framework === '1Password' ? control : `${framework} ${control}`);
    byLimitation.set(limitation, controls);
  }
  return html`
  <table class="limits">
    <caption class="hidden">Limitations and the controls they belong to</caption>
    <thead><tr><th scope="col">Not shown</th><th scope="col">Controls</th></tr></thead>
    <tbody>
      ${[...byLimitation].map(([limitation, controls]) => html`<tr><td>${limitation}</td><td>${controls.join(', ')}</td></tr>`)}
      ${ALWAYS.map((limit) => html`<tr><td>${limit}</td><td>all controls</td></tr>`)}
    </tbody>
  </table>
  ${reconciliation(rows.reconciliation, files)}
  ${rows['unclassified events'].length > 0 && unclassified(rows['unclassified events'], files)}`;
}

function reconciliation(rows: Evidence['rows']['reconciliation'], files: Evidence['files']): Content {
  const csv = csvPathOf('reconciliation');
  const whats = [...new Set(rows.map(({ what }) => what))];
  if (whats.length === 0) return '';
  const sides = ['both', 'only in log', 'only in baseline'] as const;
  return html`
  <h3>The log compared with the baseline</h3>
  <p>What the log alone shows at the time of the baseline, and what the baseline lists. The more agrees, the more complete is the log where there is no baseline. From ${csvLink(csv, files)}.</p>
  <table class="limits">
    <caption class="hidden">The log compared with the baseline</caption>
    <thead><tr><th scope="col">What</th>${sides.map((side) => html`<th scope="col" class="number">${side}</th>`)}</tr></thead>
    <tbody>${whats.map((what) => html`<tr><th scope="row">${what}</th>${sides.map((side) => html`<td class="number">${metric(rows.filter((row) => row.what === what && row.agrees === side).length, { csv, where: `what=${what} & agrees=${side}` })}</td>`)}</tr>`)}</tbody>
  </table>`;
}

function unclassified(rows: Evidence['rows']['unclassified events'], files: Evidence['files']): Html {
  return html`
  <h3>Events whose meaning is not known</h3>
  ${table(
    'Events whose meaning is not known',
    [...rows].sort((a, b) => b.events - a.events),
    [
      { title: 'Stream', cell: ({ stream }) => streamName(stream) },
      { title: 'About', cell: ({ object_type }) => object_type && text(object_type) },
      { title: 'Action or category', cell: ({ action }) => text(action) },
      { title: 'Events', kind: 'number', cell: ({ events }) => thousands(events) },
      { title: 'First', cell: ({ first_at }) => minute(first_at) },
      { title: 'Last', cell: ({ last_at }) => minute(last_at) },
    ],
    { csv: csvLink(csvPathOf('unclassified events'), files), order: 'most events first' },
  )}`;
}
