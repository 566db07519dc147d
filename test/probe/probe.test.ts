import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Report, run } from '../../probe/run.ts';
import { type AccountOptions, SimulatedAccount } from '../../simulator/account/simulated-account.ts';
import type { AllOptions } from '../../simulator/options-file.ts';
import { type ApiItem, type Feature, Simulator } from '../../simulator/server.ts';
import { DAY_MS } from '../support/time.ts';

const FEATURES: readonly Feature[] = ['auditevents', 'itemusages', 'signinattempts'];

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'probe-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

test.each<[id: string, name: string, options: AllOptions, verdict: string]>([
  ['cursor-order', 'pages by arrival', { order: 'arrival' }, 'holds'],
  ['cursor-order', 'pages by timestamp', { order: 'timestamp' }, 'differs'],
  ['cursor-order', 'pages newest first', { order: 'newest first' }, 'differs'],
  ['cursor-tail', 'a tail that stays', { tail: 'stays', trailingEmptyPage: false }, 'holds'],
  ['cursor-tail', 'a tail that moves', { tail: 'moves', trailingEmptyPage: false }, 'holds'],
  ['cursor-tail', 'a tail without a cursor', { tail: 'none', trailingEmptyPage: false }, 'differs'],
  ['cursor-tail', 'an empty page at the end', { tail: 'stays', trailingEmptyPage: true }, 'holds'],
  ['cursor-refused', 'a cursor refused with 400', { refusedCursor: 400, errorBody: 'original' }, 'holds'],
  ['cursor-refused', 'a cursor refused with 404', { refusedCursor: 404, errorBody: 'current' }, 'differs'],
  ['cursor-refused', 'a cursor refused with 500', { refusedCursor: 500, errorBody: 'text' }, 'differs'],
  ['cursor-refused', 'a spoilt cursor that is accepted', { refusedCursor: 200 }, 'differs'],
  ['missing-feature', 'a missing type answered with 401', { missingFeature: 401, lacks: ['itemusages'] }, 'holds'],
  ['missing-feature', 'a missing type answered with 403', { missingFeature: 403, lacks: ['itemusages'] }, 'holds'],
  ['missing-feature', 'a missing type answered empty', { missingFeature: 'empty', lacks: ['itemusages'] }, 'holds'],
  ['missing-feature', 'a missing type answered with 404', { missingFeature: 404, lacks: ['auditevents'] }, 'differs'],
  ['bad-token', 'a token rejected with 401', { badToken: 401, errorBody: 'original' }, 'holds'],
  ['bad-token', 'a token rejected with 403', { badToken: 403, errorBody: 'none' }, 'differs'],
  ['introspection', 'both paths', { introspection: 'both', introspectsAccount: true }, 'holds'],
  ['introspection', 'the current path alone', { introspection: 'current', introspectsAccount: false }, 'holds'],
  ['introspection', 'the original path alone', { introspection: 'original' }, 'holds'],
  ['introspection', 'no path', { introspection: 'none' }, 'differs'],
  ['page-size', 'pages as asked for', { smallestPage: 1, largestPage: 1_000 }, 'holds'],
  ['page-size', 'pages of at most 500', { smallestPage: 1, largestPage: 500 }, 'differs'],
  ['page-size', 'pages of at least 10', { smallestPage: 10, largestPage: 1_000 }, 'differs'],
  ['start-time', 'an inclusive start', { startTime: 'inclusive' }, 'holds'],
  ['start-time', 'an exclusive start', { startTime: 'exclusive' }, 'differs'],
  ['start-time', 'a start by arrival', { startTime: 'by arrival' }, 'differs'],
  ['retention', 'events of 120 days', { retentionDays: 120 }, 'holds'],
  ['retention', 'events of 150 days', { retentionDays: 150 }, 'differs'],
  ['rate-headers', 'no headers on limits', { limitHeaders: [] }, 'holds'],
  ['rate-headers', 'headers on limits', { limitHeaders: ['ratelimit-limit', 'ratelimit-remaining'] }, 'differs'],
  ['clock', 'clocks that agree', { clockAheadMs: 0 }, 'holds'],
  ['clock', 'a clock ten minutes ahead', { clockAheadMs: 600_000 }, 'differs'],
  ['clock', 'a clock two hours behind', { clockAheadMs: -7_200_000 }, 'differs'],
  ['repeats', 'one event in twenty twice', { repeatEvery: 20 }, 'holds'],
  ['fields', 'undeclared fields', { undeclaredFields: { itemusages: ['vault_name'] } }, 'differs'],
  ['enumerations', 'one unknown kind in a hundred', { unknownKindEvery: 100 }, 'differs'],
  ['access-events', 'grants with digits', { accessLog: { grantInfo: 'digits' } }, 'differs'],
  ['access-events', 'grants with letters', { accessLog: { grantInfo: 'letters' } }, 'differs'],
  ['access-events', 'no grant on creation', { accessLog: { grantInfo: 'empty', grantOnCreation: false } }, 'holds'],
  ['access-events', 'revokes on suspension', { accessLog: { endingsOnSuspension: true } }, 'differs'],
  ['access-events', 'leaves on deletion', { accessLog: { endingsOnDeletion: true } }, 'holds'],
  ['access-events', 'a group of everybody', { accessLog: { everyoneJoins: true } }, 'holds'],
])('%s: tells %s from the rest', async (id, _name, options, verdict) => {
  const { report } = await probe(options);

  const finding = report.assumptions.find((candidate) => candidate.id === id);
  expect(finding).toMatchObject({ verdict, simulator: options });
});

test('the simulator behaves, under the options that were printed, as the account that was probed', async () => {
  await fc.assert(
    fc.asyncProperty(manners, async (options) => {
      const first = await probe(options);
      const second = await probe(first.report.simulator);

      expect(verdictsOf(second.report)).toEqual(verdictsOf(first.report));
      expect(second.report.simulator).toEqual(first.report.simulator);
    }),
    { numRuns: 4, endOnFailure: true },
  );
}, 180_000);

test('no value that 1Password sent leaves the machine, except the cursors in a file for their owner', async () => {
  const { output, file, cursors, api } = await probe({}, { mark: true });

  expect(output).not.toContain('mark');
  expect(readFileSync(file, 'utf8')).not.toContain('mark');
  expect(api.requests.length).toBeLessThanOrEqual(100);
  expect(statSync(cursors).mode & 0o777).toBe(0o600);
  const kept = Object.values(JSON.parse(readFileSync(cursors, 'utf8'))) as { cursor: string }[];
  expect(kept.map(({ cursor }) => cursor.length)).toEqual([196, 196, 196]);
  expect(readFileSync(cursors, 'utf8')).not.toContain('mark');
  for (const { cursor } of kept) expect(output + readFileSync(file, 'utf8')).not.toContain(cursor);
});

test.each<[AllOptions, string, RegExp]>([
  [{ order: 'arrival' }, 'holds', /12 late events came and 0 did not/],
  [{ order: 'timestamp' }, 'differs', /0 late events came and 12 did not/],
])(
  '--compare tells whether late events come behind the cursors of an earlier day: %j',
  async (options, verdict, seen) => {
    const nowMs = Date.now();
    const api = await Simulator.start(options);
    const account = new SimulatedAccount(api);
    account.generate({ auditevents: 1500, itemusages: 1200, signinattempts: 300 });
    const earlier = await runProbe(api, 'earlier.json');
    account.generate(
      { auditevents: 4, itemusages: 4, signinattempts: 4 },
      { from: new Date(nowMs - 1.2 * DAY_MS), to: new Date(nowMs - 1.1 * DAY_MS) },
    );

    const { report } = await runProbe(api, 'later.json', '--compare', earlier.file);
    await api.stop();

    const [order] = report.assumptions;
    expect(order).toMatchObject({ id: 'cursor-order', verdict, observed: expect.stringMatching(seen) });
    expect(api.requests.length).toBeLessThanOrEqual(200);
  },
);

test.each<[string, AllOptions, readonly string[], RegExp]>([
  ['a token that is rejected', {}, ['revoked'], /^.*rejected/],
  ['an API that is not there', {}, ['stopped'], /Could not connect/],
  ['a configuration without a token', {}, ['no token'], /api_token is missing/],
])('%s is told in the words of the connector, with exit code 1', async (_cause, options, [kind], sentence) => {
  const api = await Simulator.start(options);
  const token = api.issueToken();
  if (kind === 'revoked') api.revoke(token);
  if (kind === 'stopped') await api.stop();
  const config = join(folder, 'config.json');
  writeFileSync(config, JSON.stringify({ base_url: api.url, ...(kind !== 'no token' && { api_token: token }) }));

  const { exitCode, errors } = await runWith(['--config', config]);
  await api.stop();

  expect(exitCode).toBe(1);
  expect(errors).toMatch(sentence);
  expect(errors).not.toContain(token);
});

/** Options that say of every manner something else than the default now and then. */
const manners: fc.Arbitrary<AllOptions> = fc.record(
  {
    order: fc.constantFrom('arrival' as const, 'timestamp' as const, 'newest first' as const),
    tail: fc.constantFrom('stays' as const, 'moves' as const),
    trailingEmptyPage: fc.boolean(),
    errorBody: fc.constantFrom('original' as const, 'current' as const, 'text' as const, 'none' as const),
    refusedCursor: fc.constantFrom(400, 401, 404, 422),
    badToken: fc.constantFrom(401, 403),
    lacks: fc.subarray([...FEATURES], { maxLength: 2 }),
    missingFeature: fc.constantFrom(401, 403, 'empty' as const),
    introspection: fc.constantFrom('both' as const, 'current' as const, 'original' as const),
    introspectsAccount: fc.boolean(),
    largestPage: fc.constantFrom(250, 1_000),
    smallestPage: fc.constantFrom(1, 5),
    startTime: fc.constantFrom('inclusive' as const, 'exclusive' as const),
    retentionDays: fc.constantFrom(120, 150),
    limitHeaders: fc.subarray(['ratelimit-limit', 'ratelimit-reset']),
    clockAheadMs: fc.constantFrom(0, 600_000, -90_000),
  },
  { requiredKeys: [] },
);

function verdictsOf({ assumptions }: Report): [string, string][] {
  return assumptions.map(({ id, verdict }) => [id, verdict]);
}

interface Probed {
  report: Report;
  output: string;
  file: string;
  cursors: string;
  api: Simulator;
}

/** Inventing a life takes longer than probing it, so accounts whose options do not change it share one. */
const lives = new Map<string, Promise<[Feature, ApiItem[]][]>>();

/** The events of an account that is as old as the API keeps them, in the order in which they arrive. */
function lifeOf({ people, accessLog, startTime }: AllOptions): Promise<[Feature, ApiItem[]][]> {
  // Usages come late, which tells the time of an event from that of its arrival.
  const counts = { auditevents: 2200, itemusages: startTime === 'by arrival' ? 6000 : 1300, signinattempts: 300 };
  const options: AccountOptions = { ...(people !== undefined && { people }), ...(accessLog && { accessLog }) };
  const key = JSON.stringify([counts, options]);
  const life = lives.get(key) ?? invent(counts, options);
  lives.set(key, life);
  return life;
}

async function invent(counts: Record<Feature, number>, options: AccountOptions): Promise<[Feature, ApiItem[]][]> {
  const api = await Simulator.start({ retentionDays: Number.POSITIVE_INFINITY });
  const span = { from: new Date(Date.now() - 160 * DAY_MS), to: new Date(Date.now() - 60_000) };
  new SimulatedAccount(api, options).generate(counts, span);
  await api.stop();
  return FEATURES.map((feature) => [feature, api.served(feature, 'v2')]);
}

async function probe(options: AllOptions, { mark = false } = {}): Promise<Probed> {
  const api = await Simulator.start(options);
  for (const [feature, items] of await lifeOf(options)) api.add(feature, ...items);
  if (mark) for (const feature of FEATURES) api.add(feature, ...api.served(feature, 'v1').slice(0, 300).map(marked));
  const probed = await runProbe(api, 'probe.json', '--pages', '8');
  await api.stop();
  expect(api.requests.length).toBeLessThanOrEqual(100);
  return probed;
}

/** Every string but those that have a form of their own becomes a marked one. */
function marked(item: ApiItem): ApiItem {
  return JSON.parse(
    JSON.stringify(item, (key, value) => (typeof value === 'string' && key !== 'timestamp' ? `mark-${value}` : value)),
  ) as ApiItem;
}

async function runProbe(api: Simulator, name: string, ...flags: string[]): Promise<Probed> {
  const config = join(folder, 'config.json');
  writeFileSync(config, JSON.stringify({ base_url: api.url, api_token: api.issueToken() }));
  const file = join(folder, name);
  const { exitCode, output, errors } = await runWith(['--config', config, '--out', file, ...flags]);
  expect([exitCode, errors]).toEqual([0, '']);
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
  return { report, output, file, cursors: file.replace('.json', '.cursors.json'), api };
}

async function runWith(args: readonly string[]): Promise<{ exitCode: number; output: string; errors: string }> {
  const [output, errors]: [string[], string[]] = [[], []];
  const exitCode = await run(args, {
    now: Date.now,
    // The API answers at once, so there is nothing to wait for.
    sleep: () => Promise.resolve(),
    print: (line) => output.push(line),
    fail: (line) => errors.push(line),
  });
  return { exitCode, output: output.join('\n'), errors: errors.join('\n') };
}
