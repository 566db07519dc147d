import { afterEach, expect, test } from '@jest/globals';
import { SimulatedAccount } from '../../simulator/account/simulated-account.ts';
import {
  type ApiItem,
  type Fault,
  type Feature,
  Simulator,
  type SimulatorOptions,
  stormFaults,
} from '../../simulator/server.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, NOW } from '../support/time.ts';

const LONG_AGO = '2020-01-01T00:00:00Z';

interface Reply {
  status: number;
  headers: Headers;
  body: { cursor: string; has_more: boolean; items: ApiItem[] };
}

const running: Simulator[] = [];
let nowMs = NOW;

afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.stop()));
  nowMs = NOW;
});

async function start(options: SimulatorOptions = {}): Promise<{ simulator: Simulator; token: string }> {
  const simulator = await Simulator.start({ now: () => nowMs, ...options });
  running.push(simulator);
  return { simulator, token: simulator.issueToken() };
}

async function send(simulator: Simulator, path: string, init: RequestInit): Promise<Reply> {
  const response = await fetch(simulator.url + path, { redirect: 'manual', ...init });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Reply['body'] };
}

async function ask(simulator: Simulator, token: string, body: unknown, path = '/api/v1/auditevents'): Promise<Reply> {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  return send(simulator, path, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function introspect(simulator: Simulator, token: string, path = '/api/v2/auth/introspect'): Promise<Reply> {
  return send(simulator, path, { headers: { Authorization: `Bearer ${token}` } });
}

/** Follows the cursor to the end; the sizes of the pages, the uuids and the last cursor. */
async function readAll(simulator: Simulator, token: string, first: unknown) {
  const sizes: number[] = [];
  const uuids: unknown[] = [];
  for (let body = first; ; ) {
    const page = (await ask(simulator, token, body)).body;
    sizes.push(page.items.length);
    uuids.push(...page.items.map((item) => item['uuid']));
    if (!page.has_more) return { sizes, uuids, cursor: page.cursor };
    body = { cursor: page.cursor };
  }
}

function event(uuid: string, ageMs = MINUTE_MS): ApiItem {
  return { uuid, timestamp: new Date(nowMs - ageMs).toISOString() };
}

function numbered(count: number): ApiItem[] {
  return Array.from({ length: count }, (_, index) => event(`e${index + 1}`));
}

function uuidsOf(reply: Reply): unknown[] {
  return reply.body.items.map((item) => item['uuid']);
}

test('serves every event once, in arrival order, on pages of the size that was asked for', async () => {
  const { simulator, token } = await start();
  simulator.add('auditevents', ...numbered(5));

  const read = await readAll(simulator, token, { limit: 2, start_time: LONG_AGO });

  expect(read.sizes).toEqual([2, 2, 1]);
  expect(read.uuids).toEqual(['e1', 'e2', 'e3', 'e4', 'e5']);
  expect(simulator.requests.map(({ status, itemCount }) => [status, itemCount])).toEqual([
    [200, 2],
    [200, 2],
    [200, 1],
  ]);
  expect(simulator.violations).toEqual([]);
});

test('ends a full last page with has_more false, or with an empty page where that is wanted', async () => {
  const { simulator, token } = await start();
  simulator.add('auditevents', ...numbered(4));

  const plain = await readAll(simulator, token, { limit: 2, start_time: LONG_AGO });
  simulator.options = { ...simulator.options, trailingEmptyPage: true };
  const trailing = await readAll(simulator, token, { limit: 2, start_time: LONG_AGO });

  expect(plain.sizes).toEqual([2, 2]);
  expect(trailing.sizes).toEqual([2, 2, 0]);
});

test('sends a hundred events where no limit is given', async () => {
  const { simulator, token } = await start();
  simulator.add('auditevents', ...numbered(101));

  const { body } = await ask(simulator, token, {});

  expect(body.items).toHaveLength(100);
  expect(body.has_more).toBe(true);
});

test('starts an hour ago, or an hour before the end, where no start is given', async () => {
  const { simulator, token } = await start();
  simulator.add('auditevents', event('old', 150 * MINUTE_MS), event('earlier', 90 * MINUTE_MS), event('recent'));

  const open = await ask(simulator, token, {});
  const bounded = await ask(simulator, token, { end_time: new Date(NOW - HOUR_MS).toISOString() });

  expect(uuidsOf(open)).toEqual(['recent']);
  expect(uuidsOf(bounded)).toEqual(['earlier']);
});

test('includes the start, excludes the end, and understands offsets and nine digits', async () => {
  const { simulator, token } = await start();
  const at = (uuid: string, timestamp: string): ApiItem => ({ uuid, timestamp });
  simulator.add(
    'auditevents',
    at('before', '2026-10-03T10:00:00Z'),
    at('start', '2026-10-03T12:00:00.000001000+02:00'),
    at('inside', '2026-10-03T10:30:00Z'),
    at('end', '2026-10-03T11:00:00Z'),
  );

  const reply = await ask(simulator, token, {
    start_time: '2026-10-03T10:00:00.000001Z',
    end_time: '2026-10-03T07:00:00-04:00',
  });

  expect(uuidsOf(reply)).toEqual(['start', 'inside']);
});

test('a cursor delivers an event that arrives later with an older date', async () => {
  const { simulator, token } = await start();
  simulator.add('auditevents', event('first'));
  const { cursor } = await readAll(simulator, token, { start_time: new Date(NOW - HOUR_MS).toISOString() });

  simulator.add('auditevents', event('late', 30 * HOUR_MS));
  const reply = await ask(simulator, token, { cursor });

  expect(uuidsOf(reply)).toEqual(['late']);
});

test('a cursor that has an end stays empty after it', async () => {
  const { simulator, token } = await start();
  simulator.add('auditevents', event('first'));
  const { cursor } = await readAll(simulator, token, { start_time: LONG_AGO, end_time: new Date(NOW).toISOString() });

  nowMs += HOUR_MS;
  simulator.add('auditevents', event('second'));
  const { body } = await ask(simulator, token, { cursor });

  expect(body).toEqual({ cursor, has_more: false, items: [] });
});

test('a cursor may be used again and gives the same page', async () => {
  const { simulator, token } = await start();
  simulator.add('auditevents', ...numbered(3));
  const { cursor } = (await ask(simulator, token, { limit: 1 })).body;

  const once = await ask(simulator, token, { cursor });
  const again = await ask(simulator, token, { cursor });

  expect(uuidsOf(once)).toEqual(['e2']);
  expect(uuidsOf(again)).toEqual(['e2']);
});

test.each([
  ['stays', true],
  ['moves', false],
] as const)('the cursor of an answer without events %s', async (tail, isSame) => {
  const { simulator, token } = await start({ tail });
  const { cursor } = (await ask(simulator, token, {})).body;

  const { body } = await ask(simulator, token, { cursor });
  simulator.add('auditevents', event('next'));
  const next = await ask(simulator, token, { cursor: body.cursor });

  expect(body.cursor === cursor).toBe(isSame);
  expect(uuidsOf(next)).toEqual(['next']);
});

test('refuses a cursor that is unknown or belongs to another account, endpoint or version', async () => {
  const { simulator, token } = await start();
  const stranger = simulator.issueToken({ accountUuid: 'ANOTHERACCOUNT' });
  const { cursor } = (await ask(simulator, token, {})).body;

  const unknown = await ask(simulator, token, { cursor: 'bm9ib2R5' });
  const foreign = await ask(simulator, stranger, { cursor });
  const blameless = [...simulator.violations];
  const misplaced = await ask(simulator, token, { cursor }, '/api/v1/itemusages');
  const wrongVersion = await ask(simulator, token, { cursor }, '/api/v2/auditevents');

  expect([unknown, foreign, misplaced, wrongVersion].map(({ status }) => status)).toEqual([400, 400, 400, 400]);
  expect(blameless).toEqual([]);
  expect(simulator.violations).toEqual([
    'POST /api/v1/itemusages: the cursor belongs to v1/auditevents.',
    'POST /api/v2/auditevents: the cursor belongs to v1/auditevents.',
  ]);
});

test('no longer serves what retention has taken, to a reset or to a cursor', async () => {
  const { simulator, token } = await start();
  simulator.add('auditevents', event('gone', 121 * DAY_MS), event('kept', 119 * DAY_MS), event('new'));
  const first = await ask(simulator, token, { start_time: LONG_AGO, limit: 1 });

  nowMs += 2 * DAY_MS;
  const reset = await ask(simulator, token, { start_time: LONG_AGO });
  simulator.add('auditevents', event('long late', 200 * DAY_MS));
  const continued = await ask(simulator, token, { cursor: first.body.cursor });

  expect(uuidsOf(first)).toEqual(['kept']);
  expect(uuidsOf(reset)).toEqual(['new']);
  expect(uuidsOf(continued)).toEqual(['new']);
  expect(simulator.served('auditevents', 'v1').map(({ uuid }) => uuid)).toEqual(['new']);
});

test('V1 lacks the fields that V2 added, wherever they were added, and nothing else', async () => {
  const { simulator, token } = await start();
  const { timestamp } = event('any');
  const person = { uuid: 'P', user_type: 'user', user_account_uuid: 'A' };
  const shared = { uuid: 'e', timestamp, other: { account_uuid: 'kept', user_type: 'kept' }, aux_details: null };
  const [stored] = simulator.add('auditevents', {
    ...shared,
    account_uuid: 'A',
    actor_type: 'user',
    actor_account_uuid: 'A',
    actor_details: person,
    object_details: person,
    user: person,
    target_user: person,
  });

  const v1 = await ask(simulator, token, {}, '/api/v1/auditevents');
  const v2 = await ask(simulator, token, {}, '/api/v2/auditevents');

  const stripped = { uuid: 'P' };
  expect(v1.body.items).toEqual([
    { ...shared, actor_details: stripped, object_details: stripped, user: stripped, target_user: stripped },
  ]);
  expect(v2.body.items).toEqual([stored]);
  expect(simulator.served('auditevents', 'v1')).toEqual(v1.body.items);
});

test('serves broken items as they are', async () => {
  const { simulator, token } = await start();
  const broken = [{ timestamp: 'yesterday' }, { uuid: 7 }, {}, null, 'text'] as ApiItem[];
  simulator.add('auditevents', ...broken);

  const { body } = await ask(simulator, token, {});

  expect(body.items).toEqual(broken);
});

test.each([
  [{ limit: 0 }, 'the limit is not a whole number from 1 to 1000'],
  [{ limit: 1001 }, 'the limit is not a whole number from 1 to 1000'],
  [{ limit: 1.5 }, 'the limit is not a whole number from 1 to 1000'],
  [{ limit: '100' }, 'the limit is not a whole number from 1 to 1000'],
  [{ start_time: '2026-10-03' }, 'start_time is not an RFC 3339 date-time'],
  [{ start_time: '2026-02-30T00:00:00Z' }, 'start_time is not an RFC 3339 date-time'],
  [{ start_time: 1_790_000_000 }, 'start_time is not an RFC 3339 date-time'],
  [{ end_time: 'now' }, 'end_time is not an RFC 3339 date-time'],
  [{ reset_cursor: { limit: 10 } }, 'the body has the unknown field "reset_cursor"'],
  [{ cursor: '' }, 'the cursor is not a non-empty string'],
  [[], 'the body is not a JSON object'],
  [null, 'the body is not a JSON object'],
])('refuses the body %j and says so', async (body, problem) => {
  const { simulator, token } = await start();

  const reply = await ask(simulator, token, body);

  expect(reply.status).toBe(400);
  expect(simulator.violations).toEqual([`POST /api/v1/auditevents: ${problem}.`]);
});

test('refuses what is not JSON, not POST, not bearer or carries a query, and says so', async () => {
  const { simulator, token } = await start();
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const path = '/api/v1/auditevents';

  const replies = [
    await send(simulator, path, { method: 'POST', headers, body: '{"limit":' }),
    await send(simulator, path, { method: 'POST', headers }),
    await send(simulator, path, { headers }),
    await send(simulator, path, { method: 'POST', body: '{}', headers: { ...headers, Authorization: token } }),
    await send(simulator, path, { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' } }),
    await send(simulator, `${path}?limit=5`, { method: 'POST', headers, body: '{}' }),
    await send(simulator, path, { method: 'POST', body: '{}', headers: { ...headers, 'Content-Type': 'text/plain' } }),
  ];

  expect(replies.map(({ status }) => status)).toEqual([400, 400, 405, 401, 401, 400, 400]);
  expect(simulator.violations).toEqual([
    `POST ${path}: the body is not JSON.`,
    `POST ${path}: the body is empty.`,
    `GET ${path}: the method GET is not allowed here.`,
    `POST ${path}: the Authorization header is not "Bearer" and a token.`,
    `POST ${path}: there is no Authorization header.`,
    `POST ${path}?limit=5: the endpoint takes no query string.`,
    `POST ${path}: the content type is text/plain, not JSON.`,
  ]);
});

test('tolerates nulls, and a POST without a content type', async () => {
  const { simulator, token } = await start();
  simulator.add('auditevents', event('e'));
  const first = await ask(simulator, token, { cursor: null, limit: null, start_time: null, end_time: null });
  const body = Buffer.from(JSON.stringify({ cursor: first.body.cursor, limit: null }));

  const next = await send(simulator, '/api/v1/auditevents', {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}` },
    body,
  });

  expect(uuidsOf(first)).toEqual(['e']);
  expect(next.status).toBe(200);
  expect(simulator.violations).toEqual([]);
});

test.each([
  ['strict', 400],
  ['lenient', 200],
] as const)('a mixed request is a violation, and is answered as %s says', async (mixedRequest, status) => {
  const { simulator, token } = await start({ mixedRequest });
  const { cursor } = (await ask(simulator, token, {})).body;

  const reply = await ask(simulator, token, { cursor, limit: 1000 });

  expect(reply.status).toBe(status);
  expect(simulator.violations).toEqual(['POST /api/v1/auditevents: the body mixes a cursor with reset fields.']);
});

test('rejects a token that is unknown, revoked, expired or made for another host', async () => {
  const { simulator, token } = await start();
  const revoked = simulator.issueToken();
  simulator.revoke(revoked);
  const expiring = simulator.issueToken({ expiresAt: new Date(NOW + HOUR_MS) });
  const european = simulator.issueToken({ host: 'events.1password.eu' });
  const legacy = simulator.issueToken({ legacy: true });

  const early = await ask(simulator, expiring, {});
  nowMs += HOUR_MS;
  const statuses: number[] = [];
  for (const each of [token, legacy, 'a.b.c', revoked, expiring, european]) {
    statuses.push((await ask(simulator, each, {})).status);
  }

  expect(early.status).toBe(200);
  expect(statuses).toEqual([200, 200, 401, 401, 401, 401]);
  expect(simulator.violations).toEqual([]);
});

test('tokens look like the real ones', async () => {
  const { simulator } = await start({ host: 'events.1password.ca', accountUuid: 'ACCOUNT' });

  const token = simulator.issueToken({ features: ['itemusages'], expiresAt: new Date(NOW), extra: { nbf: 1 } });

  const [header, claims] = token
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()));
  expect(token.split('.')).toHaveLength(3);
  expect(header).toMatchObject({ alg: 'ES256', typ: 'JWT' });
  expect(claims).toMatchObject({
    aud: ['events.1password.ca'],
    '1password.com/fts': ['itemusages'],
    '1password.com/auuid': 'ACCOUNT',
    exp: NOW / 1000,
    nbf: 1,
  });
});

test.each([401, 403] as const)('answers a missing event type with %i, in either body shape', async (missingFeature) => {
  const { simulator } = await start({ missingFeature });
  const token = simulator.issueToken({ features: ['itemusages'] });

  const original = await ask(simulator, token, {});
  simulator.options = { ...simulator.options, errorBody: 'current' };
  const current = await ask(simulator, token, {});
  const granted = await ask(simulator, token, {}, '/api/v1/itemusages');

  expect(original).toMatchObject({ status: missingFeature, body: { Error: { Message: expect.any(String) } } });
  expect(current).toMatchObject({
    status: missingFeature,
    body: { status: missingFeature, message: expect.any(String) },
  });
  expect(granted.status).toBe(200);
});

test('answers a missing event type with empty pages where that is wanted, until it is granted', async () => {
  const { simulator } = await start({ missingFeature: 'empty' });
  const token = simulator.issueToken({ features: [] });
  simulator.add('auditevents', event('hidden'));

  const first = await ask(simulator, token, {});
  const { cursor } = first.body;
  const next = await ask(simulator, token, { cursor });
  simulator.setFeatures(token, ['auditevents']);
  const granted = await ask(simulator, token, { cursor });

  expect(first.body).toEqual({ cursor: expect.any(String), has_more: false, items: [] });
  expect(next.body).toEqual({ cursor, has_more: false, items: [] });
  expect(uuidsOf(granted)).toEqual(['hidden']);
});

test('introspects in both forms, and tells what the server grants', async () => {
  const { simulator } = await start({ accountUuid: 'ACCOUNT' });
  const token = simulator.issueToken({ features: ['auditevents', 'itemusages'] });
  simulator.setFeatures(token, ['itemusages']);

  const v2 = await introspect(simulator, token);
  const original = await introspect(simulator, token, '/api/auth/introspect');
  const bad = await introspect(simulator, 'a.b.c');
  const never = await introspect(simulator, token, '/api/v1/auth/introspect');
  simulator.options = { ...simulator.options, introspectsAccount: false };
  const anonymous = await introspect(simulator, token);

  const uuid = expect.any(String);
  const issued = '2026-10-03T12:00:00Z';
  expect(v2.body).toEqual({ uuid, issued_at: issued, features: ['itemusages'], account_uuid: 'ACCOUNT' });
  expect(original.body).toEqual({ UUID: uuid, IssuedAt: issued, Features: ['itemusages'] });
  expect(anonymous.body).toEqual({ uuid, issued_at: issued, features: ['itemusages'] });
  expect([bad.status, never.status]).toEqual([401, 404]);
});

test.each([
  ['original', [404, 200]],
  ['none', [404, 404]],
] as const)('has only those introspection paths that exist: %s', async (introspection, statuses) => {
  const { simulator, token } = await start({ introspection });

  const v2 = await introspect(simulator, token);
  const original = await introspect(simulator, token, '/api/auth/introspect');

  expect([v2.status, original.status]).toEqual(statuses);
  expect(simulator.violations).toEqual([]);
});

test('counts every request over a sliding minute, refuses the rest, and recovers', async () => {
  const { simulator, token } = await start({ budget: { perMinute: 3, retryAfter: true } });

  await introspect(simulator, token);
  nowMs += 20_000;
  const statuses = [(await ask(simulator, token, {})).status, (await ask(simulator, token, {})).status];
  const refused = await ask(simulator, token, {});
  nowMs += 40_000;
  const recovered = await ask(simulator, token, {});
  const refusedAgain = await ask(simulator, token, {});

  expect(statuses).toEqual([200, 200]);
  expect([refused.status, refused.headers.get('Retry-After')]).toEqual([429, '40']);
  expect(recovered.status).toBe(200);
  expect([refusedAgain.status, refusedAgain.headers.get('Retry-After')]).toEqual([429, '20']);
});

test('counts a sliding hour too, and says nothing about when to come back unless told', async () => {
  const { simulator, token } = await start({ budget: { perHour: 1 } });

  await ask(simulator, token, {});
  nowMs += HOUR_MS - 1;
  const refused = await ask(simulator, token, {});
  nowMs += 1;
  const recovered = await ask(simulator, token, {});

  expect([refused.status, refused.headers.get('Retry-After')]).toEqual([429, null]);
  expect(recovered.status).toBe(200);
});

test('a fault applies to the requests it is meant for, as often as it says, after those that pass', async () => {
  const { simulator, token } = await start();
  simulator.fault({ on: 'itemusages', times: 2, after: 1, fault: { kind: 'status', status: 500 } });

  await ask(simulator, token, {});
  for (let count = 0; count < 4; count += 1) await ask(simulator, token, {}, '/api/v1/itemusages');

  expect(simulator.requests.map(({ status }) => status)).toEqual([200, 200, 500, 500, 200]);
});

test('a fault may hang on a condition, be worked out anew, and be taken back', async () => {
  const { simulator, token } = await start();
  let status = 500;
  const on = (request: { path: string }): boolean => request.path.includes('introspect');
  simulator.fault({ on, times: Number.POSITIVE_INFINITY, fault: () => ({ kind: 'status', status: status++ }) });

  const statuses = [(await introspect(simulator, token)).status, (await introspect(simulator, token)).status];
  simulator.clearFaults();
  statuses.push((await introspect(simulator, token)).status);

  expect(statuses).toEqual([500, 501, 200]);
});

test.each<[Fault, RegExp]>([
  [{ kind: 'cut_connection' }, /fetch failed/],
  [{ kind: 'cut_body' }, /terminated/],
  [{ kind: 'bad_json' }, /JSON/],
  [{ kind: 'html' }, /JSON/],
  [{ kind: 'raw', body: '' }, /JSON/],
])('spoils one answer: %j', async (fault, failure) => {
  const { simulator, token } = await start();
  simulator.add('auditevents', ...numbered(3));
  simulator.fault({ fault });

  await expect(ask(simulator, token, {})).rejects.toThrow(failure);
  const next = await ask(simulator, token, {});

  expect(next.body.items).toHaveLength(3);
});

test('never answers a stalled request, and lets go of it when it stops', async () => {
  const { simulator, token } = await start();
  simulator.fault({ fault: { kind: 'stall' } });

  const outcome = ask(simulator, token, {}).catch((error: unknown) => error);
  while (simulator.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await simulator.stop();

  expect(await outcome).toMatchObject({ name: 'TypeError' });
  expect(simulator.requests.map(({ status }) => status)).toEqual([0]);
  expect(simulator.openSockets).toBe(0);
});

test('sends a slow body whole', async () => {
  const { simulator, token } = await start({ latencyMs: 5 });
  simulator.add('auditevents', ...numbered(50));
  simulator.fault({ fault: { kind: 'slow_body', totalMs: 30 } });

  const { body } = await ask(simulator, token, {});

  expect(body.items).toHaveLength(50);
});

test('answers with any body, status, header or redirect', async () => {
  const { simulator, token } = await start();
  simulator.fault({ fault: { kind: 'body', value: { items: 'none' } } });
  simulator.fault({ fault: { kind: 'status', status: 503, headers: { 'Retry-After': '7' }, body: '{"a":1}' } });
  simulator.fault({ fault: { kind: 'redirect', location: 'https://example.com/' } });

  const body = await ask(simulator, token, {});
  const unavailable = await ask(simulator, token, {});
  const redirect = await fetch(`${simulator.url}/api/v1/auditevents`, { redirect: 'manual' });

  expect(body.body).toEqual({ items: 'none' });
  expect(unavailable).toMatchObject({ status: 503, body: { a: 1 } });
  expect(unavailable.headers.get('Retry-After')).toBe('7');
  expect([redirect.status, redirect.headers.get('Location')]).toEqual([302, 'https://example.com/']);
});

test('refuses and repeats cursors only where a cursor was sent', async () => {
  const { simulator, token } = await start();
  simulator.add('auditevents', ...numbered(4));
  simulator.fault({ fault: { kind: 'refuse_cursor' } });
  simulator.fault({ fault: { kind: 'stuck_cursor', items: true } });
  simulator.fault({ fault: { kind: 'stuck_cursor' } });

  const { cursor } = (await ask(simulator, token, { limit: 2 })).body;
  const refused = await ask(simulator, token, { cursor });
  const withItems = await ask(simulator, token, { cursor });
  const without = await ask(simulator, token, { cursor });
  const right = await ask(simulator, token, { cursor });

  expect(refused.status).toBe(400);
  expect(withItems.body).toMatchObject({ cursor, has_more: true, items: [{ uuid: 'e3' }, { uuid: 'e4' }] });
  expect(without.body).toEqual({ cursor, has_more: true, items: [] });
  expect(right.body).toMatchObject({ has_more: false, items: [{ uuid: 'e3' }, { uuid: 'e4' }] });
});

test('delivers a page twice without skipping another', async () => {
  const { simulator, token } = await start();
  simulator.add('auditevents', ...numbered(5));
  simulator.fault({ after: 1, fault: { kind: 'redeliver' } });

  const read = await readAll(simulator, token, { limit: 2 });

  expect(read.uuids).toEqual(['e1', 'e2', 'e3', 'e4', 'e3', 'e4', 'e5']);
});

test('lets a test edit the page', async () => {
  const { simulator, token } = await start();
  simulator.add('auditevents', event('e'));
  const alter = ({ items }: { items: unknown[] }): unknown => ({ items: [...items, { uuid: 'extra' }], new_field: 1 });
  simulator.fault({ fault: { kind: 'alter', alter } });

  const { body } = await ask(simulator, token, {});

  expect(body).toMatchObject({ items: [{ uuid: 'e' }, { uuid: 'extra' }], new_field: 1 });
  expect(body).not.toHaveProperty('has_more');
});

test('a fault storm is the same for the same seed', () => {
  const [one, other] = [stormFaults(7), stormFaults(7)];

  const faults = Array.from({ length: 300 }, one);

  expect(Array.from({ length: 300 }, other)).toEqual(faults);
  expect(new Set(faults.map((fault) => JSON.stringify(fault))).size).toBe(11);
});

test('generates the same history for the same seed, with late arrivals and a few events served twice', async () => {
  const counts = { auditevents: 800, itemusages: 800, signinattempts: 400 };
  const { simulator: one } = await start({ seed: 3 });
  const { simulator: other } = await start({ seed: 3 });
  const { simulator: different } = await start({ seed: 4 });
  for (const simulator of [one, other, different]) new SimulatedAccount(simulator).generate(counts);

  for (const feature of Object.keys(counts) as Feature[]) {
    const served = one.served(feature, 'v2');
    const dates = served.map(({ timestamp }) => Date.parse(String(timestamp)));

    expect(served).toHaveLength(counts[feature]);
    // A repeat is the same event, whole.
    expect(new Set(served.map(({ uuid }) => uuid)).size).toBe(counts[feature] * 0.99);
    expect(new Set(served.map((item) => JSON.stringify(item))).size).toBe(counts[feature] * 0.99);
    expect(Math.min(...dates)).toBeGreaterThanOrEqual(NOW - 110 * DAY_MS);
    expect(Math.max(...dates)).toBeLessThanOrEqual(NOW);
    expect(other.served(feature, 'v2')).toEqual(served);
    expect(different.served(feature, 'v2')).not.toEqual(served);
  }
  const usages = one.served('itemusages', 'v1').map(({ timestamp }) => String(timestamp));
  expect(usages).not.toEqual(usages.toSorted());
});

test('generates audit events like a live account: mostly traffic of the apps, in sessions that sign-ins opened', async () => {
  const { simulator } = await start();
  new SimulatedAccount(simulator).generate({ auditevents: 4000, signinattempts: 2000 });
  const audit = simulator.served('auditevents', 'v2');
  const loginTimes = new Map(
    simulator.served('signinattempts', 'v2').map(({ session_uuid, timestamp }) => [session_uuid, timestamp]),
  );
  const pairs = audit.map(({ object_type, action }) => `${object_type}/${action}`);
  const sessions = audit.map(({ session }) => session as { uuid?: string; login_time?: string });
  const known = sessions.filter(({ uuid }) => loginTimes.has(uuid));

  expect(pairs.filter((pair) => pair === 'dlgdsess/dlgsess' || pair === 'ssotkn/ssotknv').length).toBeGreaterThan(2000);
  expect(pairs).toEqual(
    expect.arrayContaining([
      'items/patch',
      'item/share',
      'file/create',
      'user/activate',
      'user/dealldev',
      'user/reauth',
    ]),
  );
  expect(known.length).toBeGreaterThan(audit.length * 0.9);
  expect(known.filter(({ uuid, login_time }) => login_time !== loginTimes.get(uuid))).toEqual([]);
  expect(sessions.filter(({ uuid }) => uuid === undefined)).toContainEqual({});
});

test('generates sign-ins like live ones: nine digits, both forms of country, host names, and what is missing in every form', async () => {
  const { simulator } = await start();
  new SimulatedAccount(simulator).generate({ auditevents: 2000, signinattempts: 1500 });
  const signIns = simulator.served('signinattempts', 'v2') as {
    timestamp: string;
    session_uuid: string;
    country: string;
    location?: { country?: string; city?: string };
    target_user: Record<string, unknown>;
    client: Record<string, string>;
    account_uuid: string;
  }[];
  const distinct = (values: unknown[]) => [...new Set(values)];

  expect(signIns.filter(({ timestamp }) => !/\.\d{9}Z$/.test(timestamp))).toEqual([]);
  expect(signIns.filter(({ account_uuid }) => account_uuid === undefined)).toEqual([]);
  expect(signIns.filter(({ client }) => !/^\d+$/.test(client['app_version'] ?? ''))).toEqual([]);
  expect(distinct(signIns.map(({ target_user }) => Object.keys(target_user).join())).sort()).toEqual([
    'uuid,name,email,type',
    'uuid,name,email,type,user_type,user_account_uuid',
  ]);
  expect(distinct(signIns.flatMap(({ country, location }) => [country, location?.country]))).toEqual(
    expect.arrayContaining(['CA', 'Canada', 'UK', undefined]),
  );
  expect(distinct(signIns.map(({ location }) => location?.city))).toEqual(expect.arrayContaining(['', undefined]));
  expect(signIns.map(({ location }) => location)).toContainEqual({});
  expect(distinct(signIns.map(({ session_uuid }) => session_uuid))).toContain('');
  expect(distinct(signIns.map((item) => ('details' in item ? JSON.stringify(item.details) : 'absent')))).toEqual(
    expect.arrayContaining(['null', '{}', 'absent']),
  );
  expect(distinct(signIns.map(({ client }) => client['app_name']))).toEqual(
    expect.arrayContaining(['1Password SCIM Bridge', '1Password Connect', '1Password CLI', '1Password for iOS']),
  );
  expect(distinct(signIns.map(({ client }) => client['platform_name']))).toEqual(
    expect.arrayContaining(['Firefox extension', expect.stringMatching(/-MacBook-Pro\.local$/)]),
  );
});

test('keeps connections alive between requests', async () => {
  const { simulator, token } = await start();

  for (let count = 0; count < 10; count += 1) await ask(simulator, token, {});

  expect(simulator.connections).toBeLessThanOrEqual(2);
});
