import { setImmediate } from 'node:timers/promises';
import type { Clock } from './clock.ts';
import { firstRequest, nextRequest, type PageBody, parsePage } from './cursor-endpoint.ts';
import { ApiError, type ApiErrorKind, isApiError } from './errors.ts';
import { INTROSPECTION_PATHS, type Introspection, parseIntrospection } from './introspection.ts';
import { PAGE_SIZE } from './limits.ts';
import { type NextStep, Paginator } from './pages.ts';
import { ANNOUNCED_FROM_MS, RateLimiter, type RequestBudget, type WaitObserver } from './rate-limiter.ts';
import { checkStatus } from './responses.ts';
import {
  PAGE_LIMITS,
  type RetryHistory,
  type RetryLimits,
  type RetryPolicy,
  retryDelayMs,
  SAVED_CURSOR_LIMITS,
} from './retry.ts';
import { type HttpRequest, type HttpResponse, Transport } from './transport.ts';

/** Where to start reading: after a cursor of an earlier run, or at a time, in epoch milliseconds. */
export type PageStart = { cursor: string } | { startTimeMs: number };

/** One page of events, and what it means. */
export interface EventPage extends PageBody {
  /** Nothing follows for now. */
  isLast: boolean;
}

/** What the requests of one stream have cost beyond their responses. */
export interface RequestCosts {
  /** The stream's name for the observer; absent for requests that all streams wait for. */
  stream?: string;
  retries: number;
  waitedMs: number;
}

/** What a status says that may pass. */
const PASSING: readonly ApiErrorKind[] = ['rate_limited', 'server_error', 'timeout'];

/** Throws an ApiError for a status that is a failure. */
type StatusCheck = typeof checkStatus;

/** Hears of waits, and of every failure that is going to be retried. */
interface ClientObserver extends WaitObserver {
  onRetry(error: ApiError, delayMs: number): void;
}

/** Whom the client asks, with which token, how often and for how long. */
export interface ClientOptions {
  /** Scheme, host and perhaps a path, without a slash at the end. */
  baseUrl: string;
  token: string;
  userAgent: string;
  budget: RequestBudget;
  retryPolicy: RetryPolicy;
  clock: Clock;
  /** Aborted when everything must end at once. */
  signal: AbortSignal;
  observer: ClientObserver;
}

/**
 * 1Password's Events API: introspection, and the pages of every event type. All requests share one budget, so a run needs
 * one client. Failures are thrown as ApiErrors, after the retries that they deserve.
 */
export class EventsApiClient {
  readonly #options: ClientOptions;
  readonly #transport: Transport;
  readonly #limiter: RateLimiter;
  readonly #closing = new AbortController();
  readonly #signal: AbortSignal;
  readonly #timer: NodeJS.Timeout | undefined;
  #rateLimitedSinceMs: number | undefined;

  constructor(options: ClientOptions) {
    const { budget, retryPolicy, clock, observer, signal } = options;
    const { responseTimeoutMs, totalTimeoutMs } = retryPolicy;
    this.#options = options;
    this.#transport = new Transport({ ...options, timeoutMs: responseTimeoutMs });
    this.#limiter = new RateLimiter(budget, clock, observer);
    this.#signal = AbortSignal.any([signal, this.#closing.signal]);
    if (Number.isFinite(totalTimeoutMs)) {
      this.#timer = setTimeout(() => this.#closing.abort(new ApiError('timeout')), totalTimeoutMs);
    }
  }

  /** Asks what the token may read, on the current path and, where that one does not exist, on the original one. */
  async introspect(): Promise<Introspection> {
    const [current, original] = INTROSPECTION_PATHS;
    try {
      return await this.#request({ method: 'GET', path: current }, parseIntrospection);
    } catch (error) {
      if (!isApiError(error, 'not_found')) throw error;
      return await this.#request({ method: 'GET', path: original }, parseIntrospection);
    }
  }

  /** Asks for a single event since that time, to see whether the API lets this token read it. */
  async probe(path: string, startTimeMs: number): Promise<void> {
    await this.#request(firstRequest(path, startTimeMs, 1), parsePage);
  }

  /**
   * The pages from `start` to the present, in the order of the API. The next page is asked for before this one is
   * handed out. Throws `cursor_refused` if the API does not accept the cursor of `start`, and `stuck_cursor` after the
   * last page of an API that never comes to an end.
   */
  async *pages(path: string, start: PageStart, costs: RequestCosts): AsyncGenerator<EventPage> {
    const savedCursor = 'cursor' in start ? start.cursor : undefined;
    const paginator = new Paginator(savedCursor);
    const request =
      'cursor' in start ? nextRequest(path, start.cursor) : firstRequest(path, start.startTimeMs, PAGE_SIZE);
    const limits = savedCursor === undefined ? PAGE_LIMITS : SAVED_CURSOR_LIMITS;
    let nextPage = this.#request(request, parsePage, costs, limits).catch((error) => {
      const isRefused = savedCursor !== undefined && isApiError(error, 'bad_request');
      throw isRefused ? new ApiError('cursor_refused', error.detail) : error;
    });
    for (let step: NextStep = 'continue'; step === 'continue'; ) {
      const page = await nextPage;
      step = paginator.step(page);
      if (step === 'continue' && page.cursor !== undefined) {
        nextPage = this.#request(nextRequest(path, page.cursor), parsePage, costs, PAGE_LIMITS);
        // A failure is thrown at the `await` above; until then it must not count as unhandled.
        nextPage.catch(() => {});
        // The request reaches the socket some microtasks after this call. Without a pass of the event loop it would
        // wait there until this page is written, and fetching ahead would be void.
        await setImmediate();
      }
      yield { ...page, isLast: step === 'end' };
      if (step === 'stuck') throw new ApiError('stuck_cursor', { path });
    }
  }

  /**
   * Sends one request as it is, and resolves to its response whatever the status, except that `retried` kinds of failure are
   * retried as ever. `onResponse` hears of every response on the way, those that are retried too.
   */
  async exchange(
    request: HttpRequest,
    onResponse: (response: HttpResponse) => void,
    retried: readonly ApiErrorKind[] = PASSING,
  ): Promise<HttpResponse> {
    const check: StatusCheck = (response, path, nowMs) => {
      onResponse(response);
      try {
        checkStatus(response, path, nowMs);
      } catch (error) {
        if (isApiError(error, ...retried)) throw error;
      }
    };
    return await this.#request(request, (response) => response, undefined, {}, check);
  }

  /** Ends whatever is under way and closes the connections. */
  close(): void {
    clearTimeout(this.#timer);
    this.#closing.abort();
    this.#transport.close();
  }

  /** Resolves to what `parse` makes of a good response; throws the last failure when the retries are used up. */
  async #request<T>(
    request: HttpRequest,
    parse: (response: HttpResponse, path: string) => T,
    costs: RequestCosts = { retries: 0, waitedMs: 0 },
    limits: RetryLimits = {},
    check: StatusCheck = checkStatus,
  ): Promise<T> {
    const { clock, observer } = this.#options;
    const policy = { ...this.#options.retryPolicy, limits: { ...this.#options.retryPolicy.limits, ...limits } };
    const history: RetryHistory = { retries: 0, inARow: 0, backoffSpentMs: 0, retryAfterSpentMs: 0 };
    let isRepeated = false;
    for (;;) {
      const queuedAtMs = clock.now();
      let sentAtMs = queuedAtMs;
      try {
        const response = await this.#limiter.schedule(this.#signal, () => {
          sentAtMs = clock.now();
          costs.waitedMs += sentAtMs - queuedAtMs;
          return this.#transport.send(request, this.#signal);
        });
        check(response, request.path, clock.now());
        this.#rateLimitedSinceMs = undefined;
        return parse(response, request.path);
      } catch (error) {
        if (this.#signal.aborted) throw this.#signal.reason;
        if (!isApiError(error)) throw error;
        // A kept-alive connection that turns out closed says nothing about the request.
        if (error.kind === 'connection_lost' && error.detail.wasReused && !isRepeated) {
          isRepeated = true;
          continue;
        }
        if (history.retries > 0) history.backoffSpentMs += clock.now() - sentAtMs;
        const retryAfterSpentMs = error.kind === 'rate_limited' ? this.#rateLimitedForMs() : history.retryAfterSpentMs;
        const delayMs = retryDelayMs(error, { ...history, retryAfterSpentMs }, policy, clock.random());
        if (delayMs === undefined) throw error;
        observer.onRetry(error, delayMs);
        await this.#backOff(error, delayMs, history, costs);
      }
    }
  }

  /** Since the first 429 after the client's last success: the quota belongs to the account, not to a request. */
  #rateLimitedForMs(): number {
    const nowMs = this.#options.clock.now();
    this.#rateLimitedSinceMs ??= nowMs;
    return nowMs - this.#rateLimitedSinceMs;
  }

  /** A 429 concerns the account, so it pauses all streams; any other failure concerns this request alone. */
  async #backOff(error: ApiError, delayMs: number, history: RetryHistory, costs: RequestCosts): Promise<void> {
    const { clock, observer } = this.#options;
    const { kind, detail } = error;
    costs.retries += 1;
    history.retries += 1;
    history.inARow = history.lastKind === kind ? history.inARow + 1 : 1;
    history.lastKind = kind;
    if (kind === 'rate_limited') {
      this.#limiter.pauseUntil(clock.now() + delayMs);
      return;
    }
    costs.waitedMs += delayMs;
    if (detail.retryAfterMs === undefined) {
      history.backoffSpentMs += delayMs;
      await clock.sleep(delayMs, this.#signal);
      return;
    }
    history.retryAfterSpentMs += delayMs;
    const isAnnounced = delayMs >= ANNOUNCED_FROM_MS;
    if (isAnnounced) observer.onWait(clock.now() + delayMs, costs.stream);
    await clock.sleep(delayMs, this.#signal);
    if (isAnnounced) observer.onResume(costs.stream);
  }
}
