/** The assumptions on which connector, models and simulator rest, and what the observations say of each. */
import type { AllOptions } from '../simulator/options-file.ts';
import type { Followed } from './access-tally.ts';
import type { Answer } from './answers.ts';
import type { EventTally } from './event-tally.ts';
import { listCounts, plural } from './forms.ts';
import type { Observations } from './inquiry.ts';

const DAY_MS = 86_400_000;
/** Fewer events may be in order by chance. */
const ENOUGH_STEPS = 1_000;
/** Fewer people may join the same group by chance. */
const ENOUGH_PEOPLE = 5;
/** The share of repeats in what the simulator invents without being told to. */
const SIMULATED_REPEATS = 0.01;
/** Less than that changes no warning. */
const CLOCK_TOLERANCE_MS = 60_000;

/** What was found of an assumption. */
export interface Finding {
  verdict: 'holds' | 'differs' | 'cannot tell';
  /** What was seen, in numbers. */
  observed: string;
  /** The options under which the simulator behaves likewise; none where nothing can be told. */
  simulator: AllOptions;
}

/** One assumption. */
export interface Assumption {
  id: string;
  question: string;
  /** What to report where it differs: what has to change then. */
  report: string;
  judge(seen: Observations): Finding;
}

/** In the order of their weight. */
export const assumptions: readonly Assumption[] = [
  {
    id: 'cursor-order',
    question: 'Do pages go by arrival, so that a cursor brings late events?',
    report: 'Late events would be lost: the source has to read back over some days at each sync. Send the JSON.',
    judge: cursorOrder,
  },
  {
    id: 'cursor-tail',
    question: 'Is there a cursor, and an end, when nothing is new?',
    report: 'The source would not know where a stream ends. Send the JSON.',
    judge: cursorTail,
  },
  {
    id: 'cursor-refused',
    question: 'Is a refused cursor answered with 400?',
    report: 'The source starts over only after a 400. Send the JSON.',
    judge: cursorRefused,
  },
  {
    id: 'missing-feature',
    question: 'How is an event type answered that the token lacks?',
    report: 'The source would explain the failure wrongly. Send the JSON.',
    judge: missingFeature,
  },
  {
    id: 'bad-token',
    question: 'Is a rejected token answered with 401?',
    report: 'The connection test would name another cause. Send the JSON.',
    judge: badToken,
  },
  {
    id: 'introspection',
    question: 'Which introspection paths exist, and do they name the event types?',
    report: 'The source would go by the claims of the token. Send the JSON.',
    judge: introspection,
  },
  {
    id: 'page-size',
    question: 'Are pages of 1 and of 1,000 events honoured?',
    report: 'A first sync takes more requests than documented. Send the JSON.',
    judge: pageSize,
  },
  {
    id: 'start-time',
    question: 'Is a start time inclusive, and by the time of the event?',
    report: 'start_date would mean something else than documented. Send the JSON.',
    judge: startTime,
  },
  {
    id: 'retention',
    question: 'Are events kept for 120 days?',
    report: 'The warnings on gaps would name the wrong span. Send the JSON.',
    judge: retention,
  },
  {
    id: 'rate-headers',
    question: 'Do responses carry headers on limits?',
    report: 'The source could pace itself by them. Send the JSON.',
    judge: rateHeaders,
  },
  {
    id: 'clock',
    question: 'Do the clocks agree to a minute?',
    report: 'Warnings on expiry and gaps are off by that much; set the clock of this machine.',
    judge: clock,
  },
  {
    id: 'repeats',
    question: 'Does the same event come more than once?',
    report: 'Nothing has to change: the primary key absorbs repeats.',
    judge: repeats,
  },
  {
    id: 'fields',
    question: 'Are all fields declared, with the types that they have?',
    report: 'The schemas want the fields that are named here. Send the JSON.',
    judge: fields,
  },
  {
    id: 'enumerations',
    question: 'Does the dbt package know every pair, action, category and type?',
    report:
      'onepassword__unclassified_events lists them in your warehouse. Report the codes; they are no personal data.',
    judge: enumerations,
  },
  {
    id: 'access-events',
    question: 'Does the audit log tell of access what the models take it to tell?',
    report: 'The models of access have to change. Send the JSON.',
    judge: accessEvents,
  },
];

const unknown = (observed: string): Finding => ({ verdict: 'cannot tell', observed, simulator: {} });

function cursorOrder({ tallies, behind }: Observations): Finding {
  const late = sum(behind.map((each) => each.late));
  const missed = sum(behind.map((each) => each.missed ?? 0));
  const hours = Math.round(Math.max(0, ...behind.map((each) => each.hours)));
  const steps = sum(tallies.map((tally) => tally.steps));
  const back = sum(tallies.map((tally) => tally.stepsBack + tally.stepsBackBetweenPages));
  const between = sum(tallies.map((tally) => tally.stepsBackBetweenPages));
  const seen =
    `${plural(back, 'step')} back in time among ${plural(steps, 'step')}, ${between.toLocaleString('en-US')} of them between pages` +
    (behind.length > 0
      ? `; behind the cursors of ${hours} h ago ${plural(late, 'late event')} came and ${missed} did not`
      : '');
  if (missed > 0) return { verdict: 'differs', observed: seen, simulator: { order: 'timestamp' } };
  if (late > 0) return { verdict: 'holds', observed: seen, simulator: { order: 'arrival' } };
  if (back > steps / 2) return { verdict: 'differs', observed: seen, simulator: { order: 'newest first' } };
  if (back > 0) return { verdict: 'holds', observed: seen, simulator: { order: 'arrival' } };
  if (steps < ENOUGH_STEPS) return unknown(`${seen}: too few to tell`);
  return { verdict: 'differs', observed: `${seen}: pages go by timestamp`, simulator: { order: 'timestamp' } };
}

function cursorTail({ tails, trailingEmptyPages, ends }: Observations): Finding {
  const cursors = tails.flatMap((tail) => tail.cursors);
  if (cursors.length === 0) return unknown('no stream was at its end');
  const kept = cursors.filter((cursor) => cursor === 'the same').length;
  const none = cursors.filter((cursor) => cursor === 'none').length;
  const endless = tails.filter(({ saysMore }) => saysMore).length;
  const observed =
    `${cursors.length} empty pages: ${kept} with the cursor that was sent, ${cursors.length - kept - none} with a new one, ` +
    `${none} with none; ${endless} said that there is more; ${trailingEmptyPages} of ${plural(ends, 'end')} came after an empty page`;
  const isSound = none === 0 && endless === 0;
  return {
    verdict: isSound ? 'holds' : 'differs',
    observed,
    simulator: { tail: none > 0 ? 'none' : kept > 0 ? 'stays' : 'moves', trailingEmptyPage: trailingEmptyPages > 0 },
  };
}

function cursorRefused({ refusedCursor: page }: Observations): Finding {
  if (page === undefined) return unknown('no cursor came that could be spoilt');
  const { answer, isPage, items } = page;
  if (answer.status === 200 && isPage) {
    const observed = `a spoilt cursor was accepted (HTTP 200, ${plural(items.length, 'event')})`;
    return { verdict: 'differs', observed, simulator: { refusedCursor: 200 } };
  }
  return {
    verdict: answer.status === 400 ? 'holds' : 'differs',
    observed: describe(answer),
    simulator: { refusedCursor: answer.status, ...errorBody(answer) },
  };
}

function missingFeature({ missing }: Observations): Finding {
  const [first] = missing;
  if (first === undefined) return unknown('the token has all three event types');
  const statuses = new Set(missing.map(({ page }) => page.answer.status));
  const { answer, items, isPage } = first.page;
  const isEmpty = answer.status === 200 && isPage && items.length === 0;
  const observed = `${plural(missing.length, 'event type')}: ${isEmpty ? 'HTTP 200 with an empty page' : describe(answer)}`;
  const grants = { missingFeature: isEmpty ? ('empty' as const) : answer.status };
  const isKnown = isEmpty || answer.status === 401 || answer.status === 403;
  return {
    verdict: isKnown && statuses.size === 1 ? 'holds' : 'differs',
    observed,
    simulator: { ...grants, lacks: missing.map(({ feature }) => feature) as NonNullable<AllOptions['lacks']> },
  };
}

function badToken({ badToken: answer }: Observations): Finding {
  if (answer === undefined) return unknown('it was not asked');
  return {
    verdict: answer.status === 401 ? 'holds' : 'differs',
    observed: describe(answer),
    simulator: { badToken: answer.status, ...errorBody(answer) },
  };
}

function introspection({ introspection: { current, original } }: Observations): Finding {
  if (current === undefined || original === undefined) return unknown('it was not asked');
  const exists = { current: current.status === 200, original: original.status === 200 };
  const told = [current, original]
    .map(
      ({ status, members }, place) =>
        `${place === 0 ? 'current' : 'original'} path HTTP ${status}${status === 200 ? ` with ${members.join(', ')}` : ''}`,
    )
    .join('; ');
  const paths = exists.current ? (exists.original ? 'both' : 'current') : exists.original ? 'original' : 'none';
  const isUseful = [current, original].some(({ features }) => features !== undefined);
  return {
    verdict: isUseful ? 'holds' : 'differs',
    observed: told,
    simulator: { introspection: paths, ...(exists.current && { introspectsAccount: current.namesAccount }) },
  };
}

function pageSize({ smallestPage, largestPage }: Observations): Finding {
  const small =
    smallestPage === undefined
      ? 'a limit of 1 was not asked for'
      : `a limit of 1 gave ${plural(smallestPage, 'event')}`;
  const large =
    largestPage === undefined
      ? 'no full page was seen'
      : `a limit of 1,000 gave up to ${largestPage.toLocaleString('en-US')}`;
  const isOff = (smallestPage ?? 1) > 1 || (largestPage ?? 1_000) !== 1_000;
  const simulator = {
    ...(smallestPage !== undefined && smallestPage > 0 && { smallestPage }),
    ...(largestPage !== undefined && { largestPage }),
  };
  if (isOff) return { verdict: 'differs', observed: `${small}; ${large}`, simulator };
  if (smallestPage !== 1 || largestPage === undefined) return { ...unknown(`${small}; ${large}`), simulator };
  return { verdict: 'holds', observed: `${small}; ${large}`, simulator };
}

function startTime({ startTime: seen }: Observations): Finding {
  if (seen === undefined) return unknown('there were too few events');
  const { hasTheEvent, older } = seen;
  const observed = `the event of that time ${hasTheEvent ? 'came' : 'did not come'}; ${plural(older, 'older event')} came`;
  return {
    verdict: hasTheEvent && older === 0 ? 'holds' : 'differs',
    observed,
    simulator: { startTime: older > 0 ? 'by arrival' : hasTheEvent ? 'inclusive' : 'exclusive' },
  };
}

function retention({ tallies, readAtMs }: Observations): Finding {
  const oldestMs = Math.min(...tallies.map((tally) => tally.oldestMs));
  if (!Number.isFinite(oldestMs)) return unknown('there were no events');
  const days = Math.round(((readAtMs - oldestMs) / DAY_MS) * 10) / 10;
  const observed = `the oldest event is ${days} days old`;
  if (days > 121) return { verdict: 'differs', observed, simulator: { retentionDays: Math.ceil(days) } };
  if (days < 119) return unknown(`${observed}: the account may be younger than 120 days`);
  return { verdict: 'holds', observed, simulator: { retentionDays: 120 } };
}

function rateHeaders({ limitHeaders, limitHeadersOf429: of429 }: Observations): Finding {
  const names = [...limitHeaders.keys()].sort();
  const observed =
    (names.length === 0 ? 'none with HTTP 200' : `with HTTP 200: ${names.join(', ')}`) +
    (of429 === undefined ? '; no 429 came' : `; with 429: ${[...of429.keys()].sort().join(', ') || 'none'}`);
  const retryAfter = of429 && { budget: { retryAfter: of429.has('retry-after') } };
  return {
    verdict: names.length === 0 ? 'holds' : 'differs',
    observed,
    simulator: { limitHeaders: names, ...retryAfter },
  };
}

function clock({ clockMs }: Observations): Finding {
  if (clockMs === undefined) return unknown('no response had a Date header');
  // Neither the header nor the way of a request allows more than that.
  const seconds = Math.round(clockMs / 10_000) * 10;
  const observed =
    seconds === 0
      ? 'they agree to ten seconds'
      : `the server is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead' : 'behind'}`;
  return {
    verdict: Math.abs(clockMs) <= CLOCK_TOLERANCE_MS ? 'holds' : 'differs',
    observed,
    simulator: { clockAheadMs: seconds * 1_000 },
  };
}

function repeats({ tallies }: Observations): Finding {
  const events = sum(tallies.map((tally) => tally.events));
  const again = sum(tallies.map((tally) => tally.repeats));
  const observed = `${plural(again, 'repeat')} among ${plural(events, 'event')}`;
  if (again === 0) return unknown(observed);
  const share = again / events - SIMULATED_REPEATS;
  return {
    verdict: 'holds',
    observed,
    simulator: share > SIMULATED_REPEATS ? { repeatEvery: roughly(1 / share) } : {},
  };
}

function fields({ tallies }: Observations): Finding {
  if (sum(tallies.map(({ events }) => events)) === 0) return unknown('there were no events');
  const parts = tallies.map((tally) => {
    const lists: [string, ReadonlyMap<string, number>][] = [
      ['undeclared', tally.undeclared],
      ['of another type', tally.otherTypes],
      ['empty', tally.empty],
      ['absent', tally.absent],
      ['digits of fractions', tally.fractionDigits],
      ['zones', tally.zones],
      ['identifiers', tally.identifiers],
    ];
    const told = lists
      .filter(([, counts]) => counts.size > 0)
      .map(([title, counts]) => `${title}: ${listCounts(counts)}`);
    return `${tally.feature} (${plural(tally.events, 'event')}, ${tally.undated} undated): ${told.join('; ')}`;
  });
  const isOff = tallies.some(({ undeclared, otherTypes, undated }) => undeclared.size + otherTypes.size + undated > 0);
  return {
    verdict: isOff ? 'differs' : 'holds',
    observed: parts.join('. '),
    simulator: {
      undeclaredFields: byFeature(tallies, ({ undeclared }) =>
        [...undeclared.keys()].filter((name) => /^[a-z][a-z0-9_]*$/.test(name)).sort(),
      ),
      fractionDigits: byFeature(tallies, ({ fractionDigits }) => commonest(fractionDigits)),
    },
  };
}

function enumerations({ tallies }: Observations): Finding {
  const events = sum(tallies.map((tally) => tally.events));
  const unknownKinds = sum(tallies.map((tally) => tally.unknownKinds));
  if (events === 0) return unknown('there were no events');
  const each = tallies.map(
    ({ feature, unknownKinds: few, events: many }) => `${feature} ${few} of ${many.toLocaleString('en-US')}`,
  );
  return {
    verdict: unknownKinds === 0 ? 'holds' : 'differs',
    observed: `events of an unknown kind: ${each.join(', ')}`,
    simulator: unknownKinds === 0 ? {} : { unknownKindEvery: roughly(events / unknownKinds) },
  };
}

function accessEvents({ tallies }: Observations): Finding {
  const access = tallies.find(({ feature }) => feature === 'auditevents')?.access;
  if (access === undefined) return unknown('there were no audit events');
  const [creation, deletion, suspension, everyone] = [
    access.grantsOnCreation(),
    access.endingsOnDeletion(),
    access.endingsOnSuspension(),
    access.joinsOfEveryone(),
  ];
  const info = access.grantInfo;
  const orders = access.orders();
  const observed = [
    `aux_info of grants: ${listCounts(info) || 'no grant'}`,
    share('vaults created with a grant at once', creation),
    share('people deleted with a revoke or leave', deletion),
    share('people suspended with one', suspension),
    share('people who joined with the group that most join', everyone),
    `orders: ${listCounts(orders) || 'none seen'}`,
  ].join('; ');
  if (info.size + creation.times + deletion.times + suspension.times + everyone.times === 0) return unknown(observed);
  const form = commonestName(info);
  const isMask = info.size > 0 && form !== 'empty';
  const suspendsAndRevokes = suspension.followed > 0;
  return {
    verdict: isMask || suspendsAndRevokes ? 'differs' : 'holds',
    observed,
    simulator: {
      accessLog: {
        ...(form !== undefined &&
          ['empty', 'digits', 'letters'].includes(form) && { grantInfo: form as 'empty' | 'digits' | 'letters' }),
        ...(creation.times > 0 && { grantOnCreation: mostly(creation) }),
        ...(deletion.times > 0 && { endingsOnDeletion: mostly(deletion) }),
        ...(suspension.times > 0 && { endingsOnSuspension: mostly(suspension) }),
        ...(everyone.times >= ENOUGH_PEOPLE && { everyoneJoins: mostly(everyone) }),
      },
    },
  };
}

function describe({ status, body }: Answer): string {
  return `HTTP ${status}, ${{ original: 'a body of the original form', current: 'a body of the current form', none: 'no body', text: 'a body of text', 'web page': 'a web page', 'other JSON': 'a body of another form of JSON' }[body]}`;
}

/** The forms that the simulator can send. */
function errorBody({ body }: Answer): AllOptions {
  return body === 'original' || body === 'current' || body === 'text' || body === 'none' ? { errorBody: body } : {};
}

function share(what: string, { times, followed }: Followed): string {
  return `${what}: ${followed} of ${times}`;
}

function mostly({ times, followed }: Followed): boolean {
  return followed > times / 2;
}

function byFeature<T>(tallies: readonly EventTally[], of: (tally: EventTally) => T): Partial<Record<string, T>> {
  return Object.fromEntries(tallies.map((tally) => [tally.feature, of(tally)]));
}

function commonest(counts: ReadonlyMap<string, number>): number {
  return Number(commonestName(counts) ?? 0);
}

function commonestName(counts: ReadonlyMap<string, number>): string | undefined {
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

/** 1, 2 or 5 times a power of ten: as much as counts of a sample tell. */
function roughly(number: number): number {
  const power = 10 ** Math.floor(Math.log10(number));
  const digit = number / power;
  return power * (digit < 1.5 ? 1 : digit < 3.5 ? 2 : digit < 7.5 ? 5 : 10);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
