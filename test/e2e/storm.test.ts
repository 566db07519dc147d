import { afterEach, expect, test } from '@jest/globals';
import { type Feature, Simulator, type SimulatorOptions, stormFaults } from '../../simulator/server.ts';
import { STREAMS } from '../support/catalog.ts';
import { read, TestClock } from '../support/connector.ts';
import type { ConnectorOutput } from '../support/output.ts';
import { readBundle } from '../support/process.ts';

const MOST_ATTEMPTS = 80;
const EVENTS = 4_500;
const FEATURES = {
  audit_events: 'auditevents',
  item_usages: 'itemusages',
  sign_in_attempts: 'signinattempts',
} as const;

let api: Simulator;
let config: object;

afterEach(async () => {
  expect(api.violations).toEqual([]);
  await api.stop();
});

test('nothing is lost in a storm in which half of all requests fail, and no attempt claims success with a stream missing', async () => {
  const clock = new TestClock();
  const failed: ConnectorOutput[] = [];
  for (const seed of [11, 12, 13, 14, 15, 16, 17, 18]) {
    await startStorm(0.5, { seed, now: clock.now });

    const attempts = await attemptUntilComplete((state) => read({ config, clock, state }));

    failed.push(...attempts.failed);
    expect(attempts.last.ends()).toEqual(['COMPLETE', 'COMPLETE', 'COMPLETE']);
    expect(attempts.loaded).toEqual(served());
    await api.stop();
  }
  expect(failed.length).toBeGreaterThan(3);
  expect(failed.map(verdictOf)).toEqual(failed.map(() => goodVerdict));
}, 180_000);

test('nothing is lost in a storm over the built connector, which waits in real time', async () => {
  await startStorm(0.3, { seed: 3 });

  const { failed, last, loaded } = await attemptUntilComplete((state) => readBundle({ config, state }));

  expect(failed.map(verdictOf)).toEqual(failed.map(() => goodVerdict));
  expect(last.ends()).toEqual(['COMPLETE', 'COMPLETE', 'COMPLETE']);
  expect(loaded).toEqual(served());
}, 90_000);

test.each([
  { fault: { kind: 'status', status: 429 }, failure: 'transient_error' },
  { fault: { kind: 'status', status: 429, headers: { 'Retry-After': '1200' } }, failure: 'transient_error' },
  { fault: { kind: 'status', status: 500 }, failure: 'transient_error' },
  { fault: { kind: 'status', status: 502, body: '<html>', contentType: 'text/html' }, failure: 'transient_error' },
  { fault: { kind: 'status', status: 503 }, failure: 'transient_error' },
  { fault: { kind: 'cut_connection' }, failure: 'transient_error' },
  { fault: { kind: 'cut_body' }, failure: 'transient_error' },
  { fault: { kind: 'bad_json' }, failure: 'transient_error' },
  { fault: { kind: 'body', value: { cursor: '', has_more: true } }, failure: 'system_error' },
  { fault: { kind: 'body', value: [] }, failure: 'system_error' },
] as const)(
  'one bad stream does not hide the others: $fault for ever is its $failure, and they complete',
  async (row) => {
    const clock = new TestClock();
    await startStorm(0, { now: clock.now });
    api.fault({ on: 'itemusages', after: 1, times: Number.POSITIVE_INFINITY, fault: row.fault });

    const output = await read({ config, clock });

    expect(output.exitCode).toBe(1);
    expect(output.errors().map((error) => [error.failure_type, error.stream_descriptor?.name])).toEqual([
      [row.failure, 'item_usages'],
    ]);
    expect(output.ends()).toEqual(['COMPLETE', 'INCOMPLETE', 'COMPLETE']);
    expect(STREAMS.map((stream) => output.records(stream).length)).toEqual([EVENTS, 1000, EVENTS]);
  },
);

/** What can be said of every attempt that fails. */
const goodVerdict = {
  exitCode: 1,
  everyStreamEnded: true,
  incompleteOnesAreTold: true,
  kindsAreRight: true,
  completeOnesHaveAState: true,
};

function verdictOf(output: ConnectorOutput): object {
  const ends = output.ends();
  const incomplete = STREAMS.filter((_, index) => ends[index] === 'INCOMPLETE');
  const errors = output.errors();
  const told = errors.map((error) => error.stream_descriptor?.name);
  return {
    exitCode: output.exitCode,
    everyStreamEnded: ends.every((end) => end === 'COMPLETE' || end === 'INCOMPLETE'),
    // A failure before the first page is no single stream's, and ends all of them.
    incompleteOnesAreTold:
      incomplete.length > 0 && incomplete.every((name) => told.includes(name) || told[0] === undefined),
    kindsAreRight: errors.every(
      ({ message, failure_type }) =>
        failure_type === (message.includes('with a body that') ? 'system_error' : 'transient_error'),
    ),
    completeOnesHaveAState: STREAMS.every(
      (name, index) => ends[index] === 'INCOMPLETE' || output.states(name).length > 0,
    ),
  };
}

async function startStorm(probability: number, options: SimulatorOptions): Promise<void> {
  api = await Simulator.start({ budget: { perMinute: Number.POSITIVE_INFINITY }, ...options });
  for (const [stream, feature] of Object.entries(FEATURES)) {
    const items = Array.from({ length: EVENTS }, (_, index) => ({
      uuid: `${stream}-${index}`,
      timestamp: new Date((options.now?.() ?? Date.now()) - 3_600_000).toISOString(),
    }));
    api.add(feature, ...items);
  }
  config = { api_token: api.issueToken(), base_url: api.url };
  // Another seed than the simulator's: with the same one, which fault it is would depend on whether there is one.
  api.fault({ probability, fault: stormFaults(1000 + (options.seed ?? 0)) });
}

/** Runs attempts as Airbyte does, each from the last state of those before it, until one exits with 0. */
async function attemptUntilComplete(attempt: (state: object[]) => Promise<ConnectorOutput>): Promise<{
  failed: ConnectorOutput[];
  last: ConnectorOutput;
  loaded: Record<string, unknown[]>;
}> {
  const states = new Map<string, object>();
  const loaded = new Map<string, Set<unknown>>(STREAMS.map((stream) => [stream, new Set()]));
  const failed: ConnectorOutput[] = [];
  while (failed.length < MOST_ATTEMPTS) {
    const output = await attempt([...states.values()]);
    for (const { state } of output.messages) {
      if (state !== undefined) states.set(state.stream.stream_descriptor.name, state);
    }
    for (const stream of STREAMS) for (const uuid of loadedBy(output, stream)) loaded.get(stream)?.add(uuid);
    if (output.exitCode === 0) return { failed, last: output, loaded: sorted(loaded) };
    failed.push(output);
  }
  throw new Error(`no success in ${MOST_ATTEMPTS} attempts`);
}

/** Only what a STATE of its stream follows counts as loaded. */
function loadedBy({ messages }: ConnectorOutput, stream: string): unknown[] {
  const end = messages.findLastIndex(({ state }) => state?.stream.stream_descriptor.name === stream);
  return messages.slice(0, end + 1).flatMap(({ record }) => (record?.stream === stream ? [record.data['uuid']] : []));
}

function sorted(sets: Map<string, Set<unknown>>): Record<string, unknown[]> {
  return Object.fromEntries([...sets].map(([stream, uuids]) => [stream, [...uuids].sort()]));
}

function served(): Record<string, unknown[]> {
  const uuidsOf = (feature: Feature) => new Set(api.served(feature, 'v1').map(({ uuid }) => uuid));
  return sorted(new Map(STREAMS.map((stream) => [stream, uuidsOf(FEATURES[stream])])));
}
