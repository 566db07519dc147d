import { beforeEach, expect, test } from '@jest/globals';
import { read } from '../support/connector.ts';
import { eventsNamed } from '../support/items.ts';
import { useSimulator } from '../support/use-simulator.ts';

const LACKING =
  'item_usages: the token was issued without the event type item usages (itemusages), so this stream cannot be read. ' +
  'Issue a new token with all event types in 1Password under Integrations, Events Reporting, or deselect the stream.';

const { api, config } = useSimulator();

beforeEach(async () => {
  api.add('auditevents', ...eventsNamed('a', 4));
  api.add('itemusages', ...eventsNamed('i', 3));
  api.add('signinattempts', ...eventsNamed('s', 2));
  config.api_token = api.issueToken({ features: ['auditevents', 'signinattempts'] });
});

test.each([401, 403, 'empty'] as const)(
  'nothing is silent: an event type that the token lacks, answered with %s, is a WARN and a config_error, and the others complete',
  async (missingFeature) => {
    api.options.missingFeature = missingFeature;

    const output = await read({ config });

    expect(output.exitCode).toBe(1);
    expect(output.logs('WARN')).toEqual([LACKING]);
    expect(output.errors()).toEqual([
      { message: LACKING, failure_type: 'config_error', stream_descriptor: { name: 'item_usages' } },
    ]);
    expect(output.statuses('item_usages')).toEqual(['STARTED', 'INCOMPLETE']);
    expect(output.records('audit_events')).toHaveLength(4);
    expect(output.statuses('audit_events').at(-1)).toBe('COMPLETE');
    expect(output.records('sign_in_attempts')).toHaveLength(2);
    expect(output.statuses('sign_in_attempts').at(-1)).toBe('COMPLETE');
    expect(asked('itemusages')).toBe(0);
  },
);

test('the stream that is not granted ends before the first record of the others, and its trace is the last message', async () => {
  const output = await read({ config });

  const end = output.messages.findIndex(({ trace }) => trace?.stream_status?.status === 'INCOMPLETE');
  const warning = output.messages.findIndex(({ log }) => log?.level === 'WARN');
  const firstRecord = output.messages.findIndex(({ type }) => type === 'RECORD');
  expect(end).toBeLessThan(firstRecord);
  expect(warning).toBeLessThan(firstRecord);
  expect(output.messages.at(-1)?.trace?.error?.message).toBe(LACKING);
});

test.each([
  { status: 500, failure: 'transient_error' },
  { status: 400, failure: 'system_error' },
])('its trace stands behind the $failure of another stream', async ({ status, failure }) => {
  api.fault({ on: 'signinattempts', times: 1000, fault: { kind: 'status', status } });

  const output = await read({ config });

  expect(output.exitCode).toBe(1);
  expect(output.errors().map((error) => [error.failure_type, error.stream_descriptor?.name])).toEqual([
    [failure, 'sign_in_attempts'],
    ['config_error', 'item_usages'],
  ]);
  expect(output.ends()).toEqual(['COMPLETE', 'INCOMPLETE', 'INCOMPLETE']);
  expect(output.records('audit_events')).toHaveLength(4);
});

test('two streams that are not granted are each said, and the third completes', async () => {
  const poor = { ...config, api_token: api.issueToken({ features: ['auditevents'] }) };

  const output = await read({ config: poor });

  expect(output.logs('WARN')).toHaveLength(2);
  expect(output.errors().map((error) => [error.failure_type, error.stream_descriptor?.name])).toEqual([
    ['config_error', 'item_usages'],
    ['config_error', 'sign_in_attempts'],
  ]);
  expect(output.ends()).toEqual(['COMPLETE', 'INCOMPLETE', 'INCOMPLETE']);
});

test('a stream that is not granted and not selected is no failure', async () => {
  const output = await read({ config, streams: ['audit_events', 'sign_in_attempts'] });

  expect(output.exitCode).toBe(0);
  expect(output.logs('WARN')).toEqual([]);
});

test.each([401, 403, 'empty'] as const)(
  'without introspection the claim of the token counts, whatever the endpoint would answer (%s)',
  async (missingFeature) => {
    api.options = { ...api.options, introspection: 'none', missingFeature };

    const output = await read({ config });

    expect(output.exitCode).toBe(1);
    expect(output.logs('WARN')).toEqual([LACKING]);
    expect(output.errors().map((error) => error.message)).toEqual([LACKING]);
    expect(output.ends()).toEqual(['COMPLETE', 'INCOMPLETE', 'COMPLETE']);
    expect(asked('itemusages')).toBe(0);
  },
);

test.each([401, 403] as const)(
  'without introspection and claim a %s fails that stream alone, and the WARN has said that nobody knows',
  async (missingFeature) => {
    api.options = { ...api.options, introspection: 'none', missingFeature };

    const output = await read({ config: { ...config, api_token: tokenWithoutClaim() } });

    expect(output.exitCode).toBe(1);
    expect(output.logs('WARN')[0]).toMatch(/introspection is unavailable and the token names no event types/);
    expect(output.errors().map((error) => [error.failure_type, error.stream_descriptor?.name])).toEqual([
      ['config_error', 'item_usages'],
    ]);
    expect(output.ends()).toEqual(['COMPLETE', 'INCOMPLETE', 'COMPLETE']);
  },
);

test('without introspection and claim empty pages are all that can be had, and a WARN says that they may mislead', async () => {
  api.options = { ...api.options, introspection: 'none', missingFeature: 'empty' };

  const output = await read({ config: { ...config, api_token: tokenWithoutClaim() } });

  expect(output.exitCode).toBe(0);
  expect(output.logs('WARN')).toEqual([expect.stringMatching(/a stream that the token may not read may look empty/)]);
});

test('what introspection says outweighs the claim of the token', async () => {
  const token = api.issueToken({ features: ['auditevents'] });
  api.setFeatures(token, ['auditevents', 'itemusages', 'signinattempts']);

  const output = await read({ config: { ...config, api_token: token } });

  expect(output.exitCode).toBe(0);
  expect(output.records('item_usages')).toHaveLength(3);
});

function tokenWithoutClaim(): string {
  return api.issueToken({ features: ['auditevents', 'signinattempts'], extra: { '1password.com/fts': undefined } });
}

function asked(feature: string): number {
  return api.requests.filter((request) => request.feature === feature).length;
}
