import type { Account } from './account.ts';
import type { AuditDraft } from './audit-draft.ts';
import { scenarios } from './audit-scenarios.ts';
import { locationField, type Origin, originOf, timestampOf } from './details.ts';
import type { ApiItem } from './options.ts';
import type { Person } from './people.ts';
import type { Random } from './random.ts';

const MINUTE_MS = 60_000;
const SESSION_MS = 8 * 60 * MINUTE_MS;

interface Session {
  readonly startMs: number;
  readonly origin: Origin;
  readonly field: Record<string, unknown>;
}

/** Tells the life of an account as audit events, one after the other. */
export class AuditEvents {
  readonly #account: Account;
  readonly #random: Random;
  readonly #sessions = new Map<Person, Session>();
  readonly #due: AuditDraft[] = [];

  constructor(account: Account, random: Random) {
    this.#account = account;
    this.#random = random;
  }

  /** The next event, in V2 form. Events of one change follow each other. */
  next(atMs: number): ApiItem {
    const random = this.#random;
    while (this.#due.length === 0) this.#due.push(...random.weighted(scenarios)(this.#account, random, atMs));
    const { actor, ...rest } = this.#due.shift() as AuditDraft;
    const { origin, field: session } = this.#session(actor, atMs);
    const offsetHours = random.chance(0.05) ? random.pick([-5, -4, 1, 2, 9]) : 0;
    const { uuid, name, email } = actor;

    return {
      uuid: random.upperId(),
      timestamp: timestampOf(atMs, random.pick([9, 9, 9, 9, 8, 7, 6, 3, 1, 0]), random, offsetHours),
      actor_uuid: uuid,
      actor_details: { uuid, name, email, user_type: actor.type, user_account_uuid: actor.accountUuid },
      actor_type: actor.type,
      actor_account_uuid: actor.accountUuid,
      account_uuid: this.#account.uuid,
      ...rest,
      session,
      ...locationField(origin, random),
    };
  }

  #session(actor: Person, atMs: number): Session {
    const known = this.#sessions.get(actor);
    if (known && known.startMs <= atMs && atMs < known.startMs + SESSION_MS) return known;

    const random = this.#random;
    const origin = originOf(actor, random);
    const startMs = atMs - random.integer(1, 90) * MINUTE_MS;
    const field = {
      uuid: random.upperId(),
      login_time: timestampOf(startMs, random.pick([9, 8, 6, 5]), random),
      device_uuid: actor.deviceUuid,
      ip: origin.ip,
    };
    const session = { startMs, origin, field };
    this.#sessions.set(actor, session);
    return session;
  }
}
