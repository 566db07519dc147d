import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import manifest from '../../package.json' with { type: 'json' };
import { run } from '../../src/airbyte/entrypoint.ts';
import { Output } from '../../src/airbyte/output.ts';
import { source } from '../../src/source.ts';
import { catalogOf } from '../support/catalog.ts';
import { read, writeInputs } from '../support/connector.ts';
import { ACCOUNT, eventsNamed } from '../support/items.ts';
import { DAY_MS, NOW } from '../support/time.ts';
import { useSimulator } from '../support/use-simulator.ts';

const { api, clock, config, generate } = useSimulator();

test('every event that the API serves is delivered once, and every stream ends complete', async () => {
  api.options.trailingEmptyPage = true;
  generate({ auditevents: 2500, itemusages: 3100 });

  const output = await read({ config, clock });

  expect(output.exitCode).toBe(0);
  expect(output.uuids('audit_events')).toEqual(api.served('auditevents', 'v1').map(({ uuid }) => uuid));
  expect(output.uuids('item_usages')).toEqual(api.served('itemusages', 'v1').map(({ uuid }) => uuid));
  expect(output.records('sign_in_attempts')).toEqual([]);
  expect(output.statuses('audit_events')).toEqual(['STARTED', 'RUNNING', 'COMPLETE']);
  expect(output.statuses('sign_in_attempts')).toEqual(['STARTED', 'RUNNING', 'COMPLETE']);
});

test('a read of one event is these messages, each field in its place', async () => {
  const [item] = api.add('auditevents', ...eventsNamed('a', 1));

  const output = await read({ config, clock, streams: ['audit_events'] });

  const stream_descriptor = { name: 'audit_events' };
  const status = (value: string) => ({
    type: 'TRACE',
    trace: { type: 'STREAM_STATUS', emitted_at: NOW, stream_status: { stream_descriptor, status: value } },
  });
  const log = (message: string) => ({ type: 'LOG', log: { level: 'INFO', message } });
  const stream_state = {
    cursor: expect.stringMatching(/.{20,}/),
    read_at: '2026-10-03T12:00:00Z',
    api_version: 'v1',
    account_uuid: ACCOUNT,
  };
  expect(output.messages).toEqual([
    status('STARTED'),
    log('audit_events: Starting at the oldest event that 1Password keeps.'),
    status('RUNNING'),
    {
      type: 'RECORD',
      record: {
        stream: 'audit_events',
        data: { uuid: item?.['uuid'], timestamp: '2026-10-02T12:00:00.000000Z', account_uuid: ACCOUNT },
        emitted_at: NOW,
      },
    },
    {
      type: 'STATE',
      state: { type: 'STREAM', stream: { stream_descriptor, stream_state }, sourceStats: { recordCount: 1 } },
    },
    log(
      'audit_events: Done: 1 record in 1 page, oldest event 2026-10-02T12:00:00.000000Z, newest ' +
        '2026-10-02T12:00:00.000000Z (86400 s behind now), 0 retries, waited 0 s.',
    ),
    status('COMPLETE'),
  ]);
});

test('introspects first, then asks for a start, then sends the cursor alone', async () => {
  api.add('auditevents', ...eventsNamed('a', 2500));

  await read({ config, clock, streams: ['audit_events'] });

  const cursorAlone = { cursor: expect.any(String) };
  expect(api.requests.map(({ method, path, body }) => ({ method, path, body }))).toEqual([
    { method: 'GET', path: '/api/v2/auth/introspect', body: undefined },
    { method: 'POST', path: '/api/v1/auditevents', body: { limit: 1000, start_time: '2020-01-01T00:00:00Z' } },
    { method: 'POST', path: '/api/v1/auditevents', body: cursorAlone },
    { method: 'POST', path: '/api/v1/auditevents', body: cursorAlone },
  ]);
  for (const { headers } of api.requests) {
    expect(headers).toMatchObject({
      authorization: `Bearer ${config.api_token}`,
      'user-agent': `source-1password/${manifest.version}`,
    });
  }
});

test('the start date is asked for as it was configured', async () => {
  const events = api.add('itemusages', ...eventsNamed('i', 10, Date.parse('2026-09-20T00:00:00Z')));

  const output = await read({ config: { ...config, start_date: '2026-09-20T02:00:05+02:00' }, clock });

  const bodies = api.requests.filter(({ feature }) => feature !== undefined).map(({ body }) => body);
  expect(bodies).toEqual(Array(3).fill({ limit: 1000, start_time: '2026-09-20T00:00:05Z' }));
  expect(output.uuids('item_usages')).toEqual(events.slice(5).map(({ uuid }) => uuid));
});

test('the next page is asked for before the last one is written, and only that one', async () => {
  api.add('auditevents', ...eventsNamed('a', 4000));
  const stdout = new PassThrough({ highWaterMark: 1 });
  const end = new AbortController();
  const files = writeInputs('read', { config, catalog: catalogOf(['audit_events']) });
  const pages = () => api.requests.filter(({ feature, status }) => feature !== undefined && status === 200).length;

  const surroundings = { now: clock.now, sleep: clock.sleep, random: () => 0.5, signal: end.signal };
  const running = run(source, files.argv, new Output(stdout, end.signal), surroundings);
  while (pages() < 2) await sleep(5);
  await sleep(50);
  const pagesBeforeReading = pages();
  stdout.resume();
  const exitCode = await running;
  files.dispose();

  expect([pagesBeforeReading, pages(), exitCode]).toEqual([2, 4, 0]);
});

test('all streams are read at once', async () => {
  api.options.latencyMs = 30;
  for (const feature of ['auditevents', 'itemusages', 'signinattempts'] as const) {
    api.add(feature, ...eventsNamed(feature, 1500));
  }

  await read({ config, clock });

  const features = api.requests.map(({ feature }) => feature);
  expect(features.slice(1, 4).toSorted()).toEqual(['auditevents', 'itemusages', 'signinattempts']);
});

test('connections are kept alive and reused', async () => {
  api.add('auditevents', ...eventsNamed('a', 9500));
  api.add('itemusages', ...eventsNamed('i', 9500));

  await read({ config, clock });

  expect(api.requests).toHaveLength(1 + 10 + 10 + 1);
  expect(api.connections).toBeLessThanOrEqual(3);
});

test('a catalog with no stream in it is a run that reads nothing, with a warning', async () => {
  const output = await read({ config, clock, catalog: { streams: [] } });

  expect(output.exitCode).toBe(0);
  expect(output.messages).toEqual([
    {
      type: 'LOG',
      log: { level: 'WARN', message: 'The configured catalog selects no stream: there is nothing to read.' },
    },
  ]);
  expect(api.requests).toEqual([]);
});

test('a stream that the source does not have is incomplete, and the others are read', async () => {
  api.add('auditevents', ...eventsNamed('a', 2));

  const output = await read({ config, clock, streams: ['no_such_stream', 'audit_events'] });

  expect(output.exitCode).toBe(1);
  expect(output.uuids('audit_events')).toEqual(['a1', 'a2']);
  expect(output.statuses('no_such_stream')).toEqual(['STARTED', 'INCOMPLETE']);
  expect(output.statuses('audit_events')).toEqual(['STARTED', 'RUNNING', 'COMPLETE']);
  expect(output.errors()).toEqual([
    {
      message:
        'The source has no stream named no_such_stream. Refresh the source schema of the connection and select its ' +
        'streams again.',
      failure_type: 'config_error',
      stream_descriptor: { name: 'no_such_stream' },
    },
  ]);
});

test('a catalog of unknown streams alone fails without a request', async () => {
  const output = await read({ config, clock, streams: ['no_such_stream'] });

  expect([output.exitCode, output.statuses('no_such_stream')]).toEqual([1, ['STARTED', 'INCOMPLETE']]);
  expect(api.requests).toEqual([]);
});

test('a token that expires soon is warned of in words that name the day', async () => {
  const expiresAt = new Date(NOW + 3.5 * DAY_MS);
  const token = api.issueToken({ expiresAt });

  const output = await read({ config: { ...config, api_token: token }, clock });

  expect(output.logs('WARN')).toEqual([
    'The token expires on 2026-10-07, in 4 days. Issue a new one in 1Password under Integrations, Events Reporting, ' +
      'and enter it before syncs fail.',
  ]);
});
