import { expect, test } from '@jest/globals';
import { STREAMS } from '../support/catalog.ts';
import { read } from '../support/connector.ts';
import { eventsNamed } from '../support/items.ts';
import type { ConnectorOutput } from '../support/output.ts';
import { DAY_MS, NOW } from '../support/time.ts';
import { useSimulator } from '../support/use-simulator.ts';

const { api, clock, config } = useSimulator();

/** What a stream says in order, repetitions of a kind as one; logs are no stream's own. */
function courseOf(output: ConnectorOutput, stream: string): string[] {
  const steps = output.messages.flatMap(({ type, record, state, trace }) => {
    const name = record?.stream ?? state?.stream.stream_descriptor.name ?? trace?.stream_status?.stream_descriptor.name;
    return name === stream ? [trace?.stream_status?.status ?? type] : [];
  });
  return steps.filter((step, index) => step !== steps[index - 1]);
}

test('every stream is started, running and complete around its records and states, the empty one too', async () => {
  api.add('auditevents', ...eventsNamed('a', 1500));
  api.add('itemusages', ...eventsNamed('i', 1));

  const output = await read({ config, clock });

  expect(STREAMS.map((stream) => courseOf(output, stream))).toEqual([
    ['STARTED', 'RUNNING', 'RECORD', 'STATE', 'RECORD', 'STATE', 'COMPLETE'],
    ['STARTED', 'RUNNING', 'RECORD', 'STATE', 'COMPLETE'],
    ['STARTED', 'RUNNING', 'STATE', 'COMPLETE'],
  ]);
  expect(STREAMS.map((stream) => output.statuses(stream))).toEqual(Array(3).fill(['STARTED', 'RUNNING', 'COMPLETE']));
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

test.each(['original', 'none'] as const)(
  'a token is understood where introspection has the paths: %s',
  async (paths) => {
    api.options.introspection = paths;
    api.add('auditevents', ...eventsNamed('a', 2));

    const output = await read({ config, clock });

    const asked = api.requests.filter(({ method }) => method === 'GET').map(({ path }) => path);
    expect(asked).toEqual(['/api/v2/auth/introspect', '/api/auth/introspect']);
    expect([output.exitCode, output.uuids('audit_events'), output.logs('WARN')]).toEqual([0, ['a1', 'a2'], []]);
  },
);

test('a token that expires soon is warned of in words that name the day', async () => {
  const expiresAt = new Date(NOW + 3.5 * DAY_MS);
  const token = api.issueToken({ expiresAt });

  const output = await read({ config: { ...config, api_token: token }, clock });

  expect(output.logs('WARN')).toEqual([
    'The token expires on 2026-10-07, in 4 days. Issue a new one in 1Password under Integrations, Events Reporting, ' +
      'and enter it before syncs fail.',
  ]);
});
