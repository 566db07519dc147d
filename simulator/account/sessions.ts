import type { Random } from '../random.ts';
import type { Account } from './account.ts';
import { type Origin, originOf, timestampOf } from './details.ts';
import { activeSince, isActive, type Person } from './people.ts';

const MINUTE_MS = 60_000;
const SESSION_MS = 8 * 60 * MINUTE_MS;
const MOST_RECENT = 200;

/** What began with a sign-in: the attempt and the audit events made in it tell of the same one. */
export interface Session {
  readonly person: Person;
  readonly uuid: string;
  readonly startMs: number;
  /** As the API writes it, in the sign-in and in the audit events. */
  readonly loginTime: string;
  readonly origin: Origin;
}

/** The sessions of an account. */
export class Sessions {
  readonly #account: Account;
  readonly #random: Random;
  readonly #latest = new Map<Person, Session>();
  readonly #recent: Session[] = [];
  /** Those whose sign-in has not been served yet. */
  #untold: Session[] = [];

  constructor(account: Account, random: Random) {
    this.#account = account;
    this.#random = random;
  }

  /** The session in which the person acts then: an open one, or one that has just begun. */
  of(person: Person, atMs: number): Session {
    const latest = this.#latest.get(person);
    if (latest && isOpen(latest, atMs)) return latest;

    const startMs = Math.max(atMs - this.#random.integer(1, 90) * MINUTE_MS, activeSince(person, atMs));
    const session = {
      person,
      uuid: this.#random.upperId(),
      startMs,
      loginTime: timestampOf(startMs, 9, this.#random),
      origin: originOf(person, this.#random),
    };
    this.#latest.set(person, session);
    this.#untold.push(session);
    if (this.#recent.push(session) > MOST_RECENT) this.#recent.shift();
    return session;
  }

  /** A session of somebody whose apps are at work then: mostly of a person who is about anyway. */
  ofAnybody(atMs: number): Session {
    const isAtWork = (session: Session): boolean => isOpen(session, atMs) && isActive(session.person, atMs);
    const session = this.#random.chance(0.06) ? undefined : this.#random.pickWhere(this.#recent, isAtWork);
    return session ?? this.of(this.#account.member(atMs), atMs);
  }

  /** Up to `most` sessions that began in the span, spread over it; each is handed out once. */
  takeUntold(fromMs: number, toMs: number, most: number): Session[] {
    const begun = this.#untold.filter(({ startMs }) => fromMs <= startMs && startMs < toMs);
    const every = Math.max(1, begun.length / most);
    const taken = new Set(begun.filter((_, index) => Math.floor(index / every) < Math.floor((index + 1) / every)));
    this.#untold = this.#untold.filter((session) => !taken.has(session));
    return [...taken];
  }
}

function isOpen({ startMs }: Session, atMs: number): boolean {
  return startMs <= atMs && atMs < startMs + SESSION_MS;
}
