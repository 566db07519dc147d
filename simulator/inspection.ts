import type { Api } from './api.ts';
import type { Settings } from './options.ts';
import { type ReadBody, readBody } from './request-body.ts';
import { type RequestRecord, type Route, routeOf } from './requests.ts';

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
export function inspect(request: RequestRecord, text: string, api: Api, settings: Settings): Inspection {
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
    problems.push(...misplacedCursor(route, body, api));
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

function misplacedCursor(route: Route, body: ReadBody | undefined, api: Api): string[] {
  if (route.to !== 'events' || body?.query?.kind !== 'cursor') return [];
  const owner = api.ownerOf(body.query.cursor);
  const isAtHome = owner === undefined || (owner.feature === route.feature && owner.version === route.version);
  return isAtHome ? [] : [`the cursor belongs to ${owner.version}/${owner.feature}`];
}
