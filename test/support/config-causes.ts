import type { Cause } from './cause.ts';

/** Values that no form would let through, but an API, Terraform or a file would. */
const brokenFields: readonly { cause: string; fields: Record<string, unknown>; says: readonly string[] }[] = [
  { cause: 'no token', fields: { api_token: undefined }, says: ['api_token is missing'] },
  { cause: 'an empty token', fields: { api_token: ' \n' }, says: ['api_token is empty', 'Paste'] },
  {
    cause: 'a token that no header can carry',
    fields: { api_token: 'eyJhbGciOiJFUzI1NiJ9.eyJ\n1bnNlbmRhYmxl.c2lnbmF0dXJl' },
    says: ['cannot be sent', 'Paste the token again'],
  },
  { cause: 'a token that is no string', fields: { api_token: 8140533172 }, says: ['api_token must be string'] },
  { cause: 'an unknown region', fields: { region: '1password.de' }, says: ['region must be one of', '1password.eu'] },
  { cause: 'an unknown API version', fields: { api_version: 'v3' }, says: ['api_version must be one of v1, v2'] },
  {
    cause: 'a start date that is none',
    fields: { start_date: 'last week' },
    says: ['start_date must have the form YYYY-MM-DD'],
  },
  {
    cause: 'a start date of no calendar',
    fields: { start_date: '2026-02-30' },
    says: ['start_date is not a valid calendar date'],
  },
  {
    cause: 'a start date in the future',
    fields: { start_date: '2999-01-01' },
    says: ['start_date is in the future'],
  },
  { cause: 'too few requests', fields: { requests_per_minute: 0 }, says: ['requests_per_minute must be >= 1'] },
  { cause: 'too many requests', fields: { requests_per_minute: 601 }, says: ['requests_per_minute must be <= 600'] },
  { cause: 'a broken number of requests', fields: { requests_per_minute: 1.5 }, says: ['must be integer'] },
  { cause: 'a base_url that is none', fields: { base_url: 'events' }, says: ['base_url is not a URL'] },
  { cause: 'a base_url of another scheme', fields: { base_url: 'ftp://localhost' }, says: ['begin with https://'] },
  { cause: 'a base_url with a password', fields: { base_url: 'https://me:pw@localhost' }, says: ['a password'] },
  { cause: 'a base_url with a query', fields: { base_url: 'https://localhost/?a=b' }, says: ['a query'] },
  {
    cause: 'plain http to a public host',
    fields: { base_url: 'http://events.example.com' },
    says: ['events.example.com', 'Use https'],
  },
];

/** Causes in the configuration itself: no request may follow from any of them. */
export const configCauses: readonly Cause[] = brokenFields.map(({ cause, fields, says }) => ({
  cause,
  outcome: 'FAILED',
  says: ['The configuration cannot be used.', ...says],
  arrange: ({ api }) => ({ config: { api_token: api.issueToken(), base_url: api.url, ...fields } }),
}));
