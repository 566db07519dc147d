import type { Account } from './account.ts';
import type { AuditDraft } from './audit-draft.ts';
import { scenarios } from './audit-scenarios.ts';
import { chatter } from './chatter.ts';
import { locationField, timestampOf } from './details.ts';
import type { ApiItem } from './options.ts';
import type { Random } from './random.ts';
import type { Session, Sessions } from './sessions.ts';

/** Most of a live log are the sessions that apps open for each other. */
const CHATTER = 0.7;

/** Tells the life of an account as audit events, one after the other. */
export class AuditEvents {
  readonly #account: Account;
  readonly #sessions: Sessions;
  readonly #random: Random;
  readonly #due: AuditDraft[] = [];

  constructor(account: Account, sessions: Sessions, random: Random) {
    this.#account = account;
    this.#sessions = sessions;
    this.#random = random;
  }

  /** The next event, in V2 form. Events of one change follow each other. */
  next(atMs: number): ApiItem {
    const random = this.#random;
    const { actor, ...rest } = this.#draft(atMs);
    const session = this.#sessions.of(actor, atMs);
    const offsetHours = random.chance(0.05) ? random.pick([-5, -4, 1, 2, 9]) : 0;
    const { uuid, name, email } = actor;
    const details = { uuid, name, email, user_type: actor.type, user_account_uuid: actor.accountUuid };

    return {
      uuid: random.upperId(),
      timestamp: timestampOf(atMs, random.pick([9, 9, 9, 9, 8, 7, 6, 3, 1, 0]), random, offsetHours),
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
  }

  #draft(atMs: number): AuditDraft {
    const random = this.#random;
    if (this.#due.length === 0 && random.chance(CHATTER)) return chatter(this.#sessions, random, atMs);
    while (this.#due.length === 0) this.#due.push(...random.weighted(scenarios)(this.#account, random, atMs));
    return this.#due.shift() as AuditDraft;
  }
}

function sessionField({ uuid, loginTime, person, origin }: Session): Record<string, unknown> {
  return { uuid, login_time: loginTime, device_uuid: person.deviceUuid, ip: origin.ip };
}
