import * as Plot from '@observablehq/plot';
import { csvPathOf, DAY_MS, type Evidence } from '../../evidence.ts';
import type { Outcomes } from '../../summaries.ts';
import { chart } from '../chart.ts';
import { type Country, countryOf, land, outlineOf } from '../countries.ts';
import { csvLink } from '../csv-link.ts';
import { type Html, html } from '../html.ts';
import { roomFor } from '../labels.ts';
import { circle, square } from '../legend.ts';
import { metric } from '../metric.ts';
import { table } from '../table.ts';
import { longDate, plural, text, thousands } from '../words.ts';

const LABELLED = 25;

interface Place extends Country, Outcomes {
  all: number;
}

/** Sign-ins by day and outcome, by stage, and by country on a map. */
export function signInsSection({ about, signIns, files }: Evidence): Html {
  const csv = csvPathOf('population sign-ins');
  const { success, failure, unknown } = signIns.total;
  const all = success + failure + unknown;
  const of = (outcome: keyof Outcomes): Html => metric(signIns.total[outcome], { csv, where: `outcome=${outcome}` });
  const places = placesOf(signIns.countries);
  const stages = [...signIns.stages].sort(([, a], [, b]) => b.failure - a.failure);
  return html`
  <p>${metric(all, { csv })} attempts in the period: ${of('success')} succeeded, ${of('failure')} failed${unknown > 0 && html`, and of ${of('unknown')} the outcome is not known`}.</p>
  ${all > 0 && byDay(signIns.days, about)}
  ${table(
    'Sign-ins by what decided them',
    stages,
    [
      { title: 'Stage', cell: ([stage]) => (stage === '' ? text(null) : stage) },
      ...outcomeColumns<[string, Outcomes]>(([, outcomes]) => outcomes),
    ],
    { csv: csvLink(csv, files), counted: true, order: 'most failures first', isNarrow: true },
  )}
  ${places.length > 0 && map(places)}
  ${table(
    'Sign-ins by country',
    places,
    [
      { title: 'Country', cell: ({ name, code }) => html`${text(name)}${code && ` (${code})`}` },
      { title: 'All', kind: 'number', cell: ({ all }) => thousands(all) },
      ...outcomeColumns<Place>((place) => place),
    ],
    { csv: csvLink(csv, files), counted: true, order: 'most sign-ins first', isNarrow: true },
  )}`;
}

function outcomeColumns<Row>(outcomesOf: (row: Row) => Outcomes) {
  return (['success', 'failure', 'unknown'] as const).map((outcome) => ({
    title: { success: 'Succeeded', failure: 'Failed', unknown: 'Not known' }[outcome],
    kind: 'number' as const,
    cell: (row: Row) => thousands(outcomesOf(row)[outcome]),
  }));
}

function byDay(days: ReadonlyMap<string, Outcomes>, about: Evidence['about']): Html {
  const [from, to] = [new Date(about.evidence_from), new Date(about.evidence_to)];
  const drawn = [...days].map(([day, outcomes]) => ({
    ...outcomes,
    from: new Date(day),
    to: new Date(Date.parse(day) + DAY_MS),
  }));
  const most = Math.max(1, ...drawn.map(({ success }) => success));
  const least = Math.max(1, ...drawn.map(({ failure, unknown }) => failure + unknown));
  const worst = drawn.reduce((a, b) => (b.failure > a.failure ? b : a));
  const at = { x1: 'from', x2: 'to', inset: 0.5 } as const;
  const title = (day: (typeof drawn)[number]): string =>
    `${longDate(day.from.toISOString())}: ${day.success} succeeded, ${day.failure} failed, ${day.unknown} not known`;
  return chart(
    'Sign-ins by day',
    `Most failures, ${worst.failure}, on ${longDate(worst.from.toISOString())}`,
    {
      height: 200,
      marginBottom: 40,
      marginLeft: roomFor([thousands(Math.ceil(most)), thousands(Math.ceil(least))]),
      marginRight: 6,
      x: { type: 'utc', label: null, domain: [from, to] },
      y: {
        label: null,
        grid: true,
        domain: [-least * 1.05, most * 1.05],
        tickFormat: (n: number) => thousands(Math.abs(n)),
        ticks: 6,
      },
      marks: [
        Plot.rectY(drawn, { ...at, y1: 0, y2: 'success', fill: 'var(--up)', title }),
        Plot.rectY(drawn, { ...at, y1: 0, y2: ({ failure }) => -failure, fill: 'var(--failed)', title }),
        Plot.rectY(drawn, {
          ...at,
          y1: ({ failure }) => -failure,
          y2: ({ failure, unknown }) => -failure - unknown,
          fill: 'none',
          stroke: 'var(--muted)',
          title,
        }),
        Plot.ruleY([0], { stroke: 'var(--line-strong)' }),
      ],
    },
    [
      [square('up'), 'succeeded, upwards'],
      [square('failed'), 'failed, downwards'],
      [html`<rect x="0.5" y="0.5" width="13" height="13" class="muted-line"/>`, 'outcome not known, downwards'],
    ],
  );
}

/** Countries under one name each, whether the events give a code or a name; most sign-ins first. */
function placesOf(countries: ReadonlyMap<string, Outcomes>): Place[] {
  const places = new Map<string, Place>();
  for (const [spelling, { success, failure, unknown }] of countries) {
    const country = spelling === '' ? { code: undefined, name: 'not reported' } : countryOf(spelling);
    const place = places.get(country.name) ?? { ...country, success: 0, failure: 0, unknown: 0, all: 0 };
    place.success += success;
    place.failure += failure;
    place.unknown += unknown;
    place.all += success + failure + unknown;
    places.set(country.name, place);
  }
  return [...places.values()].sort((a, b) => b.all - a.all || a.name.localeCompare(b.name, 'en'));
}

function map(places: readonly Place[]): Html {
  const drawn = places.flatMap((place) => {
    const outline = place.code === undefined ? undefined : outlineOf(place.code);
    return outline ? [{ ...place, outline }] : [];
  });
  const unplaced = places.filter(({ name }) => !drawn.some((place) => place.name === name));
  const [first] = drawn;
  if (first === undefined) return html`<p>No sign-in reports a country that is on the map.</p>`;
  const title = ({ name, all, failure }: Place): string => `${name}: ${all} sign-ins, ${failure} failed`;
  const geometry = ({ outline }: (typeof drawn)[number]) => outline;
  return html`${chart(
    'Sign-ins by country',
    `Most, ${first.all}, from ${first.name}; ${plural(drawn.length, 'country', 'countries')} in all`,
    {
      height: 500,
      margin: 4,
      projection: {
        type: 'equal-earth',
        domain: {
          type: 'MultiPoint',
          coordinates: [
            [-170, 80],
            [178, 80],
            [-70, -54],
            [175, -46],
          ],
        },
      },
      r: { type: 'sqrt', domain: [0, first.all], range: [0, 34] },
      marks: [
        Plot.geo(land(), { fill: 'var(--land)' }),
        Plot.dot(
          drawn,
          Plot.centroid({
            geometry,
            r: 'all',
            fill: 'var(--accent)',
            fillOpacity: 0.25,
            stroke: 'var(--accent)',
            title,
          }),
        ),
        Plot.dot(drawn, Plot.centroid({ geometry, r: 'failure', fill: 'var(--failed)', title })),
        Plot.text(
          drawn.slice(0, LABELLED),
          Plot.centroid({
            geometry,
            text: 'code',
            fill: 'var(--ink)',
            stroke: 'var(--paper)',
            strokeWidth: 3,
            fontWeight: 700,
          }),
        ),
      ],
    },
    [
      [circle(6.2, 'accent-line'), 'all sign-ins, by the area of the circle'],
      [circle(7, 'failed'), 'the failed ones among them'],
    ],
  )}
${unplaced.length > 0 && html`<p class="none">Not on the map: ${unplaced.map(({ name, all }, place) => html`${place > 0 && ', '}${text(name)} (${thousands(all)})`)}.</p>`}`;
}
