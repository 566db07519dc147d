import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Bookmark } from './cursors.ts';
import { type ApiVersion, type Feature, features, type Settings } from './options.ts';
import { parseRfc3339 } from './rfc3339.ts';

const MAX_LIMIT = 1000;
const DEFAULT_LIMIT = 100;
const HOUR_MS = 3_600_000;
const knownFields = ['cursor', 'limit', 'start_time', 'end_time'];

/** A request as the simulator saw it, and how it was answered. */
export interface RequestRecord {
  /** Epoch milliseconds of the simulator's clock. */
  readonly atMs: number;
  readonly method: string;
  /** Path and query, as sent. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The parsed JSON; the text, if it is none; undefined without a body. */
  readonly body: unknown;
  /** 0 until answered, and for good if a fault left it without an answer. */
  status: number;
  readonly feature?: Feature;
  readonly version?: ApiVersion;
  /** Events in the answer. */
  itemCount?: number;
}

/** What a path leads to. */
export type Route =
  | { readonly to: 'events'; readonly feature: Feature; readonly version: ApiVersion }
  | { readonly to: 'introspect'; readonly form: 'original' | 'current' };

const routes = new Map<string, Route>([
  ['/api/auth/introspect', { to: 'introspect', form: 'original' }],
  ['/api/v2/auth/introspect', { to: 'introspect', form: 'current' }],
]);
for (const version of ['v1', 'v2'] as const) {
  for (const feature of features) routes.set(`/api/${version}/${feature}`, { to: 'events', feature, version });
}

/** Where a path leads, its query ignored; undefined if nowhere. */
export function routeOf(path: string): Route | undefined {
  return routes.get(path.split('?', 1)[0] ?? '');
}

/** The record of a request that has arrived and is not answered yet. */
export function recordOf(incoming: IncomingMessage, text: string, atMs: number): RequestRecord {
  const path = incoming.url ?? '';
  const route = routeOf(path);
  return {
    atMs,
    method: incoming.method ?? '',
    path,
    headers: incoming.headers,
    body: text === '' ? undefined : (parseJson(text) ?? text),
    status: 0,
    ...(route?.to === 'events' && { feature: route.feature, version: route.version }),
  };
}

/** Whose cursor it is; undefined if the simulator did not issue it. */
type OwnerOf = (cursor: string) => Bookmark | undefined;

/** A request, taken apart and judged. */
export interface Inspection {
  readonly route: Route | undefined;
  readonly token: string | undefined;
  /** Only for event requests. */
  readonly body: ReadBody | undefined;
  readonly allowsMethod: boolean;
  /** Everything that the real API would refuse, or that its contract does not foresee. */
  readonly problems: readonly string[];
  /** Whether the body or the rest of the request is bad enough for a 400. */
  readonly isRefused: boolean;
}

/** Judges a request before anything is answered, so that no fault can hide a mistake of the client. */
export function inspect(request: RequestRecord, text: string, ownerOf: OwnerOf, settings: Settings): Inspection {
  const route = settingsRoute(request.path, settings);
  const { authorization, 'content-type': contentType } = request.headers;
  const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
  const body = route?.to === 'events' ? readBody(text, settings.now()) : undefined;
  const allowsMethod = request.method === (route?.to === 'events' ? 'POST' : 'GET');

  const problems: string[] = [];
  if (route !== undefined) {
    if (!allowsMethod) problems.push(`the method ${request.method} is not allowed here`);
    else problems.push(...(body?.problems ?? []));
    if (authorization === undefined) problems.push('there is no Authorization header');
    else if (token === undefined) problems.push('the Authorization header is not "Bearer" and a token');
    if (request.path.includes('?')) problems.push('the endpoint takes no query string');
    if (route.to === 'introspect' && text !== '') problems.push('introspection takes no body');
    if (body !== undefined && contentType !== undefined && !/^application\/json\b/i.test(contentType)) {
      problems.push(`the content type is ${contentType}, not JSON`);
    }
    problems.push(...misplacedCursor(route, body, ownerOf));
  }

  const isServedMixed = settings.mixedRequest === 'lenient' && body?.query?.kind === 'cursor';
  const isRefused = problems.some((problem) => !(isServedMixed && problem.startsWith('the body mixes')));
  return { route, token, body, allowsMethod, problems, isRefused };
}

/** Where the path leads, unless the options have taken that endpoint away. */
function settingsRoute(path: string, { introspection }: Settings): Route | undefined {
  const route = routeOf(path);
  if (route?.to !== 'introspect' || introspection === 'both') return route;
  return introspection === route.form ? route : undefined;
}

function misplacedCursor(route: Route, body: ReadBody | undefined, ownerOf: OwnerOf): string[] {
  if (route.to !== 'events' || body?.query?.kind !== 'cursor') return [];
  const owner = ownerOf(body.query.cursor);
  const isAtHome = owner === undefined || (owner.feature === route.feature && owner.version === route.version);
  return isAtHome ? [] : [`the cursor belongs to ${owner.version}/${owner.feature}`];
}

/** What a well-formed body asks for. */
export type EventsQuery =
  | { readonly kind: 'cursor'; readonly cursor: string }
  | { readonly kind: 'reset'; readonly limit: number; readonly startMs: number; readonly endMs: number };

/** A body that was read: what it asks for, and everything wrong with it. */
interface ReadBody {
  /** Missing if the body cannot be served at all. A mixed body keeps its cursor here. */
  readonly query?: EventsQuery;
  readonly problems: readonly string[];
}

/** Reads the body of an event request: one of the two forms, fields at the top level, nulls as good as absent. */
function readBody(text: string, nowMs: number): ReadBody {
  if (text.trim() === '') return { problems: ['the body is empty'] };
  const body = parseJson(text);
  if (body === undefined) return { problems: ['the body is not JSON'] };
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return { problems: ['the body is not a JSON object'] };
  }

  const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
  const unknown = Object.keys(body).filter((field) => !knownFields.includes(field));
  const problems = unknown.map((field) => `the body has the unknown field "${field}"`);
  const isMixed = given['cursor'] !== undefined && Object.keys(given).some((field) => field !== 'cursor');
  if (isMixed && unknown.length === 0) problems.push('the body mixes a cursor with reset fields');

  return 'cursor' in given ? readCursor(given['cursor'], problems) : readReset(given, nowMs, problems);
}

/** The value of a JSON text, or undefined. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readCursor(cursor: unknown, problems: string[]): ReadBody {
  if (typeof cursor !== 'string' || cursor === '') {
    return { problems: [...problems, 'the cursor is not a non-empty string'] };
  }
  return { query: { kind: 'cursor', cursor }, problems };
}

function readReset(given: Record<string, unknown>, nowMs: number, problems: string[]): ReadBody {
  const { limit = DEFAULT_LIMIT, start_time: start, end_time: end } = given;
  const endMs = end === undefined ? Number.POSITIVE_INFINITY : parseRfc3339(end);
  const startMs = start === undefined ? Math.min(endMs ?? nowMs, nowMs) - HOUR_MS : parseRfc3339(start);

  const isLimit = typeof limit === 'number' && Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT;
  if (!isLimit) problems.push(`the limit is not a whole number from 1 to ${MAX_LIMIT}`);
  if (startMs === undefined) problems.push('start_time is not an RFC 3339 date-time');
  if (endMs === undefined) problems.push('end_time is not an RFC 3339 date-time');
  if (!isLimit || startMs === undefined || endMs === undefined) return { problems };

  return { query: { kind: 'reset', limit, startMs, endMs }, problems };
}
