import * as Plot from '@observablehq/plot';
import { csvPathOf, type Evidence } from '../../evidence.ts';
import { badge } from '../badge.ts';
import { chart } from '../chart.ts';
import { csvLink } from '../csv-link.ts';
import { type Html, html } from '../html.ts';
import { roomFor } from '../labels.ts';
import { circle } from '../legend.ts';
import { metric } from '../metric.ts';
import { bySeverity, SEVERITIES } from '../severity.ts';
import { table } from '../table.ts';
import { longDate, minute, plural, text } from '../words.ts';

/** What is for information is drawn as low. */
const DRAWN = SEVERITIES.slice(0, 3);

/** The administrative changes of the period, on a time line by area. */
export function changesSection({ about, rows, files }: Evidence): Html {
  const changes = rows['population administrative changes'];
  const csv = csvPathOf('population administrative changes');
  const high = changes.filter(({ severity }) => severity === 'high').length;
  return html`
  <p>${metric(changes.length, { csv })} changes in the period, ${metric(high, { csv, where: 'severity=high' })} of them of high severity.</p>
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
          html`${text(sentence)}${certainty === 'unknown' && html` <em>(meaning not known)</em>`}`,
      },
      {
        title: 'From',
        cell: ({ ip, city, country }) =>
          [ip, [city, country].filter(Boolean).join(', ')]
            .filter(Boolean)
            .map((part, place) => html`${place > 0 && html`<br>`}${text(part)}`),
      },
    ],
    { csv: csvLink(csv, files), order: 'the most severe first, then the newest' },
  )}`;
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
    `${plural(changes.length, 'change')} in ${plural(areas.length, 'area')}`,
    {
      height: 38 * areas.length + 50,
      marginLeft: roomFor(areas),
      marginRight: 12,
      marginTop: 8,
      marginBottom: 40,
      x: { type: 'utc', label: null, domain: [from, to] },
      y: { type: 'band', domain: areas, label: null, tickSize: 0, padding: 0 },
      r: { type: 'sqrt', domain: [0, Math.max(8, ...drawn.map(({ count }) => count))], range: [2, 8] },
      symbol: { domain: DRAWN, range: ['diamond', 'triangle', 'circle'] },
      color: { domain: DRAWN, range: DRAWN.map((severity) => `var(--${severity})`) },
      marks: [
        Plot.barX(
          areas.filter((_, place) => place % 2 === 0),
          { y: (area: string) => area, x1: from, x2: to, fill: 'var(--wash)' },
        ),
        ...DRAWN.map((severity, place) =>
          Plot.dot(
            drawn.filter((mark) => mark.severity === severity),
            {
              x: ({ day }) => new Date(day.getTime() + 12 * 3_600_000),
              y: 'area',
              r: 'count',
              symbol: 'severity',
              fill: 'severity',
              dy: 11 * (place - 1),
              title: ({ area, day, count }) =>
                `${longDate(day.toISOString())}, ${area}: ${count} of severity ${severity}`,
            },
          ),
        ),
      ],
    },
    [
      [html`<path d="M7,0L13,7L7,14L1,7Z" class="high"/>`, 'high'],
      [html`<path d="M7,1L14,13L0,13Z" class="medium"/>`, 'medium'],
      [circle(5, 'low'), 'low or for information'],
      [html`${circle(2, 'muted')}${circle(6.5, 'muted-line')}`, 'larger: more of them that day'],
    ],
  );
}
