import type { ApiItem, Feature } from '../options.ts';
import { Random } from '../random.ts';
import { Account } from './account.ts';
import { AuditEvents } from './audit-events.ts';
import { itemUsage, plannedUsage } from './item-usages.ts';
import { Sessions } from './sessions.ts';
import { plannedSignIn, signInAttempt, signInOf } from './sign-ins.ts';

const HOUR_MS = 3_600_000;

/** Item usages come late most often: an app reports them when it synchronises. */
const lateness: Readonly<Record<Feature, { readonly share: number; readonly mostHours: number }>> = {
  auditevents: { share: 0.01, mostHours: 5 },
  itemusages: { share: 0.04, mostHours: 120 },
  signinattempts: { share: 0.005, mostHours: 3 },
};

/** Events that the API serves twice, as they are. */
const REPEATED = 0.01;

/** Sign-ins that open a session of the audit log, where there are so many. */
const OF_SESSIONS = 0.75;

/** An event and when it happened. */
interface Dated {
  readonly item: ApiItem;
  readonly atMs: number;
}

/** An event and when the API has it. */
export interface Arrival {
  readonly item: ApiItem;
  readonly arrivedMs: number;
}

/** Invents the events of one account. The same seed and the same calls give the same events. */
export class EventGenerator {
  readonly #random: Random;
  readonly #sessions: Sessions;
  /** What is true of the account, as far as it has been told. */
  readonly account: Account;
  readonly #auditEvents: AuditEvents;

  constructor(seed: number, accountUuid: string, people?: number) {
    this.#random = new Random(seed);
    this.account = new Account(accountUuid, this.#random, people);
    this.#sessions = new Sessions(this.account, this.#random);
    this.#auditEvents = new AuditEvents(this.account, this.#sessions, this.#random);
  }

  /**
   * So many events of the span in arrival order: by date, except for those that arrive late. A few of them are repeats
   * of others. Sign-ins tell of the sessions in which the audit events generated before them were made.
   */
  generate(feature: Feature, count: number, from: Date, to: Date): ApiItem[] {
    return this.arrivals(feature, count, from, to).map(({ item }) => item);
  }

  /** The same with the time of arrival. */
  arrivals(feature: Feature, count: number, from: Date, to: Date): Arrival[] {
    const random = this.#random;
    const repeats = Math.floor(count * REPEATED);
    const arrivals = this.#events(feature, count - repeats, from.getTime(), to.getTime()).map(({ item, atMs }) => ({
      item,
      arrivedMs: atMs + this.#delayMs(feature),
    }));
    const again = Array.from({ length: repeats }, () => {
      const { item, arrivedMs } = random.pick(arrivals);
      return { item, arrivedMs: arrivedMs + random.float() * HOUR_MS };
    });
    return [...arrivals, ...again].sort((one, other) => one.arrivedMs - other.arrivedMs);
  }

  #events(feature: Feature, count: number, fromMs: number, toMs: number): Dated[] {
    const known = this.#known(feature, count, fromMs, toMs);
    const others = this.#times(count - known.length, fromMs, toMs).map((atMs) => this.#event(feature, atMs));
    return [...known, ...others];
  }

  /** What is bound to have happened by then: it was planned, or audit events tell of the session that it opened. */
  #known(feature: Feature, most: number, fromMs: number, toMs: number): Dated[] {
    const { account } = this;
    const random = this.#random;
    if (feature === 'auditevents') return [];
    if (feature === 'itemusages') {
      return account.usages
        .takeBefore(toMs, most)
        .map((planned) => ({ item: plannedUsage(account, random, planned), atMs: planned.atMs }));
    }
    const attempts = account.signIns
      .takeBefore(toMs, most)
      .map((planned) => ({ item: plannedSignIn(account, random, planned), atMs: planned.atMs }));
    const sessions = this.#sessions
      .takeUntold(fromMs, toMs, Math.floor((most - attempts.length) * OF_SESSIONS))
      .map((session) => ({ item: signInOf(account, random, session), atMs: session.startMs }));
    return [...attempts, ...sessions];
  }

  #delayMs(feature: Feature): number {
    const { share, mostHours } = lateness[feature];
    return this.#random.chance(share) ? HOUR_MS * (1 + this.#random.float() * (mostHours - 1)) : 0;
  }

  #event(feature: Feature, atMs: number): Dated {
    if (feature === 'auditevents') return this.#auditEvents.next(atMs);
    if (feature === 'itemusages') return { item: itemUsage(this.account, this.#random, atMs), atMs };
    return { item: signInAttempt(this.account, this.#random, atMs), atMs };
  }

  #times(count: number, fromMs: number, toMs: number): number[] {
    const times: number[] = [];
    while (times.length < count) {
      const atMs = Math.floor(fromMs + this.#random.float() * (toMs - fromMs));
      if (this.#random.chance(busynessAt(atMs))) times.push(atMs);
    }
    return times.sort((one, other) => one - other);
  }
}

/** Offices are quiet at night and at weekends. */
function busynessAt(atMs: number): number {
  const date = new Date(atMs);
  const isWeekend = date.getUTCDay() % 6 === 0;
  const isWorkingHour = date.getUTCHours() >= 7 && date.getUTCHours() < 20;
  return (isWeekend ? 0.2 : 1) * (isWorkingHour ? 1 : 0.2);
}
