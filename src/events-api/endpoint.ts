import type { HttpRequest } from './transport.ts';

/** An event as the API served it. */
export type ApiItem = Record<string, unknown>;

/** The body of a response, with what was no cursor and no boolean left out. */
export interface PageBody {
  items: ApiItem[];
  /** What the next request carries; opaque to everybody but the endpoint. */
  cursor?: string;
  hasMore?: boolean;
}

/** How the events of one stream are asked for, and how a page of them is read. */
export interface Endpoint {
  /** The request for the events since a time in RFC 3339, with at most `limit` of them on a page. */
  firstRequest(startTime: string, limit: number): HttpRequest;
  /** The request for what follows a page, now or in a later run. */
  nextRequest(cursor: string): HttpRequest;
  /** Throws `wrong_shape` if the body is no page. */
  parsePage(body: unknown): PageBody;
}
