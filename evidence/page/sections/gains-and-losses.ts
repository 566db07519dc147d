import * as Plot from '@observablehq/plot';
import { DAY_MS, type Evidence } from '../../evidence.ts';
import { chart } from '../chart.ts';
import type { Html } from '../html.ts';
import { square } from '../legend.ts';
import { longDate, plural } from '../words.ts';

const WEEK_MS = 7 * DAY_MS;

interface Series {
  word: string;
  times: readonly string[];
}

/** What came in above the line and what went out below it, by week of the period. */
export function gainsAndLosses(title: string, about: Evidence['about'], [up, down]: [Series, Series]): Html {
  const [fromMs, toMs] = [Date.parse(about.evidence_from), Date.parse(about.evidence_to)];
  // The days left over at the end belong to the last week.
  const weekCount = Math.max(1, Math.floor((toMs - fromMs) / WEEK_MS));
  const weeks = Array.from({ length: weekCount }, (_, week) => {
    const from = new Date(fromMs + week * WEEK_MS);
    const to = new Date(week === weekCount - 1 ? toMs : from.getTime() + WEEK_MS);
    const within = (time: string): boolean => Date.parse(time) >= from.getTime() && Date.parse(time) < to.getTime();
    return { from, to, up: up.times.filter(within).length, down: down.times.filter(within).length };
  });
  const most = Math.max(1, ...weeks.flatMap((week) => [week.up, week.down]));
  const at = { x1: 'from', x2: 'to', inset: 2 } as const;
  const middle = ({ from, to }: (typeof weeks)[number]): Date => new Date((from.getTime() + to.getTime()) / 2);
  const titled = (week: (typeof weeks)[number]): string =>
    `Week from ${longDate(week.from.toISOString())}: ${week.up} ${up.word}, ${week.down} ${down.word}`;
  return chart(
    title,
    `${plural(up.times.length, up.word, up.word)}, ${plural(down.times.length, down.word, down.word)}`,
    {
      height: 190,
      marginLeft: 6,
      marginRight: 6,
      marginTop: 16,
      marginBottom: 40,
      x: { type: 'utc', label: null, domain: [new Date(fromMs), new Date(toMs)] },
      y: { axis: null, domain: [-most * 1.4, most * 1.3] },
      marks: [
        Plot.rectY(weeks, { ...at, y1: 0, y2: 'up', fill: 'var(--up)', title: titled }),
        Plot.rectY(weeks, { ...at, y1: 0, y2: ({ down }) => -down, fill: 'var(--down)', title: titled }),
        Plot.text(weeks, { x: middle, y: 'up', text: ({ up }) => up || '', dy: -8, fill: 'var(--ink)' }),
        Plot.text(weeks, {
          x: middle,
          y: ({ down }) => -down,
          text: ({ down }) => down || '',
          dy: 9,
          fill: 'var(--ink)',
        }),
        Plot.ruleY([0], { stroke: 'var(--line-strong)' }),
      ],
    },
    [
      [square('up'), `${up.word}, upwards`],
      [square('down'), `${down.word}, downwards`],
    ],
  );
}
