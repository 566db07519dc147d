import * as Plot from '@observablehq/plot';
import { csvPathOf, type Evidence } from '../../evidence.ts';
import type { Mover } from '../../marts.ts';
import { chart, WIDTH } from '../chart.ts';
import { csvLink } from '../csv-link.ts';
import { type Html, html } from '../html.ts';
import { shortName } from '../labels.ts';
import { circle } from '../legend.ts';
import { metric } from '../metric.ts';
import { table } from '../table.ts';
import { longDate, minute, nameOrId, plural } from '../words.ts';
import { gainsAndLosses } from './gains-and-losses.ts';

const HOUR_MS = 3_600_000;
/** The radius of a dot for a leaver. */
const DOT = 5;

interface Leaver extends Mover {
  left_on: string;
  gone_by: string;
  cut_off_due_at: string;
}

/** A leaver who was suspended or removed. */
interface CutOff extends Leaver {
  /** From the end of the last day until then. Negative if it was before. */
  hours: number;
  isLate: boolean;
}

/** Who joined, who left, and how long it took to cut off those who left. */
export function peopleSection({ about, rows, files }: Evidence): Html {
  const movers = rows['joiners and leavers'];
  const members = rows['population team members'];
  const csv = csvPathOf('joiners and leavers');
  const { evidence_from: from, evidence_to: to } = about;
  const within = (time: string | null): time is string => time !== null && time >= from && time < to;
  const during = (column: 'joined_at' | 'removed_at' | 'suspended_at'): readonly string[] =>
    movers.map((mover) => mover[column]).filter(within);
  const counting = (column: 'joined_at' | 'removed_at' | 'suspended_at'): Html =>
    metric(during(column).length, { csv, where: `${column}>=${from} & ${column}<${to}` });
  const membersCsv = csvPathOf('population team members');
  const leavers = movers.filter((mover): mover is Leaver => within(mover.left_on));
  const isWhole = about.members_covered_from !== null && about.members_covered_from <= to;

  return html`
  <p>At the end of the period ${metric(members.length, { csv: membersCsv })} people and service accounts belong to the account${
    isWhole
      ? html`, a list that is <strong>complete since ${longDate(about.members_covered_from ?? '')}</strong>`
      : html`, <strong>those known from the log</strong>`
  }. In the period ${counting('joined_at')} joined, ${counting('suspended_at')} were suspended and ${counting('removed_at')} were removed.</p>
  ${
    movers.length > 0 &&
    gainsAndLosses('People who joined and who were removed, by week', about, [
      { word: 'joined', times: during('joined_at') },
      { word: 'removed', times: during('removed_at') },
    ])
  }
  ${cutting(leavers, csv, from, to)}
  ${table(
    'Who joined, left, was suspended or removed',
    [...movers].sort(byName),
    [
      { title: 'Person', cell: (row) => nameOrId(row.user_name ?? row.user_email, row.user_uuid) },
      { title: 'Kind', cell: ({ kind }) => kind },
      { title: 'Status now', cell: ({ status }) => status },
      { title: 'Invited', cell: ({ invited_at }) => invited_at && minute(invited_at) },
      { title: 'Joined', cell: ({ joined_at }) => joined_at && minute(joined_at) },
      { title: 'Left on', cell: ({ left_on }) => left_on && html`<time>${left_on.slice(0, 10)}</time>` },
      { title: 'Suspended', cell: ({ suspended_at }) => suspended_at && minute(suspended_at) },
      { title: 'Removed', cell: ({ removed_at }) => removed_at && minute(removed_at) },
    ],
    { csv: csvLink(csv, files), order: 'by name' },
  )}`;
}

function byName(a: Mover, b: Mover): number {
  return `${a.user_name}${a.user_uuid}`.localeCompare(`${b.user_name}${b.user_uuid}`, 'en');
}

function cutOffsOf(leavers: readonly Leaver[]): CutOff[] {
  return leavers.flatMap((leaver) => {
    const { suspended_at, reactivated_at, removed_at, gone_by, cut_off_due_at } = leaver;
    const isStillSuspended = suspended_at !== null && (reactivated_at === null || reactivated_at < suspended_at);
    const [first] = [isStillSuspended ? suspended_at : null, removed_at].filter((time) => time !== null).sort();
    if (first === undefined) return [];
    return [{ ...leaver, hours: hoursBetween(gone_by, first), isLate: first > cut_off_due_at }];
  });
}

function hoursBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / HOUR_MS;
}

function cutting(leavers: readonly Leaver[], csv: string, from: string, to: string): Html {
  const [first] = leavers;
  if (first === undefined) {
    return html`<p>How long it took to cut off leavers is not known: no leaving dates in the period were supplied (input leavers).</p>`;
  }
  const allowedHours = hoursBetween(first.gone_by, first.cut_off_due_at);
  const done = cutOffsOf(leavers);
  const late = done.filter(({ isLate }) => isLate);
  const open = leavers.length - done.length;
  return html`
<p>${metric(leavers.length, { csv, where: `left_on>=${from} & left_on<${to}` })} people left in the period, according to the dates supplied.
${plural(done.length - late.length, 'person was', 'people were')} suspended or removed within ${allowedHours} hours of leaving, ${plural(late.length, 'person', 'people')} later${open > 0 && html`, and <strong>${plural(open, 'person is', 'people are')} neither suspended nor removed</strong>`}.
A last day that was supplied without a time counts until it is over everywhere on earth.</p>
${done.length > 0 && delays(done, allowedHours)}`;
}

function delays(done: readonly CutOff[], allowedHours: number): Html {
  const late = done.filter(({ isLate }) => isLate).length;
  const days = Math.max(2, Math.ceil(Math.max(allowedHours, ...done.map(({ hours }) => hours)) / 24));
  // Those who were cut off long before they left stand together.
  const before = -2 * 24;
  const dots = done.map((cutOff) => ({ ...cutOff, place: Math.max(before, cutOff.hours) }));
  // Dots that would lie on one another are stacked.
  const columns = new Map<number, number>();
  for (const { place } of dots) {
    const column = Math.round((WIDTH / (2 * DOT)) * (place / (24 * days - before)));
    columns.set(column, (columns.get(column) ?? 0) + 1);
  }
  const everyDays = Math.ceil(days / 10);
  const ticks = Array.from({ length: Math.floor(days / everyDays) + 1 }, (_, tick) => 24 * everyDays * tick);
  return chart(
    'Hours from leaving until being suspended or removed',
    `${late} of ${done.length} took more than ${allowedHours} hours`,
    {
      height: 84 + 2 * DOT * Math.max(2, ...columns.values()),
      marginLeft: 40,
      marginRight: 40,
      marginTop: 30,
      x: {
        domain: [before, 24 * days],
        label: null,
        ticks: [before, ...ticks],
        tickFormat: (hours: number) => (hours < 0 ? 'earlier' : `${hours}`),
      },
      y: { axis: null },
      marks: [
        Plot.ruleX([allowedHours], { stroke: 'var(--muted)', strokeDasharray: '3,2' }),
        Plot.text([allowedHours], {
          x: (hours: number) => hours,
          frameAnchor: 'top',
          dy: -22,
          text: () => `${allowedHours} hours`,
          fill: 'var(--muted)',
        }),
        Plot.dot(
          dots,
          Plot.dodgeY({
            x: 'place',
            r: DOT,
            symbol: ({ isLate }: CutOff) => (isLate ? 'diamond' : 'circle'),
            fill: ({ isLate }: CutOff) => (isLate ? 'var(--high)' : 'var(--accent)'),
            title: (row: CutOff) =>
              `${shortName(row.user_name ?? row.user_email, row.user_uuid)}: ${Math.round(row.hours)} hours`,
          }),
        ),
      ],
    },
    [
      [circle(DOT, 'accent'), `within ${allowedHours} hours`],
      [html`<path d="M7,0L13,7L7,14L1,7Z" class="high"/>`, 'later'],
    ],
  );
}
