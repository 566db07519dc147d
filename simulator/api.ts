import { type Answer, errorAnswer, jsonAnswer, type Page, pageAnswer } from './answers.ts';
import { type Bookmark, CursorBook } from './cursors.ts';
import { EventLog } from './event-log.ts';
import type { ApiVersion, Feature, Settings } from './options.ts';
import type { EventsQuery } from './request-body.ts';
import type { Route } from './requests.ts';
import type { Grant } from './tokens.ts';

const DAY_MS = 86_400_000;

type EventsRoute = Extract<Route, { to: 'events' }>;
type IntrospectRoute = Extract<Route, { to: 'introspect' }>;

/** Answers well-formed requests from the logs, the cursors and the grants. Knows nothing of HTTP or faults. */
export class Api {
  readonly logs: Readonly<Record<Feature, EventLog>> = {
    auditevents: new EventLog(),
    itemusages: new EventLog(),
    signinattempts: new EventLog(),
  };
  readonly #cursors = new CursorBook();

  introspect(route: IntrospectRoute, grant: Grant, settings: Settings): Answer {
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

  /** The page a query asks for. A cursor that is unknown, or not of this endpoint and account, is 400. */
  events(route: EventsRoute, query: EventsQuery, grant: Grant, settings: Settings): Answer {
    const bookmark = this.#bookmark(route, query, grant);
    if (bookmark === undefined) return errorAnswer(400, settings);
    if (!grant.features.includes(route.feature)) return this.#notGranted(bookmark, query, settings);

    return pageAnswer(this.#page(bookmark, query, settings));
  }

  /** These items again, and a cursor that still leads to the page that is due. */
  redeliver(items: readonly string[], route: EventsRoute, query: EventsQuery, grant: Grant): Answer | undefined {
    const bookmark = this.#bookmark(route, query, grant);
    return bookmark && pageAnswer({ cursor: this.#cursors.issue(bookmark), hasMore: true, items });
  }

  /** Whose cursor this is; undefined if the simulator did not issue it. */
  ownerOf(cursor: string): { readonly feature: Feature; readonly version: ApiVersion } | undefined {
    return this.#cursors.find(cursor);
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
    const { feature, version, limit, next: from } = bookmark;
    const span = { ...bookmark, from, retainedFromMs: retainedFromMs(settings) };
    const { items, next, hasMore } = this.logs[feature].take(version, span, limit);
    const staysPut = items.length === 0 && settings.tail === 'stays' && query.kind === 'cursor';
    const cursor = staysPut ? query.cursor : this.#cursors.issue({ ...bookmark, next });
    return { cursor, hasMore: hasMore || (settings.trailingEmptyPage && items.length > 0), items };
  }

  #notGranted(bookmark: Bookmark, query: EventsQuery, settings: Settings): Answer {
    if (settings.missingFeature !== 'empty') return errorAnswer(settings.missingFeature, settings);
    const staysPut = settings.tail === 'stays' && query.kind === 'cursor';
    const cursor = staysPut ? query.cursor : this.#cursors.issue(bookmark);
    return pageAnswer({ cursor, hasMore: false, items: [] });
  }
}

/** Events dated before this are no longer served. */
export function retainedFromMs({ now, retentionDays }: Settings): number {
  return now() - retentionDays * DAY_MS;
}
