import * as Plot from '@observablehq/plot';
import { csvPathOf, type Evidence } from '../../evidence.ts';
import type { Finding } from '../../marts.ts';
import { badge, bySeverity } from '../badge.ts';
import { chart } from '../chart.ts';
import { figure } from '../figure.ts';
import { type Html, html } from '../html.ts';
import { table } from '../table.ts';
import { counted, minute, named, ruleName, said, thousands } from '../words.ts';

const SEVERITIES = ['high', 'medium', 'low', 'info'];

/** What the rules found in the period, in plain sentences. */
export function findingsSection({ rows }: Evidence): Html {
  const { findings } = rows;
  const csv = csvPathOf('findings');
  const severities = SEVERITIES.map((severity) => ({
    severity,
    count: findings.filter((finding) => finding.severity === severity).length,
  })).filter(({ count }) => count > 0);
  return html`
<section id="findings" aria-labelledby="findings-title">
  <h2 id="findings-title">Findings</h2>
  <p>${figure(findings.length, { csv })} findings touch the period${severities.map(({ severity, count }, place) => html`${place === 0 ? ': ' : ', '}${figure(count, { csv, where: `severity=${severity}` })} of ${severity} severity`)}.
  A finding is something to look at, not a proof of misuse: a rule says why, the identifiers of its events say where from.</p>
  ${findings.length > 0 && byRule(findings)}
  ${table(
    'Findings',
    [...findings].sort((a, b) => bySeverity(a, b) || (a.last_at < b.last_at ? 1 : -1)),
    [
      { title: 'Severity', cell: ({ severity }) => badge(severity) },
      { title: 'Last event (UTC)', cell: ({ last_at }) => minute(last_at) },
      { title: 'Rule', cell: ({ rule }) => ruleName(rule) },
      { title: 'What', cell: ({ sentence }) => said(sentence) },
      { title: 'Events', kind: 'number', cell: ({ events }) => thousands(events) },
      { title: 'Trace', cell: ({ event_uuids }) => traceOf(event_uuids) },
    ],
    { csv, order: 'the most severe first, then the newest' },
  )}
</section>`;
}

/** The first of the events; the CSV has more. */
function traceOf(uuids: string | null): Html {
  const [first, ...others] = uuids?.split(/, */) ?? [];
  if (first === undefined || first === '') return said(null);
  return html`${named(null, first)}${others.length > 0 && ` and ${thousands(others.length)} more`}`;
}

function byRule(findings: readonly Finding[]): Html {
  const counts = new Map<string, { rule: string; severity: string; count: number }>();
  for (const { rule, severity } of findings) {
    const count = counts.get(`${rule}/${severity}`) ?? { rule, severity, count: 0 };
    count.count += 1;
    counts.set(`${rule}/${severity}`, count);
  }
  const bars = [...counts.values()].sort((a, b) => bySeverity(a, b) || b.count - a.count || (a.rule < b.rule ? -1 : 1));
  const rules = [...new Set(bars.map(({ rule }) => rule))];
  const totals = rules.map((rule) => {
    const own = bars.filter((bar) => bar.rule === rule);
    const count = own.reduce((sum, bar) => sum + bar.count, 0);
    const text = own.map((bar) => `${thousands(bar.count)} ${bar.severity}`).join(' · ');
    return { rule, count, text };
  });
  const [first] = totals;
  return html`
${chart(
  'Findings by rule',
  `${counted(rules.length, 'rule')} found something; ${first && ruleName(first.rule)} ${first?.count} times`,
  {
    height: 21 * rules.length + 12,
    marginLeft: 260,
    marginRight: 150,
    marginTop: 4,
    marginBottom: 8,
    x: { axis: null },
    y: { label: null, domain: rules, tickFormat: ruleName, tickSize: 0 },
    color: { domain: SEVERITIES, range: SEVERITIES.map((severity) => `var(--${severity})`) },
    marks: [
      Plot.barX(bars, { x: 'count', y: 'rule', fill: 'severity', order: SEVERITIES, insetTop: 3, insetBottom: 3 }),
      Plot.text(totals, { x: 'count', y: 'rule', text: 'text', textAnchor: 'start', dx: 6, fill: 'var(--muted)' }),
    ],
  },
)}`;
}
