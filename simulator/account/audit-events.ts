import type { ApiItem } from '../options.ts';
import type { Random } from '../random.ts';
import { toTheMicrosecond } from '../rfc3339.ts';
import type { Account, Scenario } from './account.ts';
import type { AuditDraft } from './audit-draft.ts';
import { scenarios, uneventful } from './audit-scenarios.ts';
import { chatter } from './chatter.ts';
import { locationField, timestampOf } from './details.ts';
import { incidents } from './incidents.ts';
import type { Session, Sessions } from './sessions.ts';

/** Most of a live log are the sessions that apps open for each other. */
const CHATTER = 0.7;
/** Of the changes, those that ought to be found. */
const INCIDENTS = 0.01;
const MOST_BETWEEN_MS = 5_000;

/** Tells the life of an account as audit events, one after the other. */
export class AuditEvents {
  readonly #account: Account;
  readonly #sessions: Sessions;
  readonly #random: Random;
  readonly #due: AuditDraft[] = [];
  readonly #incidents: readonly Scenario[];
  #newestMs = Number.NEGATIVE_INFINITY;

  constructor(account: Account, sessions: Sessions, random: Random) {
    this.#account = account;
    this.#sessions = sessions;
    this.#random = random;
    this.#incidents = incidents.filter(() => random.chance(0.5));
  }

  /**
   * The next event, in V2 form, and its time to the microsecond. Events of one change follow each other within seconds,
   * so they may come before the time that was asked for. An event that is dated before the newest one changes nothing.
   */
  next(wantedMs: number): { item: ApiItem; atMs: number } {
    const random = this.#random;
    const isLate = wantedMs < this.#newestMs;
    const isNext = !isLate && this.#due.length > 0;
    const dueMs = isNext ? Math.min(wantedMs, this.#newestMs + random.integer(1, MOST_BETWEEN_MS)) : wantedMs;
    const { actor, effect, ...rest } = this.#draft(dueMs, isLate);
    const timestamp = this.#timestamp(dueMs, isLate);
    const { uuid, name, email } = actor;
    const details = { uuid, name, email, user_type: actor.type, user_account_uuid: actor.accountUuid };
    const atMs = toTheMicrosecond(timestamp);
    effect?.(atMs);
    this.#newestMs = Math.max(this.#newestMs, atMs);
    const session = this.#sessions.of(actor, atMs);

    const item = {
      uuid: random.upperId(),
      timestamp,
      actor_uuid: uuid,
      ...(random.chance(0.97) && { actor_details: details }),
      ...(random.chance(0.97) && { actor_type: actor.type }),
      actor_account_uuid: actor.accountUuid,
      account_uuid: this.#account.uuid,
      // What there is nothing to tell of is mostly absent, and sometimes empty.
      ...(random.chance(0.03) && { aux_uuid: '', aux_info: '' }),
      ...rest,
      session: random.chance(0.01) ? {} : sessionField(session),
      ...locationField(session.origin, random),
    };
    return { item, atMs };
  }

  #draft(atMs: number, isLate: boolean): AuditDraft {
    const random = this.#random;
    if ((isLate || this.#due.length === 0) && random.chance(CHATTER)) return chatter(this.#sessions, random, atMs);
    if (isLate) return this.#uneventful(atMs);
    while (this.#due.length === 0) this.#due.push(...this.#scenario(atMs)(this.#account, random, atMs));
    return this.#due.shift() as AuditDraft;
  }

  #scenario(atMs: number): Scenario {
    const [planned] = this.#account.changes.takeBefore(atMs, 1);
    if (planned) return planned.scenario;
    const isIncident = this.#incidents.length > 0 && this.#random.chance(INCIDENTS);
    return isIncident ? this.#random.pick(this.#incidents) : this.#random.weighted(scenarios);
  }

  #uneventful(atMs: number): AuditDraft {
    for (;;) {
      const [first] = this.#random.weighted(uneventful)(this.#account, this.#random, atMs);
      if (first !== undefined) return first;
    }
  }

  /** No two events of the newest are dated alike: which came first must be clear, however few digits are written. */
  #timestamp(atMs: number, isLate: boolean): string {
    const random = this.#random;
    const offsetHours = random.chance(0.05) ? random.pick([-5, -4, 1, 2, 9]) : 0;
    const text = timestampOf(atMs, random.pick([9, 9, 9, 9, 8, 7, 6, 3, 1, 0]), random, offsetHours);
    if (isLate || toTheMicrosecond(text) > this.#newestMs) return text;
    return timestampOf(Math.max(atMs, this.#newestMs + 1), 3, random);
  }
}

function sessionField({ uuid, loginTime, person, origin }: Session): Record<string, unknown> {
  return { uuid, login_time: loginTime, device_uuid: person.deviceUuid, ip: origin.ip };
}
