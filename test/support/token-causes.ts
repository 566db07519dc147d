import type { Simulator, TokenClaims } from '../../simulator/server.ts';
import type { Cause, Situation } from './cause.ts';

const IN_FIVE_DAYS = new Date(Date.now() + 5 * 86_400_000);

function accepted(api: Simulator, claims: TokenClaims = {}): Situation {
  return { config: { api_token: api.issueToken(claims), base_url: api.url } };
}

function rejected(api: Simulator, claims: TokenClaims = {}): Situation {
  const api_token = api.issueToken(claims);
  api.revoke(api_token);
  return { config: { api_token, base_url: api.url } };
}

/** Causes in the token: what it is, whom it belongs to, what it may read and how long. */
export const tokenCauses: readonly Cause[] = [
  {
    cause: 'a token for everything',
    outcome: 'SUCCEEDED',
    says: ['Connected to', 'all three event types'],
    arrange: ({ api }) => accepted(api),
  },
  {
    cause: 'a token for one event type',
    outcome: 'SUCCEEDED',
    says: ['lacks', 'deselect item_usages and sign_in_attempts', 'issue a new token'],
    arrange: ({ api }) => accepted(api, { features: ['auditevents'] }),
  },
  {
    cause: 'a token for two event types',
    outcome: 'SUCCEEDED',
    says: ['lacks', 'deselect audit_events, or', 'issue a new token'],
    arrange: ({ api }) => accepted(api, { features: ['itemusages', 'signinattempts'] }),
  },
  {
    cause: 'a token for no event type',
    outcome: 'FAILED',
    says: ['none of the event types', 'Issue a new token'],
    arrange: ({ api }) => accepted(api, { features: [] }),
  },
  {
    cause: 'a token about to expire',
    outcome: 'SUCCEEDED',
    says: [`expires on ${IN_FIVE_DAYS.toISOString().slice(0, 10)}, in 5 days`, 'Issue a new one'],
    arrange: ({ api }) => accepted(api, { expiresAt: IN_FIVE_DAYS }),
  },
  {
    cause: 'an expired token',
    outcome: 'FAILED',
    says: ['expired on 2025-03-01', 'Issue a new one'],
    arrange: ({ api }) => accepted(api, { expiresAt: new Date('2025-03-01T12:00:00Z') }),
  },
  {
    cause: 'a revoked token',
    outcome: 'FAILED',
    says: ['rejected the token (HTTP 401)', 'it was revoked', 'Issue a new one'],
    arrange: ({ api }) => rejected(api),
  },
  {
    cause: 'a rejected token of the first generation',
    outcome: 'FAILED',
    says: ['legacy token', 'set region', 'issue a new token'],
    arrange: ({ api }) => rejected(api, { legacy: true }),
  },
  {
    cause: 'something else than a token',
    outcome: 'FAILED',
    says: ['rejected api_token (HTTP 401)', 'does not look like an Events API token', 'paste it whole'],
    arrange: ({ api }) => ({ config: { api_token: 'ops_A3-QWERTY-service-account-key', base_url: api.url } }),
  },
  {
    cause: 'a token of another region',
    outcome: 'FAILED',
    says: ['region is set to 1password.com', 'account on 1password.eu', 'Set region to 1password.eu'],
    arrange: ({ api }) => ({
      config: { api_token: api.issueToken({ host: 'events.1password.eu' }), region: '1password.com' },
    }),
  },
  {
    cause: 'a token for a host outside 1Password',
    outcome: 'FAILED',
    says: ['"events.example.com"', "not one of 1Password's", 'not sent anywhere'],
    arrange: ({ api }) => ({ config: { api_token: api.issueToken({ host: 'events.example.com' }) } }),
  },
];
