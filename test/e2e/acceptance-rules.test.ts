import { beforeAll, describe, expect, test } from '@jest/globals';
import { SimulatedAccount } from '../../simulator/account/simulated-account.ts';
import { type ApiVersion, Simulator } from '../../simulator/server.ts';
import { catalogOf, STREAMS } from '../support/catalog.ts';
import type { ConnectorOutput, Message } from '../support/output.ts';
import { readBundle, runBundle } from '../support/process.ts';
import { useSimulator } from '../support/use-simulator.ts';

const EVENTS = { auditevents: 2_300, itemusages: 1_000, signinattempts: 40 };
const RECORDS = { audit_events: 2_300, item_usages: 1_000, sign_in_attempts: 40 };
const RUNS = (['full_refresh', 'incremental'] as const).flatMap((mode) =>
  (['v1', 'v2'] as const).map((version): [string, ApiVersion] => [mode, version]),
);

interface Schema {
  properties?: Record<string, Schema>;
}

let schemas: Record<string, Schema>;

beforeAll(async () => {
  const token = { api_token: 'any', region: '1password.com' };
  const discovered = (await runBundle('discover', { config: token })).messages.find(({ catalog }) => catalog)?.catalog;
  schemas = Object.fromEntries((discovered?.streams ?? []).map(({ name, json_schema }) => [name, json_schema]));
});

const { api, config } = useSimulator({ now: Date.now });

function configOf(from: Simulator, version: ApiVersion = 'v1'): object {
  return { api_token: from.issueToken(), base_url: from.url, api_version: version };
}

/** Records and states of one stream in the order in which they came. */
function dataOf(output: ConnectorOutput, stream: string): Message[] {
  return output.messages.filter(
    ({ record, state }) => (record?.stream ?? state?.stream.stream_descriptor.name) === stream,
  );
}

/** The number of records before each state of a stream, counted and not claimed; what follows the last one at the end. */
function countedBetweenStates(output: ConnectorOutput, stream: string): number[] {
  const types = dataOf(output, stream).map(({ type }) => (type === 'RECORD' ? 'r' : ' '));
  return types
    .join('')
    .split(' ')
    .map((records) => records.length);
}

/** The paths in a value that its schema does not declare. An object without declared properties may hold anything. */
function undeclared(value: unknown, schema: Schema | undefined, path: string): string[] {
  if (schema === undefined) return [path];
  if (schema.properties === undefined || typeof value !== 'object' || value === null) return [];
  const { properties } = schema;
  return Object.entries(value).flatMap(([key, member]) => undeclared(member, properties[key], `${path}.${key}`));
}

function undeclaredIn(output: ConnectorOutput): string[] {
  return STREAMS.flatMap((stream) =>
    output.records(stream).flatMap((record) => undeclared(record, schemas[stream], stream)),
  );
}

describe.each(RUNS)('reading %s with API version %s', (mode, version) => {
  let output: ConnectorOutput;

  // One read serves all the rules: none of them changes it.
  beforeAll(async () => {
    const busy = await Simulator.start();
    new SimulatedAccount(busy).generate(EVENTS);
    output = await readBundle({ config: configOf(busy, version), catalog: catalogOf(STREAMS, mode) });
    expect(busy.violations).toEqual([]);
    await busy.stop();
  });

  test('succeeds and brings every record', () => {
    expect(output.exitCode).toBe(0);
    expect(output.errors()).toEqual([]);
    expect(Object.fromEntries(STREAMS.map((stream) => [stream, output.records(stream).length]))).toEqual(RECORDS);
  });

  test('gives every stream STARTED first, RUNNING and COMPLETE last', () => {
    const statuses = STREAMS.map((stream) => output.statuses(stream));

    expect(statuses).toEqual(STREAMS.map(() => ['STARTED', 'RUNNING', 'COMPLETE']));
  });

  test('puts every record and state of a stream between its first and its last status', () => {
    const order = STREAMS.map((stream) => {
      const own = output.messages.filter(
        ({ record, state, trace }) =>
          (record?.stream ?? state?.stream.stream_descriptor.name ?? trace?.stream_status?.stream_descriptor.name) ===
          stream,
      );
      return [own[0]?.trace?.stream_status?.status, own.at(-1)?.trace?.stream_status?.status];
    });

    expect(order).toEqual(STREAMS.map(() => ['STARTED', 'COMPLETE']));
  });

  test('ends the data of every stream with a state', () => {
    expect(STREAMS.map((stream) => dataOf(output, stream).at(-1)?.type)).toEqual(['STATE', 'STATE', 'STATE']);
    expect(STREAMS.map((stream) => dataOf(output, stream).at(-1)?.state?.type)).toEqual(['STREAM', 'STREAM', 'STREAM']);
  });

  test('counts in each state the records since the one before', () => {
    const claimed = STREAMS.map((stream) => output.states(stream).map(({ recordCount }) => recordCount));

    expect(claimed.map((counts) => [...counts, 0])).toEqual(
      STREAMS.map((stream) => countedBetweenStates(output, stream)),
    );
  });

  test('never repeats a state after further records', () => {
    const states = STREAMS.flatMap((stream) =>
      output
        .states(stream)
        .filter(({ recordCount }) => recordCount > 0)
        .map(({ state }) => `${stream} ${state['cursor']}`),
    );

    expect(new Set(states).size).toBe(states.length);
  });

  test('is warehouse-clean: no field is undeclared at any depth, and every date-time has six fraction digits and Z', () => {
    const dateTimes = [...output.stdout.matchAll(/"(?:timestamp|login_time)":"([^"]*)"/g)].map(([, text = '']) => text);

    expect(undeclaredIn(output)).toEqual([]);
    expect(dateTimes.length).toBeGreaterThan(3_340);
    expect(dateTimes.filter((text) => !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(text))).toEqual([]);
  });
});

test('a top-level field that 1Password adds arrives in a declared one', async () => {
  api.add('auditevents', { uuid: 'A', timestamp: '2026-11-01T00:00:00Z', brand_new: { a: 1 }, another: 'b' });

  const output = await readBundle({ config });

  expect(undeclaredIn(output)).toEqual([]);
  expect(output.records('audit_events')[0]?.['additional_fields']).toEqual({ brand_new: { a: 1 }, another: 'b' });
});

test('a stream without events has all statuses and one state, in both modes', async () => {
  const outputs = await Promise.all(
    ['full_refresh', 'incremental'].map((mode) => readBundle({ config, catalog: catalogOf(STREAMS, mode) })),
  );

  const seen = outputs.flatMap((output) =>
    STREAMS.map((stream) => [output.statuses(stream), output.states(stream).map(({ recordCount }) => recordCount)]),
  );
  expect(seen).toEqual(Array(6).fill([['STARTED', 'RUNNING', 'COMPLETE'], [0]]));
});

test('a catalog that the protocol does not know is an ERROR trace and a failure', async () => {
  const invalid = catalogOf(['__AIRBYTE__stream_that_does_not_exist'], 'INVALID');

  const output = await readBundle({ config, catalog: invalid });

  expect(output.exitCode).toBe(1);
  expect(output.errors().map(({ failure_type }) => failure_type)).toEqual(['config_error']);
});
