import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { type ApiVersion, type Feature, features } from './options.ts';
import { parseJson } from './request-body.ts';

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
  | { readonly to: 'introspect'; readonly form: 'original' | 'v2' };

const routes = new Map<string, Route>([
  ['/api/auth/introspect', { to: 'introspect', form: 'original' }],
  ['/api/v2/auth/introspect', { to: 'introspect', form: 'v2' }],
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
