import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { SimulatedAccount } from '../../simulator/account/simulated-account.ts';
import { Simulator } from '../../simulator/server.ts';
import { STREAMS } from '../support/catalog.ts';
import { read } from '../support/connector.ts';

let api: Simulator;
let config: object;

beforeEach(async () => {
  api = await Simulator.start();
  config = { api_token: api.issueToken(), base_url: api.url };
  new SimulatedAccount(api).generate({ auditevents: 1200, itemusages: 1100, signinattempts: 300 });
});

afterEach(async () => {
  expect(api.violations).toEqual([]);
  await api.stop();
});

test.each(STREAMS)(
  'repeats are harmless: served twice and read twice from the start, %s has the same rows once deduplicated by uuid',
  async (stream) => {
    const first = await read({ config });
    const second = await read({ config });

    const rows = (records: { uuid?: unknown }[]) => new Map(records.map((record) => [record.uuid, record]));
    const once = rows(first.records(stream));
    const twice = rows([...first.records(stream), ...second.records(stream)]);

    expect(first.records(stream).length).toBeGreaterThan(once.size);
    expect(twice).toEqual(once);
  },
);

test('warehouse-clean: every date-time has six fraction digits and Z, and no field is undeclared', async () => {
  const output = await read({ config });
  const dateTimes = STREAMS.flatMap((stream) => output.records(stream)).flatMap((record) => [
    record['timestamp'],
    (record['session'] as { login_time?: unknown } | undefined)?.login_time ?? record['timestamp'],
  ]);

  expect(dateTimes).toHaveLength(5200);
  expect(dateTimes.filter((text) => !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(String(text)))).toEqual([]);
  expect(STREAMS.flatMap((stream) => output.records(stream)).filter((record) => 'additional_fields' in record)).toEqual(
    [],
  );
});
