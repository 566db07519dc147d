import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { catalogOf } from '../support/catalog.ts';
import { read, runCommand } from '../support/connector.ts';
import { recordOf } from '../support/items.ts';
import type { ConnectorOutput } from '../support/output.ts';
import { UNLIMITED, useSimulator } from '../support/use-simulator.ts';
import { json, text } from '../support/wild-json.ts';

const STREAM = 'audit_events';
const RUNS = { numRuns: 40 };

const { api, config } = useSimulator({ now: Date.now, budget: UNLIMITED });

test('every item of a page becomes a record with a key, however wild it is, and the well-formed ones arrive as they are', async () => {
  const items = fc.array(json.object, { maxLength: 12 });

  await fc.assert(
    fc.asyncProperty(items, async (wild) => {
      servePage(wild.flatMap((item, index) => [item, wellFormed(index)]));

      const output = await readStream();

      const records = output.records(STREAM);
      expect(output.exitCode).toBe(0);
      expect(records).toHaveLength(wild.length * 2);
      expect(records.filter((_, index) => index % 2 === 1)).toEqual(
        wild.map((_, index) => recordOf(JSON.parse(wellFormed(index)))),
      );
      expect(records.map(({ uuid }) => String(uuid).trim()).filter((uuid) => uuid === '')).toEqual([]);
    }),
    RUNS,
  );
});

test('a wild body ends its stream in a known way, and the page before it is delivered', async () => {
  await fc.assert(
    fc.asyncProperty(json.value, async (body) => {
      api.clearFaults();
      serveRaw(`{"has_more":true,"cursor":"c1","items":[${wellFormed(0)}]}`);
      api.fault({ on: 'auditevents', times: 5, fault: { kind: 'raw', body } });

      const output = await readStream();

      expect(unforeseen(output)).toEqual([]);
      expect(output.uuids(STREAM)[0]).toBe('good-0');
      expect(output.statuses(STREAM).at(-1)).toBe(output.exitCode === 0 ? 'COMPLETE' : 'INCOMPLETE');
      expect(output.errors()).toHaveLength(output.exitCode ?? -1);
    }),
    RUNS,
  );
});

test('a wild response of introspection stops nothing that the token may read', async () => {
  await fc.assert(
    fc.asyncProperty(json.value, async (body) => {
      servePage([wellFormed(0)]);
      api.fault({ on: 'introspect', fault: { kind: 'raw', body: `{"wild":${body}}` } });

      const output = await readStream();

      expect(output.exitCode).toBe(0);
      expect(output.uuids(STREAM)).toEqual(['good-0']);
    }),
    RUNS,
  );
});

test('a wild response of introspection as a whole ends in a known way', async () => {
  await fc.assert(
    fc.asyncProperty(json.value, async (body) => {
      servePage([wellFormed(0)]);
      api.fault({ on: 'introspect', fault: { kind: 'raw', body } });

      const output = await readStream();

      expect(unforeseen(output)).toEqual([]);
      expect(output.statuses(STREAM).at(-1)).toBe(output.exitCode === 0 ? 'COMPLETE' : 'INCOMPLETE');
    }),
    RUNS,
  );
});

test('a wild state of a stream is either read on from or refused as a config_error that names the stream', async () => {
  await fc.assert(
    fc.asyncProperty(json.value, async (state) => {
      servePage([wellFormed(0)]);
      const saved = `[{"type":"STREAM","stream":{"stream_descriptor":{"name":"${STREAM}"},"stream_state":${state}}}]`;

      const output = await readStream({ state: saved });

      const [error] = output.errors();
      expect([
        [0, ['good-0'], undefined, undefined],
        [1, [], 'config_error', STREAM],
      ]).toContainEqual([output.exitCode, output.uuids(STREAM), error?.failure_type, error?.stream_descriptor?.name]);
    }),
    RUNS,
  );
});

test.each(['state', 'catalog', 'config'] as const)('a wild %s file is used or is one config_error', async (file) => {
  await fc.assert(
    fc.asyncProperty(json.value, async (content) => {
      servePage([wellFormed(0)]);
      const files = { config, catalog: catalogOf([STREAM]), [file]: content };

      const output = await runCommand('read', files);

      expect(unforeseen(output)).toEqual([]);
      expect(output.errors().map((error) => error.failure_type)).toEqual(output.exitCode === 0 ? [] : ['config_error']);
    }),
    RUNS,
  );
});

test('a cursor that no state can hold whole is not saved: the next run resumes from the one before it', async () => {
  api.clearFaults();
  serveRaw(`{"has_more":true,"cursor":"c1","items":[${wellFormed(0)}]}`);
  serveRaw(`{"has_more":false,"cursor":"c\\ud800","items":[${wellFormed(1)}]}`);

  const output = await readStream();

  expect(output.uuids(STREAM)).toEqual(['good-0', 'good-1']);
  expect(output.states(STREAM).map(({ state, recordCount }) => [state['cursor'], recordCount])).toEqual([
    ['c1', 1],
    ['c1', 1],
  ]);
});

test('a long aux_id is delivered digit by digit, wherever it stands, and so is what a key is derived from', async () => {
  const long = digits('9007199254740993');
  const keyless = '{"aux_id":9007199254740993,"timestamp":"2026-10-01T00:00:00Z"}';
  servePage(['{"uuid":"a","aux_id":9007199254740993}', '{"uuid":"b","aux_id":-9007199254740993}', keyless]);
  const atTheTop = await readStream();
  servePage(['{"uuid":"c","aux_id":1,"aux_details":{"list":[{"aux_id" : 9007199254740993}]}}']);
  const nested = await readStream();

  const hash = createHash('sha256').update(keyless.replace('9007199254740993', long)).digest('hex');
  const idsIn = ({ stdout }: ConnectorOutput) => stdout.match(/(?<="aux_id":)-?\d+/g);
  expect([idsIn(atTheTop), idsIn(nested)]).toEqual([
    [long, `-${long}`, long],
    ['1', long],
  ]);
  expect(atTheTop.uuids(STREAM)).toEqual(['a', 'b', `derived-${hash}`]);
});

test('an aux_id is delivered up to the last one that fits into 64 bits, and is null beyond', async () => {
  const fitting = ['9223372036854775807', '-9223372036854775808'];
  const beyond = ['9223372036854775808', '-9223372036854775809', '18446744073709551616', '1e19', '1e400'];
  servePage([...fitting, ...beyond].map((id, index) => `{"uuid":"e${index}","aux_id":${id}}`));

  const output = await readStream();

  const ids = [...output.stdout.matchAll(/"uuid":"e\d","aux_id":([^,]+),/g)].map(([, id]) => id);
  // Rounded as Node 20 rounds them, those that fit no longer do.
  expect(ids).toEqual([...fitting.map((id) => ('rawJSON' in JSON ? id : 'null')), ...beyond.map(() => 'null')]);
  expect(
    output
      .records(STREAM)
      .map(({ additional_fields: kept }) => kept)
      .at(-1),
  ).toEqual({ aux_id: 'Infinity' });
});

test('a page that is nested too deeply to be read is not called bad JSON: it fails its stream at once', async () => {
  const deepList = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
  const asked = api.requests.length;
  servePage([`{"uuid":"a","aux_id":9223372036854775807,"list":${deepList}}`]);

  const output = await readStream();

  expect(output.errors().map((error) => [error.failure_type, error.message])).toEqual([
    ['system_error', expect.stringContaining('with a body that is nested too deeply')],
  ]);
  expect(api.requests.length - asked).toBe(2);
});

test('unknown keys of a configuration are ignored, whatever stands in them', async () => {
  const unknown = fc.array(fc.tuple(text, json.value), { maxLength: 5 });

  await fc.assert(
    fc.asyncProperty(unknown, async (entries) => {
      const wild = entries.map(([key, value]) => `${JSON.stringify(`x-${key}`)}:${value},`).join('');
      const content = `{${wild}"__proto__":{"region":7},"constructor":1,${JSON.stringify(config).slice(1)}`;

      const output = await runCommand('check', { config: content });

      expect(output.connectionStatus()?.status).toBe('SUCCEEDED');
    }),
    { numRuns: 50 },
  );
});

test('wild values of known configuration fields are accepted or refused by name, and never shown', async () => {
  const fields = fc.constantFrom('region', 'start_date', 'api_version', 'requests_per_minute');
  const values = json.value.map((value) => `{"secret-value":${value}}`);

  await fc.assert(
    fc.asyncProperty(fields, fc.oneof(json.value, values), async (field, value) => {
      const content = `${JSON.stringify(config).slice(0, -1)},${JSON.stringify(field)}:${value}}`;

      const output = await runCommand('check', { config: content });

      const { status, message = '' } = output.connectionStatus() ?? {};
      expect([output.exitCode, output.errors()]).toEqual([0, []]);
      expect(status === 'SUCCEEDED' || message.includes(field)).toBe(true);
      expect(output.stdout).not.toContain('secret-value');
    }),
    { numRuns: 100 },
  );
});

/** A long integer as it is delivered: before Node 22 no parser keeps the digits. */
function digits(text: string): string {
  return 'rawJSON' in JSON ? text : String(Number(text));
}

function wellFormed(index: number): string {
  return `{"uuid":"good-${index}","timestamp":"2026-10-01T00:00:00Z","action":"join"}`;
}

function servePage(items: readonly string[]): void {
  api.clearFaults();
  serveRaw(`{"has_more":false,"cursor":"c1","items":[${items.join(',')}]}`);
}

function serveRaw(body: string): void {
  api.fault({ on: 'auditevents', fault: { kind: 'raw', body } });
}

function readStream(inputs: { state?: string } = {}): Promise<ConnectorOutput> {
  return read({ config, streams: [STREAM], ...inputs });
}

/** Failures that the connector itself takes for a bug of its own. */
function unforeseen(output: ConnectorOutput): string[] {
  return output.errors().flatMap(({ message }) => (message.includes('failed unexpectedly') ? [message] : []));
}
