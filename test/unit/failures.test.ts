import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parseConfig } from '../../src/config.ts';
import { ApiError, type ApiErrorDetail, type ApiErrorKind } from '../../src/events-api/errors.ts';
import { explainFailure, notGranted, refusedStream } from '../../src/failures.ts';
import { findStream } from '../../src/streams.ts';

const NOW = Date.parse('2026-10-03T12:00:00Z');
const stream = findStream('item_usages');
const reached = { path: '/api/v1/itemusages' };
const proxied = { ...reached, proxyVariable: 'HTTPS_PROXY' };

/** What the sentences of each kind are made of: a new kind does not compile until it is here. */
const DETAILS: Record<ApiErrorKind, readonly ApiErrorDetail[]> = {
  bad_request: [{ ...reached, status: 400 }],
  cursor_refused: [{ ...reached, status: 400 }],
  unauthorized: [{ ...reached, status: 401 }],
  forbidden: [{ ...reached, status: 403 }],
  firewall: [{ ...reached, status: 403 }],
  not_found: [404, 405, 410].map((status) => ({ ...reached, status })),
  redirected: [{ ...reached, status: 302 }],
  rate_limited: [
    { ...reached, status: 429 },
    { ...reached, status: 429, retryAfterMs: 3_600_000 },
  ],
  server_error: [{ ...reached, status: 503 }],
  unexpected_status: [{ ...reached, status: 418 }],
  html: [{ ...reached, status: 200 }],
  not_json: [{ ...reached, status: 200 }],
  wrong_shape: [{ ...reached, reason: 'has no list named "items"' }],
  stuck_cursor: [reached],
  dns: [reached, proxied].map((detail) => ({ ...detail, code: 'ENOTFOUND' })),
  refused: [reached, proxied].map((detail) => ({ ...detail, code: 'ECONNREFUSED' })),
  connection_lost: [reached, proxied].map((detail) => ({ ...detail, code: 'ECONNRESET' })),
  timeout: [reached, proxied],
  tls: [reached, proxied].map((detail) => ({ ...detail, code: 'CERT_HAS_EXPIRED' })),
  tls_interrupted: [reached, proxied].map((detail) => ({ ...detail, code: 'EPROTO' })),
  proxy: [
    ...[403, 407].map((status) => ({ ...proxied, status })),
    { proxyVariable: 'HTTPS_PROXY', reason: 'is not the address of an HTTP proxy' },
    { proxyVariable: 'HTTPS_PROXY', reason: 'has a user name or password that is not percent-encoded' },
  ],
  proxy_unavailable: [{ ...proxied, status: 503 }],
};

/** Tokens that are rejected for different reasons. */
const TOKENS = [
  'opaque',
  tokenOf({ aud: ['events.1password.com'], exp: NOW / 1000 - 1 }),
  tokenOf({ aud: ['com.1password.streamingservice'] }),
  tokenOf({ aud: ['events.1password.com'] }),
];

function tokenOf(claims: object): string {
  return `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2lnbmF0dXJl`;
}

function sentences(): string[] {
  const configs = TOKENS.map((token) => parseConfig({ api_token: token }, NOW));
  const errors = Object.entries(DETAILS).flatMap(([kind, details]) =>
    details.map((detail) => new ApiError(kind as ApiErrorKind, detail)),
  );
  const unexpected = [new RangeError('Maximum call stack size exceeded'), new TypeError('oops')];
  return [
    ...configs.flatMap((config) =>
      [...errors, ...unexpected].map((error) => explainFailure(error, config, NOW, stream.name).message),
    ),
    notGranted(stream).message,
    refusedStream(stream).message,
  ];
}

/** The messages in the documentation's table, as patterns: an ellipsis stands for what differs from case to case. */
function documented(): RegExp[] {
  const page = readFileSync(join(__dirname, '../../docs/1password.md'), 'utf8');
  const [, table = ''] = /\n#+ Failures of a request\n\n\|.*\n\|.*\n((?:\|.*\n)+)/.exec(page) ?? [];
  const messages = table.split('\n').flatMap((row) => /^\| (.*?) \|/.exec(row)?.[1] ?? []);
  return messages.map((message) => {
    const [first = '', ...rest] = message.split('…').map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').trim());
    return new RegExp(`^(item_usages: )?${[first, ...rest].join('.*')}`);
  });
}

test('every sentence about a failure is in the table of the documentation, and every row of the table is a sentence', () => {
  const patterns = documented();

  expect(sentences().filter((sentence) => !patterns.some((pattern) => pattern.test(sentence)))).toEqual([]);
  expect(patterns.filter((pattern) => !sentences().some((sentence) => pattern.test(sentence)))).toEqual([]);
});
