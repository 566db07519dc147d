import { type Answer, errorAnswer, jsonAnswer, spoil } from './answers.ts';
import type { Api } from './api.ts';
import { RequestBudget } from './budget.ts';
import type { DeliveryFault } from './delivery.ts';
import type { Fault, FaultPlan } from './faults.ts';
import { type Inspection, inspect } from './inspection.ts';
import type { Settings } from './options.ts';
import type { RequestRecord } from './requests.ts';
import type { Grant, TokenRegistry } from './tokens.ts';

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

/** Turns a request into an answer: judgement, budget, right answer, fault, in this order. */
export class Exchange {
  readonly #api: Api;
  readonly #tokens: TokenRegistry;
  readonly #faults: FaultPlan;
  readonly #budget = new RequestBudget();
  readonly #lastItems = new Map<string, readonly string[]>();

  constructor(api: Api, tokens: TokenRegistry, faults: FaultPlan) {
    this.#api = api;
    this.#tokens = tokens;
    this.#faults = faults;
  }

  /** Answers the request and completes its record. */
  answer(request: RequestRecord, text: string, settings: Settings): Outcome {
    const inspection = inspect(request, text, this.#api, settings);
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
    if (grant === undefined) return errorAnswer(401, settings);
    if (isRefused) return errorAnswer(400, settings);
    if (route.to === 'introspect') return this.#api.introspect(route, grant, settings);
    return body?.query ? this.#api.events(route, body.query, grant, settings) : errorAnswer(400, settings);
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
    return this.#api.redeliver(items, route, body.query, grant);
  }

  #remember({ request }: Call, { items }: Answer): void {
    if (items !== undefined) this.#lastItems.set(endpointOf(request), items as readonly string[]);
  }
}

function endpointOf({ version, feature }: RequestRecord): string {
  return `${version}/${feature}`;
}
