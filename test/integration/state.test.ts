import { expect, test } from '@jest/globals';
import { read } from '../support/connector.ts';
import { eventsNamed } from '../support/items.ts';
import { useSimulator } from '../support/use-simulator.ts';

const ACCOUNT = '6TRLV4ZKHNDB7QWJX2CYOE5AGM';

const { api, clock, config } = useSimulator();

const stateOf = (stream: string, stream_state: unknown) => ({ stream_descriptor: { name: stream }, stream_state });
const entryOf = (stream: string, state: unknown) => ({ type: 'STREAM', stream: stateOf(stream, state) });

test('a state follows the records of each page, and the counts add up', async () => {
  api.add('auditevents', ...eventsNamed('a', 2500));

  const output = await read({ config, clock, streams: ['audit_events'] });

  const runs = output.messages
    .filter(({ type }) => type === 'RECORD' || type === 'STATE')
    .map(({ type }) => type)
    .join(' ')
    .split('STATE')
    .map((records) => records.split('RECORD').length - 1);
  expect(output.states().map(({ recordCount }) => recordCount)).toEqual([1000, 1000, 500]);
  expect(runs).toEqual([1000, 1000, 500, 0]);
});

test('each state holds the cursor that the API gave with its page, and when, for which version and account', async () => {
  api.add('auditevents', ...eventsNamed('a', 2500));
  const cursors: unknown[] = [];
  const note = (page: { cursor: string }) => {
    cursors.push(page.cursor);
    return page;
  };
  api.fault({ on: 'auditevents', times: 3, fault: { kind: 'alter', alter: note } });

  const output = await read({ config, clock, streams: ['audit_events'] });

  const rest = { read_at: '2026-10-03T12:00:00Z', api_version: 'v1', account_uuid: ACCOUNT };
  expect(output.states().map(({ state }) => state)).toEqual(cursors.map((cursor) => ({ cursor, ...rest })));
  expect(new Set(cursors).size).toBe(3);
});

test('a trailing empty page adds no state and keeps the cursor of the last events', async () => {
  api.options.trailingEmptyPage = true;
  api.options.tail = 'moves';
  api.add('auditevents', ...eventsNamed('a', 1500));

  const output = await read({ config, clock, streams: ['audit_events'] });
  const behind = await read({ config, clock, streams: ['audit_events'], state: output.lastState() });

  expect(output.states().map(({ recordCount }) => recordCount)).toEqual([1000, 500]);
  expect(behind.states().map(({ state }) => state['cursor'])).toEqual([output.states().at(-1)?.state['cursor']]);
});

test('an empty page in the middle that moves the cursor is a state without records', async () => {
  api.add('auditevents', ...eventsNamed('a', 1500));
  const empty = (page: { cursor: string; items: unknown[] }) => ({ ...page, items: [], has_more: true });
  api.fault({ on: 'auditevents', fault: { kind: 'alter', alter: empty } });

  const output = await read({ config, clock, streams: ['audit_events'] });

  expect(output.states().map(({ recordCount }) => recordCount)).toEqual([0, 500]);
});

test('every stream has a state, the empty ones too', async () => {
  api.add('auditevents', ...eventsNamed('a', 1));

  const output = await read({ config, clock });

  const counts = output.states().map(({ stream, recordCount }) => [stream, recordCount]);
  expect(counts.toSorted()).toEqual([
    ['audit_events', 1],
    ['item_usages', 0],
    ['sign_in_attempts', 0],
  ]);
});

test('the account is told only if introspection told it', async () => {
  api.options.introspectsAccount = false;

  const output = await read({ config, clock, streams: ['audit_events'] });

  expect(output.states().map(({ state }) => state)).toEqual([
    { cursor: expect.any(String), read_at: '2026-10-03T12:00:00Z', api_version: 'v1' },
  ]);
});

test('the version of the API that was read stands in the state', async () => {
  const output = await read({ config: { ...config, api_version: 'v2' }, clock, streams: ['audit_events'] });

  expect(output.states()[0]?.state).toMatchObject({ api_version: 'v2' });
});

test.each([
  ['an empty list', []],
  ['an empty object', {}],
  ['null', 'null'],
  ['an empty file', ''],
  ['white space', '\n'],
  ['a stream state of null', [entryOf('audit_events', null)]],
  ['a stream state without anything', [entryOf('audit_events', {})]],
  ['a stream state of nulls', [entryOf('audit_events', { cursor: null, read_at: null, api_version: null })]],
  [
    'a stream state of empty strings',
    [entryOf('audit_events', { cursor: '', read_at: '', api_version: '', account_uuid: '' })],
  ],
  ['a GLOBAL state without it', [{ type: 'GLOBAL', global: { stream_states: [stateOf('audit_events', undefined)] } }]],
  ['the state of another stream', [entryOf('item_usages', { cursor: 'x' }), entryOf('no_stream', 7)]],
])('%s is no state: the stream starts at the start date', async (_what, state) => {
  api.add('auditevents', ...eventsNamed('a', 2));

  const output = await read({ config, clock, streams: ['audit_events'], state });

  expect([output.exitCode, output.uuids('audit_events')]).toEqual([0, ['a1', 'a2']]);
  expect(output.logs('WARN')).toEqual([]);
});

test.each<[string, (state: unknown) => object]>([
  ['as Airbyte keeps it', (state) => entryOf('audit_events', state)],
  ['without a type', (state) => ({ stream: stateOf('audit_events', state) })],
  ['with all that harnesses add', (state) => ({ ...entryOf('audit_events', state), id: 1, data: null, global_: null })],
  [
    'in a GLOBAL state of PyAirbyte',
    (state) => ({ type: 'GLOBAL', global_: { stream_states: [stateOf('audit_events', state)] } }),
  ],
  ['in a GLOBAL state', (state) => ({ type: 'GLOBAL', global: { stream_states: [stateOf('audit_events', state)] } })],
])('a state %s is resumed from', async (_form, wrap) => {
  api.add('auditevents', ...eventsNamed('a', 2));
  const first = await read({ config, clock, streams: ['audit_events'] });
  api.add('auditevents', ...eventsNamed('b', 1));

  const state = first.states().map((saved) => wrap({ ...saved.state, unknown_key: 1 }));
  const second = await read({ config, clock, streams: ['audit_events'], state });

  expect([second.exitCode, second.uuids('audit_events')]).toEqual([0, ['b1']]);
});
