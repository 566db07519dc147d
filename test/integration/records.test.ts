import { expect, test } from '@jest/globals';
import { exampleItems } from '../../simulator/example-items.ts';
import type { ApiItem, Feature } from '../../simulator/server.ts';
import { read } from '../support/connector.ts';
import { ACCOUNT, recordOf } from '../support/items.ts';
import type { ConnectorOutput } from '../support/output.ts';
import { NOW } from '../support/time.ts';
import { useSimulator } from '../support/use-simulator.ts';

const timestamp = '2026-10-03T11:00:00.000000Z';

const sources: [string, Feature][] = [
  ['audit_events', 'auditevents'],
  ['item_usages', 'itemusages'],
  ['sign_in_attempts', 'signinattempts'],
];

const { api, clock, config, generate } = useSimulator();

test.each(['v1', 'v2'] as const)('records of %s are what the API served, value by value', async (version) => {
  generate({ auditevents: 1500, itemusages: 1500, signinattempts: 1500 });
  for (const [, feature] of sources) api.add(feature, ...exampleItems[feature]);

  const output = await read({ config: { ...config, api_version: version }, clock });

  expect(output.logs('WARN')).toEqual([]);
  for (const [stream, feature] of sources) {
    expect(output.records(stream)).toEqual(api.served(feature, version).map(recordOf));
    expect(api.requests.filter((request) => request.feature === feature)).toMatchObject([{ version }, { version }]);
  }
});

test('v2 adds the fields that tell external users apart, and v1 has none of them but the account', async () => {
  for (const [, feature] of sources) api.add(feature, ...exampleItems[feature]);
  const v2Fields = /"(account_uuid|actor_type|actor_account_uuid|user_type|user_account_uuid)":/g;
  const fieldsIn = (records: object[]) =>
    new Set([...JSON.stringify(records).matchAll(v2Fields)].map(([, name]) => name));

  const v1 = await read({ config, clock });
  const v2 = await read({ config: { ...config, api_version: 'v2' }, clock });

  expect(sources.map(([stream]) => fieldsIn(v1.records(stream)))).toEqual(sources.map(() => new Set(['account_uuid'])));
  expect(sources.map(([stream]) => fieldsIn(v2.records(stream)))).toEqual([
    new Set(['actor_type', 'actor_account_uuid', 'account_uuid']),
    new Set(['account_uuid']),
    new Set(['account_uuid', 'user_type', 'user_account_uuid']),
  ]);
});

test.each(['v1', 'v2'])(
  'every %s record names its account, by introspection where the event names none',
  async (version) => {
    api.add('auditevents', { uuid: 'a', timestamp }, { uuid: 'b', timestamp, account_uuid: 'CLIENT' });
    const versioned = { ...config, api_version: version };

    const told = await read({ config: versioned, clock });
    api.options = { ...api.options, introspectsAccount: false };
    const untold = await read({ config: versioned, clock });

    const accountsIn = (output: ConnectorOutput) =>
      output.records('audit_events').map((record) => record['account_uuid']);
    const own = { v1: ACCOUNT, v2: 'CLIENT' }[version];
    expect(accountsIn(told)).toEqual([ACCOUNT, own]);
    expect(accountsIn(untold)).toEqual([undefined, own === ACCOUNT ? undefined : own]);
  },
);

test('an account whose name no state can hold whole is still the same account in the next run', async () => {
  api.add('auditevents', { uuid: 'a', timestamp });
  const value = { features: ['auditevents'], account_uuid: 'AC\u0000C\ud800' };
  api.fault({ on: 'introspect', times: 2, fault: { kind: 'body', value } });

  const first = await read({ config, clock, streams: ['audit_events'] });
  const second = await read({ config, clock, streams: ['audit_events'], state: first.lastState() });

  expect(first.records('audit_events')).toMatchObject([{ account_uuid: 'ACC\ufffd' }]);
  expect([second.records('audit_events'), second.logs('WARN')]).toEqual([[], []]);
});

test('text and types that a warehouse cannot take are changed, listed and kept, in every stream', async () => {
  for (const [, feature] of sources) {
    api.add(feature, { uuid: 'a', timestamp, location: { city: 'x\u0000\ud800', latitude: 'north' } });
  }

  const output = await read({ config, clock });

  const reason = 'SOURCE_SERIALIZATION_ERROR';
  expect(output.messages.flatMap(({ record }) => record ?? []).map(({ data, meta }) => [data, meta])).toEqual(
    sources.map(() => [
      {
        uuid: 'a',
        timestamp,
        account_uuid: ACCOUNT,
        location: { city: 'x\ufffd', latitude: null },
        additional_fields: { 'location.city': 'x\\u0000\\ud800', 'location.latitude': 'north' },
      },
      {
        changes: [
          { field: 'location.city', change: 'TRUNCATED', reason },
          { field: 'location.latitude', change: 'NULLED', reason },
        ],
      },
    ]),
  );
  expect(output.logs('WARN').toSorted()).toEqual(
    sources.flatMap(([stream]) => [
      expect.stringMatching(`^${stream}: .*location.latitude that is not a number`),
      expect.stringMatching(`^${stream}: .*"location.city"`),
    ]),
  );
});

test.each([
  ['2026-10-02T08:12:44Z', '2026-10-02T08:12:44.000000Z'],
  ['2026-10-02T08:12:44.1Z', '2026-10-02T08:12:44.100000Z'],
  ['2026-10-02T08:12:44.12Z', '2026-10-02T08:12:44.120000Z'],
  ['2026-10-02T08:12:44.123Z', '2026-10-02T08:12:44.123000Z'],
  ['2026-10-02T08:12:44.123456Z', '2026-10-02T08:12:44.123456Z'],
  ['2026-10-02T08:12:44.999999999Z', '2026-10-02T08:12:44.999999Z'],
  ['2026-10-02T08:12:44.5-03:30', '2026-10-02T11:42:44.500000Z'],
  ['2026-10-02T00:30:00+05:45', '2026-10-01T18:45:00.000000Z'],
])('the date-time %s arrives as %s, at the top and in the session', async (served, expected) => {
  api.add('auditevents', { uuid: 'a', timestamp: served, session: { login_time: served } });

  const output = await read({ config, clock, streams: ['audit_events'] });

  expect(output.records('audit_events')).toEqual([
    recordOf({ uuid: 'a', timestamp: expected, session: { login_time: expected } }),
  ]);
});

test('an unreadable timestamp is 1970, an unreadable login time null; both are declared as changed, kept and counted', async () => {
  api.add('auditevents', { uuid: 'a', timestamp: 'noon', session: { uuid: 's', login_time: 17 } });
  api.add('auditevents', { uuid: 'b' }, { uuid: 'c', timestamp: '2026-10-03T11:00:00Z' });

  const output = await read({ config, clock, streams: ['audit_events'] });

  const nulled = { change: 'NULLED', reason: 'SOURCE_SERIALIZATION_ERROR' };
  expect(output.messages.flatMap(({ record }) => record ?? []).slice(0, 1)).toEqual([
    {
      stream: 'audit_events',
      data: {
        uuid: 'a',
        timestamp: '1970-01-01T00:00:00.000000Z',
        session: { uuid: 's', login_time: null },
        account_uuid: ACCOUNT,
        additional_fields: { timestamp: 'noon', 'session.login_time': 17 },
      },
      emitted_at: NOW,
      meta: {
        changes: [
          { field: 'timestamp', ...nulled },
          { field: 'session.login_time', ...nulled },
        ],
      },
    },
  ]);
  expect(output.records('audit_events').slice(1)).toEqual([
    recordOf({ uuid: 'b', timestamp: '1970-01-01T00:00:00Z' }),
    recordOf({ uuid: 'c', timestamp: '2026-10-03T11:00:00Z' }),
  ]);
  expect(output.logs('WARN')).toEqual([
    expect.stringContaining('1Password sent the event "a" without a readable timestamp'),
    expect.stringContaining('1Password sent a value for session.login_time that is not a date-time'),
    'audit_events: 2 of these records came without a readable timestamp. They are the rows where it is ' +
      '1970-01-01T00:00:00.000000Z.',
  ]);
  expect(output.logs('INFO').at(-1)).toContain('oldest event 2026-10-03T11:00:00.000000Z, newest 2026-10-03T11:00:00');
});

test('fields that 1Password adds are kept in additional_fields, with one warning a field and run', async () => {
  const items = Array.from({ length: 1500 }, (_, index) => ({
    uuid: `a${index}`,
    timestamp,
    risk: { score: index },
    tags: [],
  }));
  api.add('auditevents', ...items);

  const output = await read({ config, clock, streams: ['audit_events'] });

  expect(output.records('audit_events')).toEqual(
    items.map(({ uuid, risk, tags }) => recordOf({ uuid, timestamp, additional_fields: { risk, tags } })),
  );
  expect(output.logs('WARN').map((message) => /"(\w+)"/.exec(message)?.[1])).toEqual(['risk', 'tags']);
});

test('members that 1Password adds to an object are kept in place, with one warning a member and run', async () => {
  const items = ['i1', 'i2'].map((uuid) => ({ uuid, timestamp, client: { app_name: 'x', ip: '192.0.2.1' } }));
  api.add('itemusages', ...items);

  const output = await read({ config, clock, streams: ['item_usages'] });

  expect(output.records('item_usages')).toEqual(items.map(recordOf));
  expect(output.logs('WARN')).toEqual([expect.stringContaining('does not declare: "client.ip". It is delivered')]);
});

test('new enum values pass as they come, without a word', async () => {
  const item = { uuid: 's', timestamp, category: 'quantum_failed', type: 'qubit_bad', country: 'Atlantis' };
  api.add('signinattempts', item);

  const output = await read({ config, clock, streams: ['sign_in_attempts'] });

  expect(output.records('sign_in_attempts')).toEqual([recordOf(item)]);
  expect(output.logs('WARN')).toEqual([]);
});

test('names with line separators, quotes and emoji arrive whole, one line each', async () => {
  const name = 'Zoë "Z"\\ \u2028\u2029\u0085\n\r\t👩‍👧 end';
  api.add('itemusages', { uuid: 'i', timestamp, user: { name } });

  const output = await read({ config, clock, streams: ['item_usages'] });

  expect(output.records('item_usages')).toEqual([recordOf({ uuid: 'i', timestamp, user: { name } })]);
  expect(output.stdout).not.toMatch(/[\u2028\u2029\u0085\r]/);
});

test('items without a usable uuid are delivered under a key that stays the same, with one warning', async () => {
  const unkeyed: ApiItem[] = [{ action: 'a' }, { uuid: null, action: 'b' }, { uuid: ' ' }, { uuid: 7 }];
  api.add('auditevents', ...[...unkeyed, { uuid: 'keyed' }].map((item) => ({ ...item, timestamp })));

  const first = await read({ config, clock, streams: ['audit_events'] });
  const second = await read({ config, clock, streams: ['audit_events'] });

  const keys = first.uuids('audit_events');
  expect(keys).toEqual([...Array(4).fill(expect.stringMatching(/^derived-[0-9a-f]{64}$/)), 'keyed']);
  expect(new Set(keys).size).toBe(5);
  expect(second.uuids('audit_events')).toEqual(keys);
  expect(first.logs('WARN')).toHaveLength(1);
  expect(first.exitCode).toBe(0);
});

test('an event nested thousands of levels deep fails its stream alone, with a clear error', async () => {
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  const bodyOf = (item: string) => `{"cursor":"c","has_more":false,"items":[{"uuid":"a"},${item}]}`;
  api.fault({ on: 'auditevents', fault: { kind: 'raw', body: bodyOf(`{"uuid":"b","aux_info":${deep}}`) } });
  api.fault({ on: 'itemusages', fault: { kind: 'raw', body: bodyOf(`{"action":${deep}}`) } });

  const output = await read({ config, clock });

  expect(
    output
      .errors()
      .map(({ failure_type, message }) => [failure_type, message])
      .toSorted(),
  ).toEqual(
    ['audit_events', 'item_usages'].map((stream) => [
      'system_error',
      expect.stringMatching(`^${stream}: 1Password sent an event that is nested too deeply to be written as JSON`),
    ]),
  );
  expect(output.statuses('sign_in_attempts').at(-1)).toBe('COMPLETE');
  expect([output.exitCode, output.states('audit_events'), output.states('item_usages')]).toEqual([1, [], []]);
});
