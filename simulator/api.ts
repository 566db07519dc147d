import { RequestBudget } from './budget.ts';
import { type Bookmark, CursorBook } from './cursors.ts';
import { EventLog } from './events.ts';
import type { Fault, FaultPlan } from './faults.ts';
import type { Feature, Settings } from './options.ts';
import { type EventsQuery, type Inspection, inspect, type RequestRecord, type Route } from './request.ts';
import { type Answer, type DeliveryFault, errorAnswer, jsonAnswer, type Page, pageAnswer, spoil } from './response.ts';
import type { Grant, TokenRegistry } from './tokens.ts';

type EventsRoute = Extract<Route, { to: 'events' }>;
type IntrospectRoute = Extract<Route, { to: 'introspect' }>;

/** What a request leads to. */
export interface Outcome {
  readonly answer: Answer;
  /** What happens to the answer on its way. */
  readonly fault?: DeliveryFault;
  /** What was wrong with the request, as sentences. */
  readonly violations: readonly string[];
}

/** A request with what is known of its sender. */
interface Call extends Inspection {
  readonly request: RequestRecord;
  readonly grant: Grant | undefined;
  readonly settings: Settings;
}

/** Turns a request into an answer: judgement, budget, right answer, fault, in this order. Knows nothing of sockets. */
export class Api {
  readonly logs: Readonly<Record<Feature, EventLog>> = {
    auditevents: new EventLog(),
    itemusages: new EventLog(),
    signinattempts: new EventLog(),
  };
  readonly #tokens: TokenRegistry;
  readonly #faults: FaultPlan;
  readonly #cursors = new CursorBook();
  readonly #budget = new RequestBudget();
  readonly #lastItems = new Map<string, readonly string[]>();

  constructor(tokens: TokenRegistry, faults: FaultPlan) {
    this.#tokens = tokens;
    this.#faults = faults;
  }

  /** Answers the request and completes its record. */
  answer(request: RequestRecord, text: string, settings: Settings): Outcome {
    const inspection = inspect(request, text, (cursor) => this.#cursors.find(cursor), settings);
    const violations = inspection.problems.map((problem) => `${request.method} ${request.path}: ${problem}.`);
    const grant = inspection.token === undefined ? undefined : this.#tokens.find(inspection.token, settings);
    const call: Call = { ...inspection, request, grant, settings };

    const { answer, fault } = this.#throttled(settings) ?? this.#withFault(call);
    const isSilent = fault?.kind === 'stall' || fault?.kind === 'cut_connection';
    request.status = isSilent ? 0 : answer.status;
    if (!isSilent && answer.items !== undefined) request.itemCount = answer.items.length;
    return { answer, violations, ...(fault && { fault }) };
  }

  #throttled(settings: Settings): { answer: Answer; fault?: DeliveryFault } | undefined {
    const waitMs = this.#budget.spend(settings.now(), settings.budget);
    if (waitMs === undefined) return undefined;
    const seconds = String(Math.ceil(waitMs / 1000));
    return { answer: errorAnswer(429, settings, settings.budget.retryAfter ? { 'Retry-After': seconds } : {}) };
  }

  #withFault(call: Call): { answer: Answer; fault?: DeliveryFault } {
    const right = this.#rightAnswer(call);
    const fault = this.#faults.next(call.request, (possible) => this.#canHappen(possible, call, right));

    if (fault === undefined) {
      this.#remember(call, right);
      return { answer: right };
    }

    switch (fault.kind) {
      case 'delay':
      case 'slow_body':
        this.#remember(call, right);
        return { answer: right, fault };
      case 'cut_connection':
      case 'cut_body':
      case 'stall':
        return { answer: right, fault };
      case 'refuse_cursor':
        return { answer: errorAnswer(400, call.settings) };
      case 'stuck_cursor':
        return { answer: this.#stuck(call, right, fault.items ?? false) };
      case 'redeliver':
        return { answer: this.#redelivery(call) ?? right };
      default:
        return { answer: spoil(right, fault, call.settings) };
    }
  }

  #rightAnswer({ route, allowsMethod, isRefused, body, grant, settings }: Call): Answer {
    if (route === undefined) return errorAnswer(404, settings);
    if (!allowsMethod) return errorAnswer(405, settings);
    if (grant === undefined) return errorAnswer(settings.badToken, settings);
    if (isRefused) return errorAnswer(400, settings);
    if (route.to === 'introspect') return introspect(route, grant, settings);
    return body?.query ? this.#events(route, body.query, grant, settings) : errorAnswer(400, settings);
  }

  #canHappen(fault: Fault, call: Call, right: Answer): boolean {
    const hasCursor = call.body?.query?.kind === 'cursor';
    const isPage = right.items !== undefined;
    if (fault.kind === 'refuse_cursor') return hasCursor;
    if (fault.kind === 'stuck_cursor') return hasCursor && isPage;
    if (fault.kind === 'alter') return isPage;
    if (fault.kind === 'redeliver') return isPage && this.#lastItems.has(endpointOf(call.request));
    return true;
  }

  #stuck({ body }: Call, right: Answer, withItems: boolean): Answer {
    const cursor = body?.query?.kind === 'cursor' ? body.query.cursor : '';
    const page = JSON.parse(right.body) as { items: unknown[] };
    const items = withItems ? page.items : [];
    return { ...jsonAnswer({ cursor, has_more: true, items }), items };
  }

  #redelivery({ route, body, grant, request }: Call): Answer | undefined {
    const items = this.#lastItems.get(endpointOf(request));
    if (items === undefined || route?.to !== 'events' || !body?.query || !grant) return undefined;
    return this.#redeliver(items, route, body.query, grant);
  }

  #remember({ request }: Call, { items }: Answer): void {
    if (items !== undefined) this.#lastItems.set(endpointOf(request), items as readonly string[]);
  }

  /** The page a query asks for. A cursor that is unknown, or not of this endpoint and account, is refused. */
  #events(route: EventsRoute, query: EventsQuery, grant: Grant, settings: Settings): Answer {
    const bookmark = this.#bookmark(route, query, grant);
    if (bookmark === undefined) return refused(settings);
    if (!grant.features.includes(route.feature)) return this.#notGranted(bookmark, query, settings);

    const page = pageAnswer(this.#page(bookmark, query, settings));
    const limits = settings.limitHeaders.map((name) => [name, '1'] as const);
    return { ...page, headers: { ...page.headers, ...Object.fromEntries(limits) } };
  }

  /** These items again, and a cursor that still leads to the page that is due. */
  #redeliver(items: readonly string[], route: EventsRoute, query: EventsQuery, grant: Grant): Answer | undefined {
    const bookmark = this.#bookmark(route, query, grant);
    return bookmark && pageAnswer({ cursor: this.#cursors.issue(bookmark), hasMore: true, items });
  }

  #bookmark(route: EventsRoute, query: EventsQuery, grant: Grant): Bookmark | undefined {
    const { feature, version } = route;
    const { accountUuid } = grant;
    if (query.kind === 'reset') {
      const { limit, startMs, endMs } = query;
      const arrivedBefore = this.logs[feature].length;
      return { feature, version, accountUuid, limit, next: 0, startMs, endMs, arrivedBefore };
    }
    const bookmark = this.#cursors.find(query.cursor);
    const isOurs =
      bookmark?.feature === feature && bookmark.version === version && bookmark.accountUuid === accountUuid;
    return isOurs ? bookmark : undefined;
  }

  #page(bookmark: Bookmark, query: EventsQuery, settings: Settings): Page {
    const { feature, version } = bookmark;
    const { smallestPage, largestPage, trailingEmptyPage } = settings;
    const limit = Math.min(Math.max(bookmark.limit, smallestPage), largestPage);
    const { items, hasMore, ...place } = this.logs[feature].take({ ...bookmark, feature, version, limit }, settings);
    const next = { ...bookmark, ...place };
    const cursor = items.length > 0 ? this.#cursors.issue(next) : this.#tailCursor(next, query, settings);
    return { cursor, hasMore: hasMore || (trailingEmptyPage && items.length > 0), items };
  }

  #tailCursor(bookmark: Bookmark, query: EventsQuery, { tail }: Settings): string | undefined {
    if (tail === 'none') return undefined;
    return tail === 'stays' && query.kind === 'cursor' ? query.cursor : this.#cursors.issue(bookmark);
  }

  #notGranted(bookmark: Bookmark, query: EventsQuery, settings: Settings): Answer {
    if (settings.missingFeature !== 'empty') return errorAnswer(settings.missingFeature, settings);
    return pageAnswer({ cursor: this.#tailCursor(bookmark, query, settings), hasMore: false, items: [] });
  }
}

function introspect(route: IntrospectRoute, grant: Grant, settings: Settings): Answer {
  const { integrationUuid: uuid, accountUuid, features } = grant;
  const issuedAt = new Date(grant.issuedAtMs).toISOString().replace('.000Z', 'Z');
  if (route.form === 'original') return jsonAnswer({ UUID: uuid, IssuedAt: issuedAt, Features: features });
  return jsonAnswer({
    uuid,
    issued_at: issuedAt,
    features,
    ...(settings.introspectsAccount && { account_uuid: accountUuid }),
  });
}

function endpointOf({ version, feature }: RequestRecord): string {
  return `${version}/${feature}`;
}

function refused(settings: Settings): Answer {
  if (settings.refusedCursor === 200) return pageAnswer({ cursor: undefined, hasMore: false, items: [] });
  return errorAnswer(settings.refusedCursor, settings);
}
