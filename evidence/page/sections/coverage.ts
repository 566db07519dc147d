import * as Plot from '@observablehq/plot';
import { csvPathOf, DAY_MS, type Evidence } from '../../evidence.ts';
import type { StreamCoverage, StreamDay } from '../../marts.ts';
import { badge } from '../badge.ts';
import { chart } from '../chart.ts';
import { csvLink } from '../csv-link.ts';
import { type Html, html } from '../html.ts';
import { type Key, legend, square } from '../legend.ts';
import { metric } from '../metric.ts';
import { longDate, minute, plural, streamName } from '../words.ts';

type State = 'covered' | 'not settled' | 'silent' | 'missing';

interface Day {
  from: Date;
  to: Date;
  state: State;
  /** From 0 to 1, of the stream's busiest day. */
  height: number;
  events: number;
}

const KEYS: readonly Key[] = [
  [html`<rect x="3" y="1" width="8" height="13" class="accent"/>`, 'events; a taller bar is a busier day'],
  [html`<rect x="3.5" y="1.5" width="7" height="12" class="accent-line"/>`, 'so recent that more events may arrive'],
  [html`<path d="M3,5l8,8m0,-8l-8,8" class="high-line"/>`, 'silent: no event'],
  [square('missing'), 'missing: before the first event, or not connected'],
];

/** Whether the log is complete: each day of each stream from the start of the period to the time of the evidence. */
export function coverageSection({ about, rows, files }: Evidence): Html {
  return html`
  <p>Each bar is a day, from the start of the period to the time of this evidence. All days are in ${csvLink(csvPathOf('daily coverage'), files)}.</p>
  ${legend(KEYS)}
  ${rows['data coverage'].map((stream) => strip(stream, about, rows['daily coverage']))}`;
}

function strip(stream: StreamCoverage, about: Evidence['about'], days: readonly StreamDay[]): Html {
  const name = streamName(stream.stream);
  const own = days.filter((day) => day.stream === stream.stream);
  const drawn = daysOf(own, about);
  const summary = (['covered', 'not settled', 'silent', 'missing'] as const)
    .map((state) => `${drawn.filter((day) => day.state === state).length} ${state}`)
    .join(', ');
  return html`
  <div class="stream">
    <h3>${name.replace(/^./, (letter) => letter.toUpperCase())} ${badge(stream.verdict)}</h3>
    <p>${stream.reason}</p>
    ${chart(`Days of the ${name}`, `Of ${plural(drawn.length, 'day')}: ${summary}`, stripOf(drawn, about))}
    ${facts(stream)}
  </div>`;
}

function facts(stream: StreamCoverage): Html {
  const csv = csvPathOf('data coverage');
  const of = (column: keyof StreamCoverage): Html | string =>
    stream[column] === null
      ? 'unknown'
      : metric(Number(stream[column]), { csv, where: `stream=${stream.stream}`, sum: column });
  return html`
<dl class="facts">
  <div><dt>Events</dt><dd>${of('events')}</dd></div>
  <div><dt>First event</dt><dd>${minute(stream.first_event_at)}</dd></div>
  <div><dt>Last event</dt><dd>${minute(stream.last_event_at)}</dd></div>
  <div><dt>Last load</dt><dd>${minute(stream.last_loaded_at)}</dd></div>
  <div><dt>Silent days</dt><dd>${of('silent_days')}, at most ${of('longest_silence_days')} in a row</dd></div>
  <div><dt>Late events</dt><dd>${of('late_events')}</dd></div>
  <div><dt>Repeats removed</dt><dd>${of('repeated_rows')}</dd></div>
  <div><dt>Without a time</dt><dd>${of('undated_rows')}</dd></div>
  <div><dt>Without an identifier</dt><dd>${of('derived_keys')}</dd></div>
  ${stream.changed_rows !== undefined && html`<div><dt>Changed by the destination</dt><dd>${of('changed_rows')}</dd></div>`}
</dl>`;
}

function daysOf(days: readonly StreamDay[], { evidence_from, as_of }: Evidence['about']): Day[] {
  const known = new Map(days.map((day) => [day.day, day]));
  const most = Math.max(1, ...days.filter(({ day }) => day >= evidence_from.slice(0, 10)).map(({ events }) => events));
  const drawn: Day[] = [];
  for (let ms = Date.parse(evidence_from.slice(0, 10)); ms < Date.parse(as_of); ms += DAY_MS) {
    const day = known.get(new Date(ms).toISOString().slice(0, 10));
    const events = day?.events ?? 0;
    drawn.push({ from: new Date(ms), to: new Date(ms + DAY_MS), state: stateOf(day), height: events / most, events });
  }
  return drawn;
}

function stateOf(day: StreamDay | undefined): State {
  if (day === undefined) return 'missing';
  if (!day.is_settled) return 'not settled';
  return day.is_silent ? 'silent' : 'covered';
}

function stripOf(days: readonly Day[], { evidence_to }: Evidence['about']): Plot.PlotOptions {
  const at = { x1: 'from', x2: 'to', inset: 0.5 } as const;
  const of = (state: State): Day[] => days.filter((day) => day.state === state);
  const ends = new Date(evidence_to);
  const isOver = days.some(({ to }) => to > ends);
  return {
    height: 102,
    marginBottom: 40,
    marginLeft: 6,
    marginRight: 6,
    marginTop: 18,
    x: { type: 'utc', label: null, domain: [days[0]?.from, days.at(-1)?.to] },
    y: { axis: null, domain: [0, 1] },
    marks: [
      Plot.rect(of('missing'), { ...at, inset: 0, y1: 0, y2: 1, fill: 'var(--missing)' }),
      Plot.rectY(of('covered'), { ...at, y: 'height', fill: 'var(--accent)', title: titleOf }),
      Plot.rectY(of('not settled'), { ...at, y: 'height', stroke: 'var(--accent)', strokeWidth: 1.2, title: titleOf }),
      Plot.dot(of('silent'), {
        x: ({ from }: Day) => new Date(from.getTime() + DAY_MS / 2),
        y: 0.1,
        symbol: 'times',
        r: 4,
        stroke: 'var(--high)',
        strokeWidth: 2,
        title: titleOf,
      }),
      Plot.ruleY([0], { stroke: 'var(--line-strong)' }),
      ...(isOver
        ? [
            Plot.ruleX([ends], { stroke: 'var(--ink)', strokeDasharray: '3,2' }),
            Plot.text([ends], {
              x: (d: Date) => d,
              y: 1,
              text: () => 'period ends',
              textAnchor: 'end',
              dx: -4,
              dy: -9,
              fill: 'var(--muted)',
            }),
          ]
        : []),
    ],
  };
}

function titleOf({ from, events, state }: Day): string {
  return `${longDate(from.toISOString())}: ${plural(events, 'event')}, ${state}`;
}
