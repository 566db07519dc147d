import type { EventsApiClient } from '../src/events-api/client.ts';
import type { ApiVersion } from '../src/events-api/cursor-endpoint.ts';
import { ApiError, type ApiErrorKind, isApiError } from '../src/events-api/errors.ts';
import { INTROSPECTION_PATHS } from '../src/events-api/introspection.ts';
import { PAGE_SIZE } from '../src/events-api/limits.ts';
import { checkStatus } from '../src/events-api/responses.ts';
import type { HttpRequest, HttpResponse } from '../src/events-api/transport.ts';
import { type StreamDefinition, streams } from '../src/streams.ts';
import { type Answer, answerOf, type Page, pageOf, text } from './answers.ts';
import type { Bookmarks } from './bookmarks.ts';
import { datedEvents, EventTally } from './event-tally.ts';
import { count } from './forms.ts';

/** No more requests than this, retries included. */
export const MOST_REQUESTS = 100;
/** What everything but the pages of the streams needs at most. */
const OTHER_REQUESTS = 40;
const PAGES_BEHIND_A_BOOKMARK = 4;
const TAIL_PAUSE_MS = 3_000;
const HOUR_MS = 3_600_000;
/** Before anything that the API still has, as 1Password's own clients ask. */
const FROM_THE_START = '2020-01-01T00:00:00Z';
/** Of a question that asks for an error, the error is the answer. */
const PROVOKED: readonly ApiErrorKind[] = ['rate_limited'];
const LIMIT_HEADER = /rate-?limit|retry-after/;

/** The end of a stream, asked for twice with the cursor of its last page. */
interface Tail {
  cursors: ('the same' | 'a new one' | 'none')[];
  saysMore: boolean;
  items: number;
}

/** What came behind the cursor of an earlier day. */
interface Behind {
  feature: string;
  answer: Answer;
  events: number;
  /** Dated before the newest event of that day. */
  late: number;
  /** Late events that another reading of the last days brings, and the cursor did not; undefined where it was not asked. */
  missed: number | undefined;
  hours: number;
}

/** What introspection said. */
interface IntrospectionAnswer extends Answer {
  features: readonly string[] | undefined;
  namesAccount: boolean;
}

/** All that was seen: numbers and names. Only the bookmarks hold anything that 1Password sent, and they are never printed. */
export interface Observations {
  requests: number;
  introspection: { current?: IntrospectionAnswer; original?: IntrospectionAnswer };
  badToken?: Answer;
  refusedCursor?: Page;
  missing: { feature: string; page: Page }[];
  /** Items on a page that was asked for with a limit of 1. */
  smallestPage?: number;
  /** The most items on a page of 1,000 that was not the last. */
  largestPage?: number;
  tails: Tail[];
  /** Ends with a page of items that says there is more, and then an empty page; and all ends that were seen. */
  trailingEmptyPages: number;
  ends: number;
  startTime?: { hasTheEvent: boolean; older: number };
  limitHeaders: Map<string, number>;
  limitHeadersOf429: Map<string, number> | undefined;
  /** The server's clock minus ours, in milliseconds; `Date` has whole seconds. */
  clockMs?: number;
  tallies: EventTally[];
  behind: Behind[];
  bookmarks: Bookmarks;
  /** Epoch milliseconds by our clock. */
  readAtMs: number;
}

/** Whom to ask, and how. */
export interface InquiryOptions {
  client: EventsApiClient;
  /** The same with a token that 1Password never issued. */
  stranger: EventsApiClient;
  apiVersion: ApiVersion;
  /** Pages of each stream after the first. */
  pages: number;
  /** Where an earlier inquiry stopped. */
  earlier: Bookmarks | undefined;
  /** Epoch milliseconds. */
  now(): number;
  sleep(ms: number): Promise<void>;
  /** Hears what is going to be asked. */
  onQuestion(question: string): void;
}

/** Asks the API everything that the assumptions need, in at most `MOST_REQUESTS` requests. */
export class Inquiry {
  readonly #options: InquiryOptions;
  readonly #seen: Observations = {
    requests: 0,
    introspection: {},
    missing: [],
    tails: [],
    trailingEmptyPages: 0,
    ends: 0,
    limitHeaders: new Map(),
    limitHeadersOf429: undefined,
    tallies: [],
    behind: [],
    bookmarks: {},
    readAtMs: 0,
  };
  /** Where each stream ended, and an event in the middle of one. Secret. */
  readonly #ends = new Map<string, string>();
  #isUsedUp = false;
  #hasAnswer = false;
  #refusal: HttpResponse | undefined;
  readonly #middles = new Map<string, { uuid: unknown; timestamp: string }>();

  constructor(options: InquiryOptions) {
    this.#options = options;
  }

  /** Whether no request is left, not even for a retry. */
  get isUsedUp(): boolean {
    return this.#isUsedUp;
  }

  /** To be told of every retry, because it costs a request too. */
  countRetry(): void {
    this.#seen.requests += 1;
    if (this.#seen.requests >= MOST_REQUESTS) this.#isUsedUp = true;
  }

  /** Throws an ApiError if the token or the API lets nothing be asked. */
  async run(): Promise<Observations> {
    const features = await this.#introspect();
    const mayRead = ({ feature }: StreamDefinition) => features === undefined || features.includes(feature);
    const granted = streams.filter(mayRead);
    for (const stream of granted) await this.#read(stream, this.#pagesFor(granted.length));
    const { current, original } = this.#seen.introspection;
    const couldAsk = this.#seen.tallies.length > 0 || current?.status === 200 || original?.status === 200;
    if (!couldAsk && this.#refusal) checkStatus(this.#refusal, this.#path(''), this.#options.now());
    for (const { feature } of streams.filter((stream) => !mayRead(stream))) {
      const page = await this.#ask(
        `${feature}, which the token lacks`,
        this.#reset(feature, FROM_THE_START, 1),
        PROVOKED,
      );
      if (page) this.#seen.missing.push({ feature, page });
    }
    for (const { feature } of granted) await this.#askTail(feature);
    for (const { feature } of granted) await this.#askBehind(feature);
    const [first] = this.#seen.tallies;
    if (first !== undefined) {
      const page = await this.#ask('a page of one event', this.#reset(first.feature, FROM_THE_START, 1));
      if (page?.answer.status === 200) this.#seen.smallestPage = page.items.length;
      await this.#askStartTime();
      await this.#askSpoiltCursor(first.feature);
    }
    const bad = await this.#send('a token that 1Password never issued', introspectionOf('current'), PROVOKED, true);
    if (bad) this.#seen.badToken = answerOf(bad);
    this.#seen.readAtMs = this.#options.now();
    return this.#seen;
  }

  #pagesFor(granted: number): number {
    const behind = this.#options.earlier === undefined ? 0 : granted * (PAGES_BEHIND_A_BOOKMARK * 2);
    const most = Math.floor((MOST_REQUESTS - OTHER_REQUESTS - behind) / Math.max(1, granted));
    return Math.max(1, Math.min(this.#options.pages + 1, most));
  }

  async #introspect(): Promise<readonly string[] | undefined> {
    for (const form of ['current', 'original'] as const) {
      const response = await this.#send(`introspection, ${form} path`, introspectionOf(form));
      if (response === undefined) continue;
      const body = answerOf(response);
      const { features, Features, account_uuid: account } = text(response).object ?? {};
      const named: unknown = features ?? Features;
      this.#seen.introspection[form] = {
        ...body,
        features: Array.isArray(named) ? named.filter((name) => typeof name === 'string') : undefined,
        namesAccount: typeof account === 'string' && account !== '',
      };
    }
    const { current, original } = this.#seen.introspection;
    return current?.features ?? original?.features;
  }

  async #read(stream: StreamDefinition, pages: number): Promise<void> {
    const { feature, jsonSchema } = stream;
    const tally = new EventTally(feature, jsonSchema);
    let request = this.#reset(feature, FROM_THE_START, PAGE_SIZE);
    let previous: Page | undefined;
    for (let number = 1; number <= pages; number += 1) {
      const page = await this.#ask(`${feature}, page ${number}`, request);
      if (page === undefined) break;
      if (page.answer.status !== 200 || !page.isPage) {
        if (number === 1) this.#seen.missing.push({ feature, page });
        break;
      }
      tally.addPage(page.items);
      if (page.hasMore === true && page.items.length > 0) {
        this.#seen.largestPage = Math.max(this.#seen.largestPage ?? 0, page.items.length);
      }
      this.#keepMiddle(feature, page);
      if (page.cursor !== undefined) this.#ends.set(feature, page.cursor);
      if (page.hasMore !== true) {
        this.#seen.ends += 1;
        if (page.items.length === 0 && previous !== undefined && previous.items.length > 0) {
          this.#seen.trailingEmptyPages += 1;
        }
        tally.isWhole = true;
        break;
      }
      if (page.cursor === undefined || page.cursor === previous?.cursor) break;
      previous = page;
      request = this.#next(feature, page.cursor);
    }
    if (tally.pages === 0) return;
    this.#seen.tallies.push(tally);
    const cursor = this.#ends.get(feature);
    if (cursor !== undefined)
      this.#seen.bookmarks[feature] = { cursor, readAtMs: this.#options.now(), ...tally.recent() };
  }

  /** The cursor of the last page, sent twice; where that page was not reached, that of a reading of the last hour. */
  async #askTail(feature: string): Promise<void> {
    const tally = this.#seen.tallies.find((candidate) => candidate.feature === feature);
    if (tally === undefined) return;
    let cursor = this.#ends.get(feature);
    if (!tally.isWhole) {
      const anHourAgo = new Date(this.#options.now() - HOUR_MS).toISOString();
      const recent = await this.#ask(`the last hour of ${feature}`, this.#reset(feature, anHourAgo, PAGE_SIZE));
      cursor = recent?.hasMore === false ? recent.cursor : undefined;
    }
    if (cursor === undefined) return;
    const tail: Tail = { cursors: [], saysMore: false, items: 0 };
    for (let time = 1; time <= 2; time += 1) {
      if (time === 2) await this.#options.sleep(TAIL_PAUSE_MS);
      const page = await this.#ask(`the end of ${feature}, ${time} of 2`, this.#next(feature, cursor));
      if (page?.answer.status !== 200) return;
      // Events that have come meanwhile move every cursor, so they say nothing of the tail.
      if (page.items.length === 0) {
        tail.cursors.push(page.cursor === undefined ? 'none' : page.cursor === cursor ? 'the same' : 'a new one');
        tail.saysMore ||= page.hasMore === true;
      }
      tail.items += page.items.length;
      cursor = page.cursor ?? cursor;
    }
    this.#seen.tails.push(tail);
  }

  async #askBehind(feature: string): Promise<void> {
    const bookmark = this.#options.earlier?.[feature];
    if (bookmark === undefined) return;
    const { newestMs, window, readAtMs } = bookmark;
    let request = this.#next(feature, bookmark.cursor);
    let answer: Answer | undefined;
    let events = 0;
    const late = new Set<unknown>();
    for (let number = 1; number <= PAGES_BEHIND_A_BOOKMARK; number += 1) {
      const page = await this.#ask(`${feature} behind the earlier cursor, page ${number}`, request);
      if (page === undefined) break;
      answer ??= page.answer;
      if (page.answer.status !== 200) break;
      events += page.items.length;
      for (const { uuid, atMs } of datedEvents(page.items))
        if (newestMs !== undefined && atMs < newestMs) late.add(uuid);
      if (page.hasMore !== true || page.cursor === undefined) break;
      request = this.#next(feature, page.cursor);
    }
    if (answer === undefined) return;
    const missed = window && (await this.#countIn(feature, window.fromMs, newestMs ?? 0, late));
    this.#seen.behind.push({
      feature,
      answer,
      events,
      late: late.size,
      missed: missed === undefined || window === undefined ? undefined : Math.max(0, missed - window.events),
      hours: (this.#options.now() - readAtMs) / HOUR_MS,
    });
  }

  /** Events dated in a span, by another reading of it, without those that are known to have come later. */
  async #countIn(
    feature: string,
    fromMs: number,
    toMs: number,
    known: ReadonlySet<unknown>,
  ): Promise<number | undefined> {
    const found = new Set<unknown>();
    let request = this.#reset(feature, new Date(fromMs).toISOString(), PAGE_SIZE);
    for (let number = 1; number <= PAGES_BEHIND_A_BOOKMARK; number += 1) {
      const page = await this.#ask(`the days before that cursor in ${feature}, page ${number}`, request);
      if (page?.answer.status !== 200) return undefined;
      for (const { uuid, atMs } of datedEvents(page.items)) {
        if (atMs >= fromMs && atMs <= toMs && !known.has(uuid)) found.add(uuid);
      }
      if (page.hasMore !== true || page.cursor === undefined) return found.size;
      request = this.#next(feature, page.cursor);
    }
    return undefined;
  }

  async #askStartTime(): Promise<void> {
    // Where most events come late, the time of the event and that of its arrival differ most.
    const [tally] = this.#seen.tallies
      .filter(({ feature }) => this.#middles.has(feature))
      .sort((one, other) => other.late / other.events - one.late / one.events);
    const middle = tally && this.#middles.get(tally.feature);
    if (tally === undefined || middle === undefined) return;
    const { feature } = tally;
    const { uuid, timestamp } = middle;
    const page = await this.#ask('a start time in the middle', this.#reset(feature, timestamp, PAGE_SIZE));
    if (page?.answer.status !== 200) return;
    const dated = datedEvents(page.items);
    const [start] = datedEvents([{ uuid, timestamp }]);
    this.#seen.startTime = {
      hasTheEvent: dated.some((event) => event.uuid === uuid),
      older: dated.filter(({ atMs }) => start !== undefined && atMs < start.atMs).length,
    };
  }

  /** A cursor of this account with another letter in its middle. */
  async #askSpoiltCursor(feature: string): Promise<void> {
    const cursor = this.#ends.get(feature);
    if (cursor === undefined) return;
    const middle = Math.floor(cursor.length / 2);
    const spoilt = cursor.slice(0, middle) + (cursor[middle] === 'A' ? 'B' : 'A') + cursor.slice(middle + 1);
    const page = await this.#ask('a cursor that was spoilt', this.#next(feature, spoilt), PROVOKED);
    if (page) this.#seen.refusedCursor = page;
  }

  /** The newest event of the first half of a stream's first page. */
  #keepMiddle(feature: string, { items }: Page): void {
    if (this.#middles.has(feature) || items.length < 2) return;
    const dated = datedEvents(items.slice(0, Math.ceil(items.length / 2)));
    const newest = dated.sort((one, other) => other.atMs - one.atMs)[0];
    if (newest) this.#middles.set(feature, { uuid: newest.uuid, timestamp: newest.timestamp });
  }

  #reset(feature: string, startTime: string, limit: number): HttpRequest {
    return { method: 'POST', path: this.#path(feature), body: { limit, start_time: startTime } };
  }

  #next(feature: string, cursor: string): HttpRequest {
    return { method: 'POST', path: this.#path(feature), body: { cursor } };
  }

  #path(feature: string): string {
    return `/api/${this.#options.apiVersion}/${feature}`;
  }

  async #ask(question: string, request: HttpRequest, retried?: readonly ApiErrorKind[]): Promise<Page | undefined> {
    const response = await this.#send(question, request, retried);
    return response && pageOf(response);
  }

  /** Undefined if no request is left, or if the question failed and another has been answered before. */
  async #send(
    question: string,
    request: HttpRequest,
    retried?: readonly ApiErrorKind[],
    asStranger = false,
  ): Promise<HttpResponse | undefined> {
    if (this.#seen.requests >= MOST_REQUESTS) return undefined;
    this.#seen.requests += 1;
    this.#options.onQuestion(question);
    const { client, stranger, now } = this.#options;
    const sentAtMs = now();
    try {
      const response = await (asStranger ? stranger : client).exchange(
        request,
        (each) => this.#lookAtHeaders(each),
        retried,
      );
      this.#lookAtClock(response, sentAtMs);
      if (response.status !== 200) this.#refusal ??= response;
      else if (answerOf(response).body === 'web page') throw new ApiError('html', { path: request.path, status: 200 });
      else this.#hasAnswer = true;
      return response;
    } catch (error) {
      const isLeftOut = this.#isUsedUp || (this.#hasAnswer && isApiError(error));
      if (!isLeftOut) throw error;
      this.#options.onQuestion(`  which got no answer`);
      return undefined;
    }
  }

  #lookAtHeaders({ status, headers }: HttpResponse): void {
    if (status === 429) this.#seen.limitHeadersOf429 ??= new Map();
    const names = status === 429 ? this.#seen.limitHeadersOf429 : status === 200 ? this.#seen.limitHeaders : undefined;
    for (const name of Object.keys(headers)) if (names && LIMIT_HEADER.test(name)) count(names, name);
  }

  #lookAtClock({ headers }: HttpResponse, sentAtMs: number): void {
    const dateMs = Date.parse(String(headers['date']));
    if (Number.isNaN(dateMs)) return;
    // The header was written between sending and now, and cut to the second.
    const clockMs = dateMs + 500 - (sentAtMs + this.#options.now()) / 2;
    if (this.#seen.clockMs === undefined || Math.abs(clockMs) < Math.abs(this.#seen.clockMs))
      this.#seen.clockMs = clockMs;
  }
}

function introspectionOf(form: 'current' | 'original'): HttpRequest {
  return { method: 'GET', path: INTROSPECTION_PATHS[form === 'current' ? 0 : 1] };
}
