import * as Plot from '@observablehq/plot';
import { csvPathOf, type Evidence } from '../../evidence.ts';
import type { Finding } from '../../marts.ts';
import { badge } from '../badge.ts';
import { chart } from '../chart.ts';
import { csvLink } from '../csv-link.ts';
import { type Html, html } from '../html.ts';
import { roomFor } from '../labels.ts';
import { square } from '../legend.ts';
import { metric } from '../metric.ts';
import { bySeverity, SEVERITIES } from '../severity.ts';
import { table } from '../table.ts';
import { minute, nameOrId, plural, ruleName, text, thousands } from '../words.ts';

/** What the rules found in the period, in plain sentences. */
export function findingsSection({ rows, files }: Evidence): Html {
  const { findings } = rows;
  const csv = csvPathOf('findings');
  const severities = SEVERITIES.map((severity) => ({
    severity,
    count: findings.filter((finding) => finding.severity === severity).length,
  })).filter(({ count }) => count > 0);
  const decided = findings.filter(({ is_decided }) => is_decided).length;
  return html`
  <p>${metric(findings.length, { csv })} findings touch the period${severities.map(({ severity, count }, place) => html`${place === 0 ? ': ' : ', '}${metric(count, { csv, where: `severity=${severity}` })} of ${severity} severity`)}.${decided > 0 && html` Somebody has decided ${metric(decided, { csv, where: 'is_decided=true' })} of them.`}
  A finding is something to review, not proof of misuse. Each names the rule that found it and the identifiers of the events that it rests on.</p>
  ${findings.length > 0 && byRule(findings)}
  ${table(
    'Findings',
    [...findings].sort((a, b) => bySeverity(a, b) || (a.last_at < b.last_at ? 1 : -1)),
    [
      { title: 'Severity', cell: ({ severity }) => badge(severity) },
      { title: 'Last event (UTC)', cell: ({ last_at }) => minute(last_at) },
      { title: 'Rule', cell: ({ rule }) => ruleName(rule) },
      { title: 'What', cell: (finding) => html`${text(finding.sentence)}${decisionOn(finding)}` },
      { title: 'Events', kind: 'number', cell: ({ events }) => thousands(events) },
      { title: 'Trace', cell: ({ event_uuids }) => traceOf(event_uuids) },
    ],
    { csv: csvLink(csv, files), order: 'the most severe first, then the newest' },
  )}`;
}

/** Who decided what and why; nothing where nobody did. */
function decisionOn({
  is_decided,
  decided_as,
  decided_by,
  decided_at,
  decided_until,
  decision_reason,
}: Finding): Html | undefined {
  if (decided_as === null || decided_as === undefined) return undefined;
  const day = (time: string): string => time.slice(0, 10);
  const made = `${is_decided ? 'Decided' : 'Decided before its last events'}${decided_by ? ` by ${decided_by}` : ''}${decided_at ? ` on ${day(decided_at)}` : ''}`;
  const limit = decided_until ? `, until ${day(decided_until)}` : '';
  return html`<p class="limitation">${`${made}: ${decided_as}${limit}.${decision_reason ? ` ${decision_reason}` : ''}`}</p>`;
}

/** The first of the events; the CSV has more. */
function traceOf(uuids: string | null): Html {
  const [first, ...others] = uuids?.split(/, */) ?? [];
  if (first === undefined || first === '') return text(null);
  return html`${nameOrId(null, first)}${others.length > 0 && ` and ${thousands(others.length)} more`}`;
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
  `${plural(rules.length, 'rule')} found something; ${first && ruleName(first.rule)} ${first?.count} times`,
  {
    height: 21 * rules.length + 12,
    marginLeft: roomFor(rules.map(ruleName)),
    marginRight: roomFor(totals.map(({ text }) => text)),
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
  SEVERITIES.filter((severity) => bars.some((bar) => bar.severity === severity)).map((word) => [square(word), word]),
)}`;
}
