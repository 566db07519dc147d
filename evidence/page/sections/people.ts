import * as Plot from '@observablehq/plot';
import { csvPathOf, type Evidence } from '../../evidence.ts';
import type { Mover } from '../../marts.ts';
import { chart } from '../chart.ts';
import { figure } from '../figure.ts';
import { type Html, html } from '../html.ts';
import { table } from '../table.ts';
import { counted, label, longDate, minute, named } from '../words.ts';
import { movements } from './movements.ts';

const HOUR_MS = 3_600_000;
const LATE_HOURS = 24;

interface Leaver extends Mover {
  left_on: string;
  /** From the day they left to being suspended or removed; null while they are neither. Negative if they were cut off before. */
  hours: number | null;
}

/** Who joined, who left, and how long it took to cut off those who left. */
export function peopleSection({ about, rows }: Evidence): Html {
  const movers = rows['joiners and leavers'];
  const members = rows['population team members'];
  const csv = csvPathOf('joiners and leavers');
  const { evidence_from: from, evidence_to: to } = about;
  const within = (time: string | null): time is string => time !== null && time >= from && time < to;
  const during = (column: 'joined_at' | 'removed_at' | 'suspended_at'): readonly string[] =>
    movers.map((mover) => mover[column]).filter(within);
  const counting = (column: 'joined_at' | 'removed_at' | 'suspended_at'): Html =>
    figure(during(column).length, { csv, where: `${column}>=${from} & ${column}<${to}` });
  const membersCsv = csvPathOf('population team members');
  const leavers = movers.filter((mover): mover is Leaver => within(mover.left_on)).map(cutOff);
  const isWhole = about.members_covered_from !== null && about.members_covered_from <= to;

  return html`
<section id="people" aria-labelledby="people-title">
  <h2 id="people-title">Joiners and leavers</h2>
  <p>At the end of the period ${figure(members.length, { csv: membersCsv })} people and service accounts belong to the account${
    isWhole
      ? html`, a list that is <strong>complete since ${longDate(about.members_covered_from ?? '')}</strong>`
      : html`, <strong>those known from the log</strong>`
  }. In the period ${counting('joined_at')} joined, ${counting('suspended_at')} were suspended and ${counting('removed_at')} were removed.</p>
  ${
    movers.length > 0 &&
    movements('People who joined and who were removed, by week', about, [
      { word: 'joined', times: during('joined_at') },
      { word: 'removed', times: during('removed_at') },
    ])
  }
  ${cutting(leavers, csv, from, to)}
  ${table(
    'Who joined, left, was suspended or removed',
    [...movers].sort(byName),
    [
      { title: 'Person', cell: (row) => named(row.user_name ?? row.user_email, row.user_uuid) },
      { title: 'Kind', cell: ({ kind }) => kind },
      { title: 'Status now', cell: ({ status }) => status },
      { title: 'Invited', cell: ({ invited_at }) => invited_at && minute(invited_at) },
      { title: 'Joined', cell: ({ joined_at }) => joined_at && minute(joined_at) },
      { title: 'Left on', cell: ({ left_on }) => left_on && html`<time>${left_on.slice(0, 10)}</time>` },
      { title: 'Suspended', cell: ({ suspended_at }) => suspended_at && minute(suspended_at) },
      { title: 'Removed', cell: ({ removed_at }) => removed_at && minute(removed_at) },
    ],
    { csv, order: 'by name' },
  )}
</section>`;
}

function byName(a: Mover, b: Mover): number {
  return `${a.user_name}${a.user_uuid}`.localeCompare(`${b.user_name}${b.user_uuid}`, 'en');
}

function cutOff(leaver: Leaver): Leaver {
  const { suspended_at, reactivated_at, removed_at, left_on } = leaver;
  const isStillSuspended = suspended_at !== null && (reactivated_at === null || reactivated_at < suspended_at);
  const times = [isStillSuspended ? suspended_at : null, removed_at].filter((time) => time !== null).sort();
  const [first] = times;
  return { ...leaver, hours: first === undefined ? null : (Date.parse(first) - Date.parse(left_on)) / HOUR_MS };
}

function cutting(leavers: readonly Leaver[], csv: string, from: string, to: string): Html {
  const known = figure(leavers.length, { csv, where: `left_on>=${from} & left_on<${to}` });
  if (leavers.length === 0) {
    return html`<p>How long it took to cut off those who left cannot be told: no leaving dates of the period were supplied (input leavers).</p>`;
  }
  const done = leavers.filter((leaver): leaver is Leaver & { hours: number } => leaver.hours !== null);
  const late = done.filter(({ hours }) => hours > LATE_HOURS);
  const open = leavers.length - done.length;
  const days = Math.max(2, Math.ceil(Math.max(...done.map(({ hours }) => hours)) / 24));
  // Those who were cut off before their last day stand together, however long before it was.
  const before = -2 * days;
  const dots = done.map((leaver) => ({ ...leaver, place: Math.max(before, leaver.hours) }));
  const everyDays = Math.ceil(days / 10);
  const ticks = Array.from({ length: Math.floor(days / everyDays) + 1 }, (_, tick) => 24 * everyDays * tick);
  return html`
<p>${known} left in the period according to the dates supplied. ${counted(done.length - late.length, 'person was', 'people were')} cut off within ${LATE_HOURS} hours of the begin of
their last day, ${counted(late.length, 'person', 'people')} later${open > 0 && html`, and <strong>${counted(open, 'person is', 'people are')} neither suspended nor removed</strong>`}.</p>
${
  done.length > 0 &&
  chart(
    'Hours from the begin of the last day to being cut off',
    `${late.length} of ${done.length} took more than ${LATE_HOURS} hours`,
    {
      height: 104,
      marginLeft: 40,
      marginRight: 40,
      marginTop: 30,
      x: {
        domain: [before, 24 * days],
        label: null,
        ticks: [before, ...ticks],
        tickFormat: (hours: number) => (hours < 0 ? 'before' : `${hours}`),
      },
      y: { axis: null },
      marks: [
        Plot.ruleX([LATE_HOURS], { stroke: 'var(--muted)', strokeDasharray: '3,2' }),
        Plot.text([LATE_HOURS], {
          x: (hours: number) => hours,
          frameAnchor: 'top',
          dy: -22,
          text: () => `${LATE_HOURS} hours`,
          fill: 'var(--muted)',
        }),
        Plot.dot(
          dots,
          Plot.dodgeY({
            x: 'place',
            r: 5,
            symbol: ({ hours }: { hours: number }) => (hours > LATE_HOURS ? 'diamond' : 'circle'),
            fill: ({ hours }: { hours: number }) => (hours > LATE_HOURS ? 'var(--high)' : 'var(--accent)'),
            title: (row: Leaver) =>
              `${label(row.user_name ?? row.user_email, row.user_uuid)}: ${Math.round(row.hours ?? 0)} hours`,
          }),
        ),
      ],
    },
  )
}`;
}
