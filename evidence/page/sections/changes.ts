import * as Plot from '@observablehq/plot';
import { csvPathOf, type Evidence } from '../../evidence.ts';
import { badge, bySeverity } from '../badge.ts';
import { chart } from '../chart.ts';
import { figure } from '../figure.ts';
import { type Html, html } from '../html.ts';
import { table } from '../table.ts';
import { counted, longDate, minute, said } from '../words.ts';

const SEVERITIES = ['high', 'medium', 'low'];

/** The administrative changes of the period, on a time line by area. */
export function changesSection({ about, rows }: Evidence): Html {
  const changes = rows['population administrative changes'];
  const csv = csvPathOf('population administrative changes');
  const high = changes.filter(({ severity }) => severity === 'high').length;
  return html`
<section id="changes" aria-labelledby="changes-title">
  <h2 id="changes-title">Administrative changes</h2>
  <p>${figure(changes.length, { csv })} changes in the period, ${figure(high, { csv, where: 'severity=high' })} of them of high severity.</p>
  ${changes.length > 0 && timeLine(changes, about)}
  ${table(
    'Administrative changes',
    [...changes].reverse().sort(bySeverity),
    [
      { title: 'Severity', cell: ({ severity }) => badge(severity) },
      { title: 'When (UTC)', cell: ({ occurred_at }) => minute(occurred_at) },
      { title: 'Area', cell: ({ area }) => area },
      {
        title: 'What',
        cell: ({ sentence, certainty }) =>
          html`${said(sentence)}${certainty === 'unknown' && html` <em>(meaning not known)</em>`}`,
      },
      {
        title: 'From',
        cell: ({ ip, city, country }) =>
          [ip, [city, country].filter(Boolean).join(', ')]
            .filter(Boolean)
            .map((part, place) => html`${place > 0 && html`<br>`}${said(part)}`),
      },
    ],
    { csv, order: 'the most severe first, then the newest' },
  )}
</section>`;
}

function timeLine(changes: Evidence['rows']['population administrative changes'], about: Evidence['about']): Html {
  const marks = new Map<string, { area: string; day: Date; severity: string; count: number }>();
  for (const { area, occurred_at, severity: exact } of changes) {
    const severity = exact === 'info' ? 'low' : exact;
    const day = occurred_at.slice(0, 10);
    const key = `${area}/${day}/${severity}`;
    const mark = marks.get(key) ?? { area, day: new Date(day), severity, count: 0 };
    mark.count += 1;
    marks.set(key, mark);
  }
  const [from, to] = [new Date(about.evidence_from), new Date(about.evidence_to)];
  const areas = [...new Set(changes.map(({ area }) => area))].sort();
  const drawn = [...marks.values()].sort((a, b) => bySeverity(b, a));
  return chart(
    'Administrative changes by day and area',
    `${counted(changes.length, 'change')} in ${counted(areas.length, 'area')}`,
    {
      height: 38 * areas.length + 50,
      marginLeft: 130,
      marginRight: 12,
      marginTop: 8,
      marginBottom: 40,
      x: { type: 'utc', label: null, domain: [from, to] },
      y: { type: 'band', domain: areas, label: null, tickSize: 0, padding: 0 },
      r: { type: 'sqrt', domain: [0, Math.max(8, ...drawn.map(({ count }) => count))], range: [2, 8] },
      symbol: { domain: SEVERITIES, range: ['diamond', 'triangle', 'circle'] },
      color: { domain: SEVERITIES, range: SEVERITIES.map((severity) => `var(--${severity})`) },
      marks: [
        Plot.barX(
          areas.filter((_, place) => place % 2 === 0),
          { y: (area: string) => area, x1: from, x2: to, fill: 'var(--wash)' },
        ),
        ...SEVERITIES.map((severity, place) =>
          Plot.dot(
            drawn.filter((mark) => mark.severity === severity),
            {
              x: ({ day }) => new Date(day.getTime() + 12 * 3_600_000),
              ...{ y: 'area', r: 'count', symbol: 'severity', fill: 'severity', dy: 11 * (place - 1) },
              title: ({ area, day, count }) =>
                `${longDate(day.toISOString())}, ${area}: ${count} of severity ${severity}`,
            },
          ),
        ),
      ],
    },
    html`<li><svg width="14" height="14" aria-hidden="true"><path d="M7,0L13,7L7,14L1,7Z" class="high"/></svg> high</li>
  <li><svg width="14" height="14" aria-hidden="true"><path d="M7,1L14,13L0,13Z" class="medium"/></svg> medium</li>
  <li><svg width="14" height="14" aria-hidden="true"><circle cx="7" cy="7" r="5" class="low"/></svg> low or for information</li>
  <li>larger: more of them that day</li>`,
  );
}
