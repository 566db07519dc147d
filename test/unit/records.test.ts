import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ApiItem } from '../../src/events-api/cursor-endpoint.ts';
import { RecordMapper } from '../../src/records.ts';
import { findStream } from '../../src/streams.ts';

const AT = '2026-10-03T08:12:44.5Z';
const timestamp = '2026-10-03T08:12:44.500000Z';
const UNDATED = '1970-01-01T00:00:00.000000Z';
const NULLED = { change: 'NULLED', reason: 'SOURCE_SERIALIZATION_ERROR' };

/** Maps the items in one run; what came out, and what was warned of. */
function map(...items: ApiItem[]) {
  const warnings: string[] = [];
  const mapper = new RecordMapper(findStream('audit_events'), (message) => warnings.push(message));
  // The mapper may change an item, so that it gets a copy.
  return { records: items.map((item) => mapper.map(structuredClone(item))), warnings };
}

function derivedKey(canonical: string): string {
  return `derived-${createHash('sha256').update(canonical).digest('hex')}`;
}

test('an item as documented passes unchanged but for its date-times', () => {
  const item = { uuid: 'a', timestamp: AT, action: 'join', aux_id: 3, session: { login_time: AT, ip: '192.0.2.1' } };

  expect(map(item)).toEqual({
    records: [
      {
        data: {
          ...item,
          timestamp,
          session: { login_time: timestamp, ip: '192.0.2.1' },
        },
      },
    ],
    warnings: [],
  });
});

const undated = (uuid: string) =>
  `audit_events: 1Password sent the event "${uuid}" without a readable timestamp. Such events are delivered with ` +
  `${UNDATED} in its place, and the original, if any, in additional_fields.`;

test.each([
  ...['yesterday', '', 1_759_479_164, true, { seconds: 1 }, []].map((value) => [{ timestamp: value }, true] as const),
  [{ timestamp: null }, false] as const,
  [{}, false] as const,
])('an event with %j for a timestamp is dated 1970, since warehouses demand a value, and named', (fields, isKept) => {
  const data = { timestamp: UNDATED, ...(isKept && { additional_fields: fields }) };

  expect(map({ uuid: 'a', ...fields }, { uuid: 'b', ...fields })).toEqual({
    records: ['a', 'b'].map((uuid) => ({ data: { uuid, ...data }, changes: [{ field: 'timestamp', ...NULLED }] })),
    warnings: [undated('a')],
  });
});

test('an unreadable login time becomes null in its place, and the original is kept under its path', () => {
  const { records, warnings } = map({ uuid: 'a', timestamp: 'x', session: { uuid: 's', login_time: 'y' } });

  expect(records).toEqual([
    {
      data: {
        uuid: 'a',
        timestamp: UNDATED,
        session: { uuid: 's', login_time: null },
        additional_fields: { timestamp: 'x', 'session.login_time': 'y' },
      },
      changes: [
        { field: 'timestamp', ...NULLED },
        { field: 'session.login_time', ...NULLED },
      ],
    },
  ]);
  expect(warnings).toEqual([undated('a'), noType('session.login_time', 'a date-time')]);
});

const noType = (field: string, typeName: string) =>
  `audit_events: 1Password sent a value for ${field} that is not ${typeName}. The record has null there, and the ` +
  'original in additional_fields.';

test.each([
  ...['none', 7, true, []].map((value) => ['session', value, 'an object'] as const),
  ...[{ from: 'a' }, ['a'], 7, false].map((value) => ['aux_info', value, 'text'] as const),
  ...['77', 1.5, 1e300, -1e19, 2 ** 63, {}, true].map((value) => ['aux_id', value, 'a 64-bit integer'] as const),
])('%s that is %j becomes null, and the original is kept, with one warning a run', (field, value, typeName) => {
  const item = { uuid: 'a', timestamp, [field]: value };

  expect(map(item, { ...item, uuid: 'b' })).toEqual({
    records: ['a', 'b'].map((uuid) => ({
      data: { uuid, timestamp, [field]: null, additional_fields: { [field]: value } },
      changes: [{ field, ...NULLED }],
    })),
    warnings: [noType(field, typeName)],
  });
});

test('declared members of objects have their types too, and the rest of the object stays', () => {
  const item = {
    uuid: 'a',
    timestamp,
    actor_details: { uuid: 'u', name: { first: 'Ada' }, email: 7 },
    location: { city: 'Berlin', latitude: '52.5', longitude: Number.POSITIVE_INFINITY },
  };

  expect(map(item)).toEqual({
    records: [
      {
        data: {
          uuid: 'a',
          timestamp,
          actor_details: { uuid: 'u', name: null, email: null },
          location: { city: 'Berlin', latitude: null, longitude: null },
          additional_fields: {
            'actor_details.name': { first: 'Ada' },
            'actor_details.email': 7,
            'location.latitude': '52.5',
            // JSON has no infinite number, such as 1e999 becomes.
            'location.longitude': 'Infinity',
          },
        },
        changes: ['actor_details.name', 'actor_details.email', 'location.latitude', 'location.longitude'].map(
          (field) => ({ field, ...NULLED }),
        ),
      },
    ],
    warnings: [
      noType('actor_details.name', 'text'),
      noType('actor_details.email', 'text'),
      noType('location.latitude', 'a number'),
      noType('location.longitude', 'a number'),
    ],
  });
});

test.each([
  [{ session: null }],
  [{ session: {} }],
  [{ session: { login_time: null } }],
  [{ aux_id: 0 }],
  [{ aux_id: -(2 ** 53) }],
  [{ aux_id: 2 ** 62 }],
  [{ aux_info: '' }],
  [{ location: { latitude: -0.5, longitude: 10 } }],
  [{ actor_details: { uuid: 'u', email: null } }],
])('%j is as declared, and passes without a word', (fields) => {
  const item = { uuid: 'a', timestamp, ...fields };

  expect(map(item)).toEqual({ records: [{ data: item }], warnings: [] });
});

test('an event that names no account gets that of the token, and no other does', () => {
  const warn = () => {};
  const mapper = new RecordMapper(findStream('audit_events'), warn, 'TOKENS');
  const accounts = [{}, { account_uuid: null }, { account_uuid: '' }, { account_uuid: 'OWN' }, { account_uuid: 7 }];

  const records = accounts.map((account) => mapper.map({ uuid: 'a', timestamp, ...account }, false).data as ApiItem);

  expect(records.map(({ account_uuid: account }) => account)).toEqual(['TOKENS', 'TOKENS', 'TOKENS', 'OWN', null]);
});

const TRUNCATED = { change: 'TRUNCATED', reason: 'SOURCE_SERIALIZATION_ERROR' };
const noText = (path: string) =>
  'audit_events: 1Password sent text that warehouses cannot take, half of a surrogate pair or U+0000, at ' +
  `${JSON.stringify(path)}. It is delivered with U+FFFD for the half and without U+0000, and the original is in ` +
  'additional_fields.';

test('half of a surrogate pair becomes U+FFFD and U+0000 goes, in text and in names, with the original kept', () => {
  const item = {
    uuid: 'a',
    timestamp,
    action: 'cut \ud83d',
    aux_info: 'x\u0000y',
    actor_details: { uuid: 'u', name: '\ude00 first \ud83d\ude00', 'na\u0000me': 'n', 'e\ud800': { deep: ['\udfff'] } },
    'odd\u0000': 'odd\ud83d',
  };

  expect(map(item, item)).toEqual({
    records: Array(2).fill({
      data: {
        uuid: 'a',
        timestamp,
        action: 'cut \ufffd',
        aux_info: 'xy',
        // `name` is taken.
        actor_details: { uuid: 'u', name: '\ufffd first 😀', name_: 'n', 'e\ufffd': { deep: ['\ufffd'] } },
        additional_fields: {
          odd: 'odd\ufffd',
          action: 'cut \\ud83d',
          aux_info: 'x\\u0000y',
          'actor_details.name': '\\ude00 first 😀',
          'actor_details.na\\u0000me': 'n',
          'actor_details.e\ufffd.deep.0': '\\udfff',
          'actor_details.e\\ud800': { deep: ['\ufffd'] },
          'additional_fields.odd': 'odd\\ud83d',
          'additional_fields.odd\\u0000': 'odd\ufffd',
        },
      },
      changes: [
        ...['action', 'aux_info', 'actor_details.name', 'actor_details.e\ufffd.deep.0', 'actor_details.name_'],
        ...['actor_details.e\ufffd', 'additional_fields.odd'],
      ].map((field) => ({ field, ...TRUNCATED })),
    }),
    warnings: expect.arrayContaining([noText('action'), noText('aux_info'), noText('actor_details.name_')]),
  });
});

test('a uuid that would have to be changed is no key, because two of them could become one', () => {
  const items = ['k\ud800', 'k\ud801', 'k\u0000', 'k', '\u0000'].map((uuid) => ({ uuid, timestamp }));

  const { records } = map(...items);

  const keys = records.map(({ data }) => (data as ApiItem).uuid);
  expect(keys).toEqual(
    items.map((item) => (item.uuid === 'k' ? 'k' : derivedKey(JSON.stringify(item, ['timestamp', 'uuid'])))),
  );
  expect(records[2]).toEqual({
    data: { uuid: keys[2], timestamp, additional_fields: { uuid: 'k\\u0000' } },
    changes: [{ field: 'uuid', ...TRUNCATED }],
  });
});

test('a value that is neither portable text nor of its type is listed once, with what came as the original', () => {
  const [record] = map({ uuid: 'a', timestamp: 'noon\u0000', aux_info: { from: '\ud800' } }).records;

  expect(record).toEqual({
    data: {
      uuid: 'a',
      timestamp: UNDATED,
      aux_info: null,
      additional_fields: { timestamp: 'noon\\u0000', 'aux_info.from': '\\ud800', aux_info: { from: '\ufffd' } },
    },
    changes: [
      { field: 'timestamp', ...NULLED },
      { field: 'aux_info.from', ...TRUNCATED },
      { field: 'aux_info', ...NULLED },
    ],
  });
});

test('an original does not take the place of an undeclared field that has its path for a name', () => {
  const [record] = map({ uuid: 'a', timestamp, session: { login_time: 'y' }, 'session.login_time': 'theirs' }).records;

  expect(record?.data).toHaveProperty('additional_fields', {
    'session.login_time': 'theirs',
    'session.login_time_': 'y',
  });
});

test('whatever text comes, each record is one that strict readers and databases take, and none is lost', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '\0', '\ud83d', '\ude00', '\\', 'u', '"') });
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof({ maxDepth: 3 }, text, fc.integer(), fc.array(tie('value')), fc.dictionary(text, tie('value'))),
  }));

  fc.assert(
    fc.property(
      fc.array(fc.dictionary(fc.oneof(text, fc.constantFrom('uuid', 'action', 'session')), value)),
      (items) => {
        const { records } = map(...items);

        expect(records).toHaveLength(items.length);
        expect(JSON.stringify(records)).not.toMatch(/(?<!\\)(?:\\\\)*\\u(?:d[89a-f]|0000)/);
      },
    ),
  );
});

test('undeclared fields move into additional_fields, unchanged, with one warning a field and run', () => {
  const item = { uuid: 'a', timestamp, risk: { score: [1, null] }, action: 'join', colour: null };

  expect(map(item, { ...item, uuid: 'b' })).toEqual({
    records: ['a', 'b'].map((uuid) => ({
      data: { uuid, timestamp, action: 'join', additional_fields: { risk: { score: [1, null] }, colour: null } },
    })),
    warnings: ['risk', 'colour'].map(
      (field) =>
        `audit_events: 1Password sent a field that the schema does not declare: "${field}". It is delivered, ` +
        'unchanged, in additional_fields.',
    ),
  });
});

test('undeclared members of objects stay where they are, with one warning a member and run', () => {
  const item = { uuid: 'a', timestamp, session: { uuid: 's', browser: 'x' }, location: { planet: { name: 'Earth' } } };

  expect(map(item, item)).toEqual({
    records: [{ data: item }, { data: item }],
    warnings: ['session.browser', 'location.planet'].map(
      (member) =>
        `audit_events: 1Password sent a field that the schema does not declare: "${member}". It is delivered, ` +
        'unchanged, in its place.',
    ),
  });
});

test('fields with the names of what every object has are kept like any other', () => {
  const item = JSON.parse(
    `{"uuid":"a","timestamp":"${timestamp}","__proto__":{"polluted":1},"constructor":2,"toString":3}`,
  ) as ApiItem;

  const { records } = map(item);

  expect(JSON.stringify(records[0]?.data)).toBe(
    `{"uuid":"a","timestamp":"${timestamp}","additional_fields":{"__proto__":{"polluted":1},"constructor":2,"toString":3}}`,
  );
});

test('a field of the API called additional_fields is kept inside ours', () => {
  expect(map({ uuid: 'a', timestamp, additional_fields: 'theirs' }).records).toEqual([
    { data: { uuid: 'a', timestamp, additional_fields: { additional_fields: 'theirs' } } },
  ]);
});

test('the log names no more fields than it can bear, and none of them is lost', () => {
  const fields = Array.from({ length: 300 }, (_, index) => [`field_${index}`, index] as const);

  const { records, warnings } = map({ uuid: 'a', timestamp, ...Object.fromEntries(fields) });

  expect(records).toEqual([{ data: { uuid: 'a', timestamp, additional_fields: Object.fromEntries(fields) } }]);
  expect(warnings).toHaveLength(51);
  expect(warnings.at(-1)).toBe(
    'audit_events: There are more fields that the schema does not declare. All are delivered.',
  );
});

test.each([
  ['is missing', {}, undefined],
  ['is null', { uuid: null }, undefined],
  ['is empty', { uuid: '' }, undefined],
  ['is blank', { uuid: ' \t' }, undefined],
  ['is a number', { uuid: 0 }, { uuid: 0 }],
  ['is an object', { uuid: {} }, { uuid: {} }],
])('an item whose uuid %s gets a key of its own', (_what, uuid, kept) => {
  const item = { ...uuid, timestamp, action: 'join' };
  const canonical = JSON.stringify(Object.fromEntries(Object.entries(item).sort()));

  expect(map(item, item)).toEqual({
    records: Array(2).fill({
      data: {
        uuid: derivedKey(canonical),
        timestamp,
        action: 'join',
        ...(kept && { additional_fields: kept }),
      },
      ...(kept && { changes: [{ field: 'uuid', ...NULLED }] }),
    }),
    warnings: [
      'audit_events: 1Password sent an event without a usable uuid. Its key is "derived-" and the SHA-256 of the event, ' +
        'so it is still delivered and deduplicated.',
    ],
  });
});

test('a derived key is that of the item as it came: whatever order its keys have, and before anything is changed', () => {
  const { records } = map(
    { timestamp: AT, extra: { b: 1, a: [{ d: 2, c: 3 }] } },
    { extra: { a: [{ c: 3, d: 2 }], b: 1 }, timestamp: AT },
  );

  const key = derivedKey(`{"extra":{"a":[{"c":3,"d":2}],"b":1},"timestamp":"${AT}"}`);
  expect(records.map(({ data }) => (data as ApiItem).uuid)).toEqual([key, key]);
});

test('different items never share a derived key', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.dictionary(fc.string(), fc.jsonValue()), { selector: canonical }), (items) => {
      const unkeyed = items.map((item) => ({ item }));
      const keys = map(...unkeyed).records.map(({ data }) => (data as ApiItem).uuid);

      expect(new Set(keys).size).toBe(items.length);
    }),
  );
});

test('nothing of an item is lost, whatever it holds', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string({ minLength: 1 }), (fields, name) => {
      const item = JSON.parse(JSON.stringify({ ...fields, uuid: 'a', timestamp, [`x${name}`]: 1 }));
      const { data } = map(item).records[0] as { data: ApiItem };
      const { additional_fields: additional, ...declared } = data;

      expect({ ...declared, ...(additional as object) }).toEqual(item);
    }),
  );
});

/** The JSON of a value with sorted keys: two items are different if these are. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

test('a name is shown whole or not at all, so that no part of a secret can hide in it', () => {
  const { warnings } = map({ uuid: 'a', timestamp, ['n'.repeat(101)]: 1, ['m'.repeat(100)]: 2 });

  expect(warnings).toEqual([
    expect.stringContaining('does not declare: (a name of 101 characters).'),
    expect.stringContaining(`does not declare: "${'m'.repeat(100)}".`),
  ]);
});
