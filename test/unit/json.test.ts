import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { ApiItem } from '../../src/events-api/endpoint.ts';
import { parseJson } from '../../src/events-api/json.ts';
import { RecordShaper } from '../../src/records.ts';
import { findStream } from '../../src/streams.ts';

/** Before Node 22 a number cannot be taken over digit by digit. */
const testOnNode22 = 'rawJSON' in JSON ? test : test.skip;

const LONG = '9223372036854775807';

testOnNode22('a 64-bit aux_id arrives digit by digit', () => {
  const page = `{"cursor":"c","has_more":false,"items":[{"uuid":"a","aux_id":${LONG}},{"uuid":"b","aux_id":-${LONG}}]}`;

  expect(JSON.stringify(parseJson(page))).toBe(page);
});

testOnNode22('the key that is derived from an item is that of its digits as they came', () => {
  const item = `{"aux_id":${LONG},"timestamp":null}`;
  const { items } = parseJson(`{"items":[${item}]}`) as { items: ApiItem[] };

  const [record] = items.map((each) => new RecordShaper(findStream('audit_events'), () => {}).shape(each));

  expect(record?.data).toMatchObject({ uuid: `derived-${createHash('sha256').update(item).digest('hex')}` });
});
