import { csvPathOf, type Evidence } from '../../evidence.ts';
import { csvLink } from '../csv-link.ts';
import { type Html, html } from '../html.ts';
import { leftOut } from '../left-out.ts';
import { table } from '../table.ts';
import { minute, streamName, text, thousands } from '../words.ts';

/** What holds for every account, whatever its log says. */
const ALWAYS: readonly string[] = [
  'Access that no event reports: that of the person who created a vault, of owners and administrators by their role, and of groups that everybody belongs to.',
  'What somebody may do in a vault (view, edit, export), unless a list says so: events report that access was given or changed, not which permissions.',
  'Private and employee vaults: 1Password reports the usage of shared vaults only.',
  'Item usage on a device that is still offline: it is reported when the device connects again.',
];

/** What nobody should read into this evidence. */
export function limitsSection(evidence: Evidence): Html {
  const { rows, files } = evidence;
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
  ${leftOut(evidence, 'unclassified events') ?? (rows['unclassified events'].length > 0 && unclassified(rows['unclassified events'], files))}`;
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
