import { setImmediate } from 'node:timers/promises';
import { checkStatus, type Introspection, parseBody, parseIntrospection } from './answers.ts';
import { type Clock, toSeconds } from './clock.ts';
import { ApiError, isApiError } from './errors.ts';
import { type NextStep, type PageBody, PageWalk, parsePage } from './pages.ts';
import { RateLimiter, type RequestBudget, type WaitObserver } from './rate-limiter.ts';
import { type Patience, retryDelayMs } from './retry.ts';
import { type HttpAnswer, type HttpRequest, Transport } from './transport.ts';
import { Turns } from './turns.ts';

/** The most events that one answer may hold. */
const PAGE_SIZE = 1000;

/** The versions of the event endpoints; `v2` adds the fields for managed service providers. */
export type ApiVersion = 'v1' | 'v2';

/** Where to start reading: behind a cursor of an earlier run, or at a time, in epoch milliseconds. */
export type PageStart = { cursor: string } | { startTimeMs: number };

/** One answer of an event endpoint, and what it means. Its items are gone once the next page is asked for. */
export interface EventPage extends PageBody {
  /** Nothing follows for now. */
  isLast: boolean;
}

/** A page whose turn it is to be in memory. */
interface PageInHand {
  page: PageBody;
  /** To be called when the page has been dealt with; more than once does no harm. */
  letGo(): void;
}

/** What the requests of one stream have cost beyond their answers. */
export interface RequestCosts {
  retries: number;
  waitedMs: number;
}

/** Hears of waits for the budget, and of every failure that is going to be retried. */
interface ClientObserver extends WaitObserver {
  onRetry(error: ApiError, delayMs: number): void;
}

/** Whom the client asks, with which token, how often and for how long. */
export interface ClientOptions {
  /** Scheme, host and perhaps a path, without a slash at the end. */
  baseUrl: string;
  token: string;
  apiVersion: ApiVersion;
  userAgent: string;
  budget: RequestBudget;
  patience: Patience;
  clock: Clock;
  /** Aborted when everything must end at once. */
  signal: AbortSignal;
  observer: ClientObserver;
}

/**
 * 1Password's Events API: introspection and the pages of an event endpoint. All requests share one budget, so a run
 * needs one client. Failures are thrown as ApiErrors, after the retries that they deserve.
 */
export class EventsApiClient {
  readonly #options: ClientOptions;
  readonly #transport: Transport;
  readonly #limiter: RateLimiter;
  readonly #pageTurns = new Turns();
  readonly #end = new AbortController();
  readonly #signal: AbortSignal;
  readonly #lifetime: NodeJS.Timeout | undefined;
  #throttledSinceMs: number | undefined;

  constructor(options: ClientOptions) {
    const { budget, patience, clock, observer } = options;
    this.#options = options;
    this.#transport = new Transport({ ...options, timeoutMs: patience.answerMs });
    this.#limiter = new RateLimiter(budget, clock, observer);
    this.#signal = AbortSignal.any([options.signal, this.#end.signal]);
    if (Number.isFinite(patience.totalMs)) {
      this.#lifetime = setTimeout(() => this.#end.abort(new ApiError('timeout')), patience.totalMs);
    }
  }

  /** Asks what the token may read, on the current path and, where that one does not exist, on the original one. */
  async introspect(): Promise<Introspection> {
    try {
      return await this.#request({ method: 'GET', path: '/api/v2/auth/introspect' }, parseIntrospection);
    } catch (error) {
      if (!isApiError(error, 'not_found')) throw error;
      return await this.#request({ method: 'GET', path: '/api/auth/introspect' }, parseIntrospection);
    }
  }

  /** Asks for a single event since that time, to see whether the API lets this token read this feature. */
  async probe(feature: string, startTimeMs: number): Promise<void> {
    const { letGo } = await this.#page(feature, { limit: 1, start_time: toSeconds(startTimeMs) });
    letGo();
  }

  /**
   * The pages from `start` to the present, in the order of the API. The next page is asked for before this one is
   * handed out; until its turn it stays the bytes that came, so that of all streams one page at a time is in memory as
   * objects. Throws `cursor_refused` if the API does not accept the cursor of `start`, and `stuck_cursor` after the
   * last page of an API that never comes to an end.
   * https://developer.1password.com/docs/events-api/pagination/
   */
  async *pages(feature: string, start: PageStart, costs: RequestCosts): AsyncGenerator<EventPage> {
    const savedCursor = 'cursor' in start ? start.cursor : undefined;
    const walk = new PageWalk(savedCursor);
    let answer = this.#page(feature, toBody(start), costs).catch((error) => {
      throw savedCursor !== undefined && isApiError(error, 'bad_request')
        ? new ApiError('cursor_refused', error.detail)
        : error;
    });
    let inHand: PageInHand | undefined;
    try {
      for (let step: NextStep = 'continue'; step === 'continue'; ) {
        inHand = await answer;
        const { page } = inHand;
        step = walk.step(page);
        if (step === 'continue' && page.cursor !== undefined) {
          answer = this.#page(feature, { cursor: page.cursor }, costs);
          // A failure is thrown when its turn comes, at the `await` above; until then it is not unhandled.
          answer.catch(() => {});
          // The request reaches the socket some microtasks after this call. Without a pass of the event loop it would
          // wait there until the page in hand is written, and fetching ahead would be void.
          await setImmediate();
        }
        yield { ...page, isLast: step === 'end' };
        inHand.letGo();
        if (step === 'stuck') throw new ApiError('stuck_cursor', { path: this.#path(feature) });
      }
    } finally {
      // Whoever stops in the middle has a page in hand and another one under way, and nobody else may have a turn.
      inHand?.letGo();
      answer.then(
        ({ letGo }) => letGo(),
        () => {},
      );
    }
  }

  /** Ends whatever is under way and closes the connections. */
  close(): void {
    clearTimeout(this.#lifetime);
    this.#end.abort();
    this.#transport.close();
  }

  #path(feature: string): string {
    return `/api/${this.#options.apiVersion}/${feature}`;
  }

  /** The page becomes objects when all pages that came before it have been let go. */
  #page(feature: string, body: object, costs?: RequestCosts): Promise<PageInHand> {
    const read = async (answer: HttpAnswer, path: string): Promise<PageInHand> => {
      const endTurn = await this.#pageTurns.take();
      try {
        this.#signal.throwIfAborted();
        const page = parsePage(parseBody(answer, path), path);
        const letGo = () => {
          // Generators that wait for the next page still name this one: emptied, it costs nothing meanwhile.
          page.items.length = 0;
          endTurn();
        };
        return { page, letGo };
      } catch (error) {
        endTurn();
        throw error;
      }
    };
    return this.#request({ method: 'POST', path: this.#path(feature), body }, read, costs);
  }

  /** Resolves to what `read` makes of a good answer; throws the last failure when patience ends. */
  async #request<T>(
    request: HttpRequest,
    read: (answer: HttpAnswer, path: string) => T | Promise<T>,
    costs: RequestCosts = { retries: 0, waitedMs: 0 },
  ): Promise<T> {
    const { clock, patience, observer } = this.#options;
    let failingSinceMs: number | undefined;
    let unreadable = 0;
    for (let retries = 0; ; retries += 1) {
      try {
        const answer = await this.#attempt(request, costs);
        // At once: reading may have to wait for the pages of other streams, and that is no throttling.
        this.#throttledSinceMs = undefined;
        return await read(answer, request.path);
      } catch (error) {
        if (this.#signal.aborted) throw this.#signal.reason;
        if (!isApiError(error)) throw error;
        const nowMs = clock.now();
        failingSinceMs ??= nowMs;
        if (error.kind === 'rate_limited') this.#throttledSinceMs ??= nowMs;
        const history = {
          retries,
          unreadable,
          failingForMs: nowMs - failingSinceMs,
          throttledForMs: nowMs - (this.#throttledSinceMs ?? nowMs),
        };
        const delayMs = retryDelayMs(error, history, patience, clock.random());
        if (delayMs === undefined) throw error;
        if (error.kind === 'not_json') unreadable += 1;
        observer.onRetry(error, delayMs);
        costs.retries += 1;
        await this.#backOff(error, delayMs, costs);
      }
    }
  }

  /**
   * A 429 concerns the account, and a 503 that says when to come back the whole API: both pause all streams. Any other
   * failure concerns this request alone.
   */
  async #backOff(error: ApiError, delayMs: number, costs: RequestCosts): Promise<void> {
    const { clock } = this.#options;
    if (error.kind === 'rate_limited' || error.detail.retryAfterMs !== undefined) {
      this.#limiter.pauseUntil(clock.now() + delayMs);
      return;
    }
    await clock.sleep(delayMs, this.#signal);
    costs.waitedMs += delayMs;
  }

  async #attempt(request: HttpRequest, costs: RequestCosts): Promise<HttpAnswer> {
    const { clock } = this.#options;
    const askedAtMs = clock.now();
    const answer = await this.#limiter.schedule(this.#signal, () => {
      costs.waitedMs += clock.now() - askedAtMs;
      return this.#transport.send(request, this.#signal);
    });
    checkStatus(answer, request.path, clock.now());
    return answer;
  }
}

function toBody(start: PageStart): object {
  if ('cursor' in start) return start;
  return { limit: PAGE_SIZE, start_time: toSeconds(start.startTimeMs) };
}
