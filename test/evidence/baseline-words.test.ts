import { expect, test } from '@jest/globals';
import { failureOf } from '../../evidence/baseline/failure.ts';

const AT = '[ERROR] 2026/11/20 08:00:00';

test.each([
  ['"x2" isn\'t a vault in this account. Specify the vault with its ID or name.', 'refused'],
  ['"x2" isn\'t a group in this account. Specify the group with its UUID or name.', 'refused'],
  ["(403) (Forbidden), You aren't authorized to perform this action.", 'refused'],
  ["You don't have permission to view this vault.", 'refused'],
  ['open /home/ann/.config/op/config: permission denied', 'final'],
  ['sh: 1: op: not found', 'final'],
  ['/usr/local/bin/op: line 3: op: command not found', 'final'],
  ['Get "https://example.1password.com/api/v2/vaults": Forbidden', 'passing'],
  ['Get "https://example.1password.com/api/v1/auth/session": proxyconnect tcp: Forbidden', 'passing'],
  ['HTTP 403 from the proxy: access denied', 'passing'],
  ['error initializing client: authorization denied', 'final'],
  ['Too many requests. Your client has been rate-limited.', 'passing'],
  ['(503) (Service Unavailable)', 'passing'],
  [
    'Get "https://example.1password.com/api/v1/vaults": dial tcp: lookup example.1password.com: no such host',
    'passing',
  ],
  ['read tcp 192.0.2.1:443: connection reset by peer', 'passing'],
  ['account is not signed in', 'final'],
  ['You are not currently signed in. Please run `op signin --help` for instructions', 'final'],
  ['no active session found for account example', 'final'],
  ['session expired, sign in to create a new session', 'final'],
  ['(401) (Unauthorized), Authentication required.', 'final'],
  ['authorization prompt dismissed, please try again', 'final'],
  ['no account found for filter other', 'final'],
])('%j is %s', (words, kind) => {
  expect(failureOf(`${AT} ${words}\n`)).toMatchObject({ kind, words });
});

test('words that nobody knows are no refusal: they are asked about again, and then told', () => {
  expect(failureOf(`${AT} the moon is full\n`)).toEqual({
    kind: 'passing',
    words: 'the moon is full',
    sentence: "1Password's CLI fails again and again: the moon is full",
  });
});

test('of all that op prints the line with the error is told, and nothing that moves a cursor', () => {
  const stderr = `a token: ops_123\n${AT} \u001b[31mnetwork\u001b[0m down\nstack: ops_456\n`;

  expect(failureOf(stderr).words).toBe('[31mnetwork [0m down');
});
