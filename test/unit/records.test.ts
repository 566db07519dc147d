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

/** Shapes the items in one run; what came out, and what was warned of. */
function shape(...items: ApiItem[]) {
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

  expect(shape(item)).toEqual({
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

  expect(shape({ uuid: 'a', ...fields }, { uuid: 'b', ...fields })).toEqual({
    records: ['a', 'b'].map((uuid) => ({ data: { uuid, ...data }, changes: [{ field: 'timestamp', ...NULLED }] })),
    warnings: [undated('a')],
  });
});

test('an unreadable login time becomes null in its place, and the original is kept under its path', () => {
  const { records, warnings } = shape({ uuid: 'a', timestamp: 'x', session: { uuid: 's', login_time: 'y' } });

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
  expect(warnings).toEqual([
    undated('a'),
    'audit_events: 1Password sent a session.login_time that is not a date-time. The record has null there, and the ' +
      'original in additional_fields.',
  ]);
});

test.each([[null], ['none'], [7], [[]], [{}], [{ login_time: null }]])('a session that is %j stays so', (session) => {
  const item = { uuid: 'a', timestamp, session };

  expect(shape(item)).toEqual({ records: [{ data: item }], warnings: [] });
});

test('undeclared fields move into additional_fields, unchanged, with one warning a field and run', () => {
  const item = { uuid: 'a', timestamp, risk: { score: [1, null] }, action: 'join', colour: null };

  expect(shape(item, { ...item, uuid: 'b' })).toEqual({
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

  expect(shape(item, item)).toEqual({
    records: [{ data: item }, { data: item }],
    warnings: ['session.browser', 'location.planet'].map(
      (member) =>
        `audit_events: 1Password sent a field that the schema does not declare: "${member}". It is delivered, ` +
        'unchanged, in its place.',
    ),
  });
});

test.each([[null], ['text'], [7], [['x']], [{}], [{ uuid: 'u', email: 'e' }]])(
  'an object field that holds %j is delivered without a word',
  (actor_details) => {
    const item = { uuid: 'a', timestamp, actor_details };

    expect(shape(item)).toEqual({ records: [{ data: item }], warnings: [] });
  },
);

test('fields with the names of what every object has are kept like any other', () => {
  const item = JSON.parse(
    `{"uuid":"a","timestamp":"${timestamp}","__proto__":{"polluted":1},"constructor":2,"toString":3}`,
  ) as ApiItem;

  const { records } = shape(item);

  expect(JSON.stringify(records[0]?.data)).toBe(
    `{"uuid":"a","timestamp":"${timestamp}","additional_fields":{"__proto__":{"polluted":1},"constructor":2,"toString":3}}`,
  );
});

test('a field of the API called additional_fields is kept inside ours', () => {
  expect(shape({ uuid: 'a', timestamp, additional_fields: 'theirs' }).records).toEqual([
    { data: { uuid: 'a', timestamp, additional_fields: { additional_fields: 'theirs' } } },
  ]);
});

test('the log names no more fields than it can bear, and none of them is lost', () => {
  const fields = Array.from({ length: 300 }, (_, index) => [`field_${index}`, index] as const);

  const { records, warnings } = shape({ uuid: 'a', timestamp, ...Object.fromEntries(fields) });

  expect(records).toEqual([{ data: { uuid: 'a', timestamp, additional_fields: Object.fromEntries(fields) } }]);
  expect(warnings).toHaveLength(51);
  expect(warnings.at(-1)).toBe(
    'audit_events: There are more fields that the schema does not declare. All are delivered.',
  );
});

test.each([
  ['is missing', {}, {}],
  ['is null', { uuid: null }, {}],
  ['is empty', { uuid: '' }, {}],
  ['is blank', { uuid: ' \t' }, {}],
  ['is a number', { uuid: 0 }, { additional_fields: { uuid: 0 } }],
  ['is an object', { uuid: {} }, { additional_fields: { uuid: {} } }],
])('an item whose uuid %s gets a key of its own', (_what, uuid, kept) => {
  const item = { ...uuid, timestamp, action: 'join' };
  const canonical = JSON.stringify(Object.fromEntries(Object.entries(item).sort()));

  expect(shape(item, item)).toEqual({
    records: Array(2).fill({ data: { uuid: derivedKey(canonical), timestamp, action: 'join', ...kept } }),
    warnings: [
      'audit_events: 1Password sent an event without a uuid. Its key is "derived-" and the SHA-256 of the event, so it ' +
        'is still delivered and deduplicated.',
    ],
  });
});

test('a derived key is that of the item as it came: whatever order its keys have, and before anything is changed', () => {
  const { records } = shape(
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
      const keys = shape(...unkeyed).records.map(({ data }) => (data as ApiItem).uuid);

      expect(new Set(keys).size).toBe(items.length);
    }),
  );
});

test('nothing of an item is lost, whatever it holds', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string({ minLength: 1 }), (fields, name) => {
      const item = JSON.parse(JSON.stringify({ ...fields, uuid: 'a', timestamp, [`x${name}`]: 1 }));
      const { data } = shape(item).records[0] as { data: ApiItem };
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
  const { warnings } = shape({ uuid: 'a', timestamp, ['n'.repeat(101)]: 1, ['m'.repeat(100)]: 2 });

  expect(warnings).toEqual([
    expect.stringContaining('does not declare: (a name of 101 characters).'),
    expect.stringContaining(`does not declare: "${'m'.repeat(100)}".`),
  ]);
});
