import type { Feature } from './options.ts';
import { Random } from './random.ts';
import { type RequestRecord, routeOf } from './request.ts';

/** A page of events as a test may edit it. */
export interface AlterablePage {
  cursor: string;
  has_more: boolean;
  items: unknown[];
}

/** What can go wrong with one answer. Those that need a page or a cursor leave other requests alone. */
export type Fault =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: string;
      readonly contentType?: string;
    }
  /** Closed without an answer. */
  | { readonly kind: 'cut_connection' }
  /** The right answer, closed half way. */
  | { readonly kind: 'cut_body' }
  /** The right answer, spread over real time. */
  | { readonly kind: 'slow_body'; readonly totalMs: number }
  /** Never answers; the connection stays open. */
  | { readonly kind: 'stall' }
  /** The right answer, late by real time. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Status 200 and JSON that ends too early, though the HTTP message is complete. */
  | { readonly kind: 'bad_json' }
  /** Status 200 and a captive portal's page. */
  | { readonly kind: 'html' }
  /** Status 200 and any JSON. */
  | { readonly kind: 'body'; readonly value: unknown }
  /** Status 200 and any text, announced as JSON. */
  | { readonly kind: 'raw'; readonly body: string; readonly contentType?: string }
  /** 400 to a request that carries a cursor. */
  | { readonly kind: 'refuse_cursor' }
  /** To a request that carries a cursor: `has_more` true and the same cursor again, with its items or without. */
  | { readonly kind: 'stuck_cursor'; readonly items?: boolean }
  /** The events of the page answered last on that endpoint, and a cursor that goes on with the right page. */
  | { readonly kind: 'redeliver' }
  /** The right page, edited. */
  | { readonly kind: 'alter'; readonly alter: (page: AlterablePage) => unknown }
  /** 302 unless another status is given. */
  | { readonly kind: 'redirect'; readonly location: string; readonly status?: number };

/** When a fault happens. The first rule that applies to a request wins. */
export interface FaultRule {
  /** Default: every request. */
  on?: Feature | 'introspect' | ((request: RequestRecord) => boolean);
  /** How often the rule applies. Default 1, or without end if a probability is given. */
  times?: number;
  /** How many matching requests pass first. Default 0. */
  after?: number;
  /** Applies to a matching request with this probability only (seeded). */
  probability?: number;
  fault: Fault | (() => Fault);
}

interface ActiveRule extends FaultRule {
  timesLeft: number;
  passesLeft: number;
}

/** The scripted faults that are still to come. */
export class FaultPlan {
  readonly #random: Random;
  #rules: ActiveRule[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  add(rule: FaultRule): void {
    const timesLeft = rule.times ?? (rule.probability === undefined ? 1 : Number.POSITIVE_INFINITY);
    this.#rules.push({ ...rule, timesLeft, passesLeft: rule.after ?? 0 });
  }

  clear(): void {
    this.#rules = [];
  }

  /** The fault for this request, if any. `canHappen` tells whether a fault makes sense for it. */
  next(request: RequestRecord, canHappen: (fault: Fault) => boolean): Fault | undefined {
    for (const rule of this.#rules) {
      if (rule.timesLeft <= 0 || !isMeant(rule, request)) continue;
      const fault = typeof rule.fault === 'function' ? rule.fault() : rule.fault;
      if (!canHappen(fault)) continue;
      if (rule.passesLeft > 0) {
        rule.passesLeft -= 1;
        continue;
      }
      if (rule.probability !== undefined && !this.#random.chance(rule.probability)) continue;
      rule.timesLeft -= 1;
      return fault;
    }
    return undefined;
  }
}

function isMeant({ on }: FaultRule, request: RequestRecord): boolean {
  if (on === undefined) return true;
  if (typeof on === 'function') return on(request);
  if (on === 'introspect') return routeOf(request.path)?.to === 'introspect';
  return request.feature === on;
}

const gatewayPage = '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>';

const mixture: readonly (readonly [weight: number, fault: Fault])[] = [
  [3, { kind: 'status', status: 429 }],
  [3, { kind: 'status', status: 429, headers: { 'Retry-After': '1' } }],
  [3, { kind: 'status', status: 500 }],
  [3, { kind: 'status', status: 502, body: gatewayPage, contentType: 'text/html' }],
  [3, { kind: 'status', status: 503, headers: { 'Retry-After': '1' } }],
  [3, { kind: 'cut_connection' }],
  [3, { kind: 'cut_body' }],
  [2, { kind: 'bad_json' }],
  [2, { kind: 'slow_body', totalMs: 50 }],
  [1, { kind: 'body', value: { cursor: '', has_more: true } }],
  [1, { kind: 'body', value: [] }],
];

/** A seeded mixture of everything that passes by itself, plus wrong shapes, for use with a probability. */
export function stormFaults(seed = 1): () => Fault {
  // Salted: with the generator of the rules, which fault it is would depend on whether there is one.
  const random = new Random(seed ^ 0x51071);
  return () => random.weighted(mixture);
}
