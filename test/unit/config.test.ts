import { expect, test } from '@jest/globals';
import { parseConfig } from '../../src/config.ts';
import { HOUR_MS, NOW } from '../support/time.ts';

const PREFIX = 'The configuration cannot be used. ';

/** A token whose claims are these. */
function tokenWith(claims: object): string {
  return `eyJhbGciOiJFUzI1NiJ9.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2lnbmF0dXJl`;
}

const TOKEN = tokenWith({ aud: ['events.1password.com'] });

function parse(fields: object): ReturnType<typeof parseConfig> {
  return parseConfig({ api_token: TOKEN, ...fields }, NOW);
}

function refusal(fields: object): unknown {
  try {
    parse(fields);
  } catch (error) {
    return error;
  }
  throw new Error('the configuration was accepted');
}

function refusalWith(message: string): unknown {
  return expect.objectContaining({ failureType: 'config_error', message: PREFIX + message });
}

test('a token alone is enough', () => {
  expect(parse({})).toEqual({
    token: TOKEN,
    claims: { audience: 'events.1password.com' },
    baseUrl: 'https://events.1password.com',
    startDateMs: undefined,
    apiVersion: 'v1',
    requestsPerMinute: 600,
    warnings: [],
  });
});

test('null is as good as absent for an optional field, and unknown keys are ignored', () => {
  const nulls = { region: null, start_date: null, api_version: null, requests_per_minute: null, base_url: null };

  expect(parse({ ...nulls, __injected_declarative_manifest: {}, note: 3 })).toEqual(parse({}));
});

test('every field that is given counts', () => {
  const fields = {
    region: '1password.com',
    start_date: '2026-09-01',
    api_version: 'v2',
    requests_per_minute: 60,
    base_url: 'https://gateway.example.com/events/',
  };

  expect(parse(fields)).toEqual({
    token: TOKEN,
    claims: { audience: 'events.1password.com' },
    baseUrl: 'https://gateway.example.com/events',
    startDateMs: Date.parse('2026-09-01T00:00:00Z'),
    apiVersion: 'v2',
    requestsPerMinute: 60,
    warnings: [],
  });
});

test.each([[null], [undefined], [[]], ['token'], [7], [true]])('%j is no configuration', (rawConfig) => {
  expect(() => parseConfig(rawConfig, NOW)).toThrow(`${PREFIX}The configuration is not a JSON object.`);
});

test.each([
  [{ api_token: null }, 'api_token is missing.'],
  [{ api_token: undefined }, 'api_token is missing.'],
  [{ api_token: 4711 }, 'api_token must be string.'],
  [{ region: '1password.org' }, 'region must be one of 1password.com, ent.1password.com, 1password.ca, 1password.eu.'],
  [{ api_version: 'v3' }, 'api_version must be one of v1, v2.'],
  [{ requests_per_minute: 0 }, 'requests_per_minute must be >= 1.'],
  [{ requests_per_minute: 601 }, 'requests_per_minute must be <= 600.'],
  [{ requests_per_minute: 1.5 }, 'requests_per_minute must be integer.'],
  [{ requests_per_minute: '60' }, 'requests_per_minute must be integer.'],
  [{ base_url: 7 }, 'base_url must be string.'],
  [{ base_url: 'nowhere' }, 'base_url is not a URL.'],
  [{ start_date: 20260101 }, 'start_date must be string.'],
])('%j is refused, naming the field and never its value', (fields, message) => {
  expect(refusal(fields)).toEqual(refusalWith(message));
});

test('several broken fields are all named at once', () => {
  expect(refusal({ region: 'x', api_version: 'y' })).toMatchObject({
    message: expect.stringMatching(/region must be one of .*api_version must be one of/),
  });
});

test.each([
  ['surrounding white space', `\n  ${TOKEN}\t \r\n`],
  ['a leading Bearer', `Bearer ${TOKEN}`],
  ['a leading bearer in lower case and both', `  bearer   ${TOKEN}\n`],
])('%s is removed from the token', (_what, apiToken) => {
  expect(parse({ api_token: apiToken }).token).toBe(TOKEN);
});

test.each(['', '   ', 'Bearer', 'bearer ', '\n'])('%j is an empty token', (apiToken) => {
  expect(refusal({ api_token: apiToken })).toMatchObject({
    failureType: 'config_error',
    message: expect.stringMatching(/api_token is empty/),
  });
});

test.each([
  ['inner white space', 'opaque token-value'],
  ['a line break', 'opaque\ntoken-value'],
  ['a control character', 'opaque\u0000token-value'],
  ['a character outside ASCII', 'opaque…token-value'],
])('a token with %s cannot be sent, and is not shown', (_what, apiToken) => {
  const error = refusal({ api_token: apiToken }) as Error;

  expect(error.message).toMatch(/^The configuration cannot be used\. api_token contains white space/);
  expect(error.message).not.toContain('opaque');
  expect(error.message).not.toContain('token-value');
});

test('a token that is no JSON Web Token is left to 1Password to judge', () => {
  expect(parse({ api_token: 'opaque' })).toMatchObject({
    token: 'opaque',
    claims: undefined,
    baseUrl: 'https://events.1password.com',
  });
});

test.each([
  ['1password.com', 'events.1password.com'],
  ['ent.1password.com', 'events.ent.1password.com'],
  ['1password.ca', 'events.1password.ca'],
  ['1password.eu', 'events.1password.eu'],
])('the host of %s comes from the token, from the region, or from both in agreement', (region, host) => {
  const fromList = parse({ api_token: tokenWith({ aud: [host, 'other'] }) });
  const fromString = parse({ api_token: tokenWith({ aud: host }) });
  const fromRegion = parse({ api_token: 'opaque', region });
  const fromBoth = parse({ api_token: tokenWith({ aud: [host] }), region });

  const baseUrls = [fromList, fromString, fromRegion, fromBoth].map(({ baseUrl }) => baseUrl);
  expect(baseUrls).toEqual(Array(4).fill(`https://${host}`));
});

test('a region that contradicts the token is refused, naming both', () => {
  const token = tokenWith({ aud: ['events.1password.eu'] });

  const error = refusal({ api_token: token, region: '1password.ca' });

  expect(error).toEqual(
    refusalWith(
      'region is set to 1password.ca, but the token belongs to an account on 1password.eu (its host is ' +
        'events.1password.eu). Set region to 1password.eu, or leave it empty: the token names its own host.',
    ),
  );
});

test.each([
  ['a missing audience', {}],
  ['an audience that is null', { aud: null }],
  ['an empty audience', { aud: [] }],
  ['a legacy audience', { aud: ['com.1password.streamingservice'] }],
  ['a legacy audience that is a string', { aud: 'com.1password.streamingservice' }],
])('%s names no host: the region counts, else 1password.com', (_what, claims) => {
  const token = tokenWith(claims);

  expect(parse({ api_token: token }).baseUrl).toBe('https://events.1password.com');
  expect(parse({ api_token: token, region: '1password.eu' }).baseUrl).toBe('https://events.1password.eu');
});

test.each([
  'events.1password.com.attacker.example',
  'attacker.example',
  'events.1password.org',
  '1password.com',
  'https://events.1password.com',
  'com',
])('a token for %s goes nowhere, whatever the region', (audience) => {
  const error = expect.objectContaining({
    failureType: 'config_error',
    message: expect.stringContaining(`The token names the host "${audience}", which is not one of 1Password's`),
  });

  expect(refusal({ api_token: tokenWith({ aud: [audience] }) })).toEqual(error);
  expect(refusal({ api_token: tokenWith({ aud: [audience] }), region: '1password.com' })).toEqual(error);
});

test('base_url overrides host and region and ends their checks', () => {
  const foreign = parse({ api_token: tokenWith({ aud: ['attacker.example'] }), base_url: 'https://gateway.example' });
  const contradicting = parse({ region: '1password.eu', base_url: 'https://gateway.example' });

  expect([foreign.baseUrl, contradicting.baseUrl]).toEqual(['https://gateway.example', 'https://gateway.example']);
});

test('base_url over http to a neighbour is a warning', () => {
  expect(parse({ base_url: 'http://simulator:8080' }).warnings).toEqual([
    'base_url uses http: anyone who can listen on the network between this machine and simulator can read the token.',
  ]);
});

test.each([
  ['2026-01-31', '2026-01-31T00:00:00Z'],
  ['2026-01-31T10:20:30Z', '2026-01-31T10:20:30Z'],
  ['2026-01-31T10:20:30.250Z', '2026-01-31T10:20:30.250Z'],
  ['2026-01-31T01:00:00+02:00', '2026-01-30T23:00:00Z'],
  ['2026-01-31T23:00:00-02:00', '2026-02-01T01:00:00Z'],
  ['2019-01-01', '2019-01-01T00:00:00Z'],
])('the start date %s is %s', (startDate, instant) => {
  expect(parse({ start_date: startDate }).startDateMs).toBe(Date.parse(instant));
});

test.each([
  '2026-1-1',
  '2026',
  '01/31/2026',
  '2026-01-31T10:20',
  '2026-01-31T10:20:30',
  '2026-01-31 10:20:30Z',
  '2026-01-31Z',
  ' 2026-01-31',
  'yesterday',
  '',
])('%j has not the form of a start date', (startDate) => {
  expect(refusal({ start_date: startDate })).toEqual(
    refusalWith('start_date must have the form YYYY-MM-DD or YYYY-MM-DDTHH:mm:ssZ.'),
  );
});

test.each(['2026-02-30', '2025-02-29', '2026-13-01', '2026-01-31T24:00:00Z', '2026-01-31T00:00:00+25:00'])(
  '%s is not a valid calendar date',
  (startDate) => {
    expect(refusal({ start_date: startDate })).toEqual(refusalWith('start_date is not a valid calendar date.'));
  },
);

test('a start date up to 24 hours ahead counts as now, since time zones make it so', () => {
  const ahead = new Date(NOW + 24 * HOUR_MS).toISOString();

  expect(parse({ start_date: '2026-10-04' }).startDateMs).toBe(NOW);
  expect(parse({ start_date: ahead }).startDateMs).toBe(NOW);
});

test('a start date more than 24 hours ahead is refused', () => {
  const error = refusalWith(
    'start_date is in the future, so there would be nothing to read. Choose a date up to today.',
  );

  expect(refusal({ start_date: new Date(NOW + 24 * HOUR_MS + 1).toISOString() })).toEqual(error);
  expect(refusal({ start_date: '2026-10-05' })).toEqual(error);
});
