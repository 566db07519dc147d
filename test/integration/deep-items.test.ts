import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Simulator } from '../simulator/simulator.ts';
import { read } from '../support/connector.ts';

const DEPTH = 20_000;

let api: Simulator;

beforeEach(async () => {
  api = await Simulator.start();
});

afterEach(async () => {
  expect(api.violations).toEqual([]);
  await api.stop();
});

test('an event nested beyond all measure loses that field alone and holds nothing up', async () => {
  const deep = `${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}`;
  const items = `{"uuid":"a"},{"uuid":"b","aux_info":${deep},"action":"join"},{"action":${deep},"aux_info":"no key"}`;
  const body = `{"cursor":"c","has_more":false,"items":[${items}]}`;
  api.fault({ on: 'auditevents', fault: { kind: 'raw', body } });

  const output = await read({ config: { api_token: api.issueToken(), base_url: api.url }, streams: ['audit_events'] });

  expect(output.exitCode).toBe(0);
  expect(output.records('audit_events')).toEqual([
    { uuid: 'a' },
    { uuid: 'b', aux_info: null, action: 'join' },
    { uuid: expect.stringMatching(/^derived-[0-9a-f]{64}$/), action: null, aux_info: 'no key' },
  ]);
  expect(output.messages.filter(({ record }) => record?.meta).map(({ record }) => record?.meta)).toEqual([
    { changes: [{ field: 'aux_info', change: 'NULLED', reason: 'SOURCE_SERIALIZATION_ERROR' }] },
    { changes: [{ field: 'action', change: 'NULLED', reason: 'SOURCE_SERIALIZATION_ERROR' }] },
  ]);
});
