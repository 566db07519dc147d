import type { Fault } from '../../simulator/server.ts';
import type { Cause, Outcome } from './cause.ts';

/** Every request gets this response. */
function always(cause: string, outcome: Outcome, says: readonly string[], fault: Fault): Cause {
  return {
    cause,
    outcome,
    says,
    arrange: ({ api }) => {
      api.fault({ times: Number.POSITIVE_INFINITY, fault });
      return { config: { api_token: api.issueToken(), base_url: api.url } };
    },
  };
}

/** Causes in the responses, whether they come from the API or from something on the way. */
export const responseCauses: readonly Cause[] = [
  always('400', 'system_error', ['malformed (HTTP 400)', 'please report'], { kind: 'status', status: 400 }),
  always('403', 'FAILED', ['forbids', 'HTTP 403', 'firewall'], { kind: 'status', status: 403 }),
  always('404', 'FAILED', ['HTTP 404', 'Check base_url'], { kind: 'status', status: 404 }),
  always('a web page with 403', 'FAILED', ['firewall', 'HTTP 403', 'Allow'], {
    kind: 'status',
    status: 403,
    body: '<!doctype html><h1>Blocked</h1>',
    contentType: 'text/html',
  }),
  always('405', 'FAILED', ['HTTP 405', 'Check base_url'], { kind: 'status', status: 405 }),
  always('410', 'FAILED', ['HTTP 410', 'Check base_url'], { kind: 'status', status: 410 }),
  always('418', 'system_error', ['HTTP 418', 'please report'], { kind: 'status', status: 418 }),
  always('429', 'transient_error', ['rate limit', 'HTTP 429', 'requests_per_minute'], { kind: 'status', status: 429 }),
  always('429 for an hour', 'transient_error', ['HTTP 429', 'asks to wait 60 min', 'requests_per_minute'], {
    kind: 'status',
    status: 429,
    headers: { 'Retry-After': '3600' },
  }),
  always('500', 'transient_error', ['HTTP 500', 'status.1password.com'], { kind: 'status', status: 500 }),
  always('503 for an hour', 'transient_error', ['HTTP 503', 'status.1password.com'], {
    kind: 'status',
    status: 503,
    headers: { 'Retry-After': '3600' },
  }),
  always('a redirect', 'FAILED', ['redirect (HTTP 302)', 'not followed', 'Check base_url'], {
    kind: 'redirect',
    location: 'http://127.0.0.1:9/elsewhere',
  }),
  always('a captive portal', 'FAILED', ['web page', 'captive portal', 'Allow this machine'], { kind: 'html' }),
  always('no JSON', 'transient_error', ['not JSON', 'Try again later'], { kind: 'bad_json' }),
  always('another JSON', 'system_error', ['no list named "items"', 'please report'], { kind: 'body', value: {} }),
  always('a lost connection', 'transient_error', ['connection', 'lost', 'Check the network'], {
    kind: 'cut_connection',
  }),
  always('no response', 'transient_error', ['did not answer in time', 'Check that the network'], { kind: 'stall' }),
];
