import type { Cause } from './cause.ts';

/** Two of the causes in the configuration itself, of which no request may follow; unit tests know the rest. */
export const configCauses: readonly Cause[] = [
  {
    cause: 'a token that no header can carry',
    outcome: 'FAILED',
    says: ['The configuration cannot be used.', 'cannot be sent', 'Paste the token again'],
    arrange: ({ api }) => ({
      config: { api_token: 'eyJhbGciOiJFUzI1NiJ9.eyJ\n1bnNlbmRhYmxl.c2lnbmF0dXJl', base_url: api.url },
    }),
  },
  {
    cause: 'an unknown region',
    outcome: 'FAILED',
    says: ['The configuration cannot be used.', 'region must be one of', '1password.eu'],
    arrange: ({ api }) => ({ config: { api_token: api.issueToken(), region: '1password.de' } }),
  },
];
