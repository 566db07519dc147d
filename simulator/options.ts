/** The event types a token can be granted; also the last part of their path. */
export type Feature = 'auditevents' | 'itemusages' | 'signinattempts';

/** Every feature, in the order in which tokens list them. */
export const features: readonly Feature[] = ['auditevents', 'itemusages', 'signinattempts'];

/** The versions of the event endpoints. */
export type ApiVersion = 'v1' | 'v2';

/** An event as JSON. Deliberately loose: tests also serve items that break the documented schema. */
export type ApiItem = Record<string, unknown>;

/** Requests allowed in sliding windows; `Infinity` switches one off. */
interface BudgetOptions {
  /** Default 600. */
  perMinute?: number;
  /** Default 30,000. */
  perHour?: number;
  /** Whether a 429 says when to come back. Default false: no header is documented. */
  retryAfter?: boolean;
}

/** Where 1Password's behaviour is undocumented or varies, the choice is an option. */
export interface SimulatorOptions {
  /** Epoch milliseconds. Retention, token expiry and budgets follow it. Default `Date.now`. */
  now?: () => number;
  /** Same seed, same random faults. Default 1. */
  seed?: number;
  /** The account that tokens belong to unless they are issued for another. */
  accountUuid?: string;
  /** The host that this API answers as, and that tokens name. Default `events.1password.com`. */
  host?: string;
  /** `original`: `{"Error":{"Message"}}`. `current`: `{"status","message"}`. `text`, or none at all. Default `original`. */
  errorBody?: 'original' | 'current' | 'text' | 'none';
  /** Pages by arrival, by the time of the event (what comes late then lies behind a cursor), or by that backwards. Default `arrival`. */
  order?: 'arrival' | 'timestamp' | 'newest first';
  /** The cursor of an answer without items: the one that was sent, a new equivalent one, or none. Default `stays`. */
  tail?: 'stays' | 'moves' | 'none';
  /** The status for a cursor that the API did not issue, or not to this endpoint and account; 200 is an empty page. Default 400. */
  refusedCursor?: number;
  /** The event types that tokens lack unless they are issued with others. Default: none. */
  lacks?: readonly Feature[];
  /** The answer to a token that lacks the event type: a status, or an empty page. Default 401. */
  missingFeature?: number | 'empty';
  /** The status for a token that is rejected. Default 401. */
  badToken?: number;
  /** The fewest and the most events of a page, whatever the limit asks for. Default 1 and 1,000. */
  smallestPage?: number;
  largestPage?: number;
  /** Which events a start time lets through, of those that had arrived: dated then or later, later, or arrived later. Default `inclusive`. */
  startTime?: 'inclusive' | 'exclusive' | 'by arrival';
  /** The names of headers on limits that come with every page, with an invented number. Default: none. */
  limitHeaders?: readonly string[];
  /** How far the clock of `Date` is ahead. Default 0. */
  clockAheadMs?: number;
  /** Every so many events one comes twice in a row; 0: never. Default 0. */
  repeatEvery?: number;
  /** Every so many events one has an action or category that nobody knows; 0: none. Default 0. */
  unknownKindEvery?: number;
  /** Fields that every event of a type has in addition. Default: none. */
  undeclaredFields?: Partial<Record<Feature, readonly string[]>>;
  /** The digits of the fractions of timestamps. Default: as the events came. */
  fractionDigits?: Partial<Record<Feature, number>>;
  /** A cursor together with reset fields: 400, or the cursor wins. A violation either way. Default `strict`. */
  mixedRequest?: 'strict' | 'lenient';
  /** Which introspection paths exist; the others are 404. Default `both`. */
  introspection?: 'both' | 'current' | 'original' | 'none';
  /** Whether the V2 introspection tells `account_uuid`. Default true. */
  introspectsAccount?: boolean;
  /** Request budget of the whole simulator, introspection included. */
  budget?: BudgetOptions;
  /** Real time before each answer. Default 0. */
  latencyMs?: number;
  /** The last page with items says `has_more: true`, and an empty one with false follows. Default false. */
  trailingEmptyPage?: boolean;
  /** Events dated earlier are no longer served. Default 120. */
  retentionDays?: number;
}

/** Options with every default filled in. */
export type Settings = Required<Omit<SimulatorOptions, 'budget'>> & { budget: Required<BudgetOptions> };

const defaults: Settings = {
  now: Date.now,
  seed: 1,
  accountUuid: '6TRLV4ZKHNDB7QWJX2CYOE5AGM',
  host: 'events.1password.com',
  errorBody: 'original',
  order: 'arrival',
  tail: 'stays',
  refusedCursor: 400,
  lacks: [],
  missingFeature: 401,
  badToken: 401,
  smallestPage: 1,
  largestPage: 1_000,
  startTime: 'inclusive',
  limitHeaders: [],
  clockAheadMs: 0,
  repeatEvery: 0,
  unknownKindEvery: 0,
  undeclaredFields: {},
  fractionDigits: {},
  mixedRequest: 'strict',
  introspection: 'both',
  introspectsAccount: true,
  budget: { perMinute: 600, perHour: 30_000, retryAfter: false },
  latencyMs: 0,
  trailingEmptyPage: false,
  retentionDays: 120,
};

/** Fills in the defaults. Called for each request, so that options may change between requests. */
export function settingsOf(options: SimulatorOptions): Settings {
  return { ...defaults, ...options, budget: { ...defaults.budget, ...options.budget } };
}

/** The names of the options that JSON can hold. */
export const optionNames: readonly string[] = Object.keys(defaults).filter((name) => name !== 'now');
