import { parseDateTime } from '../src/events-api/date-time.ts';
import { count, formOf } from './forms.ts';

const SECOND_MS = 1_000;
/** What 1Password writes of itself beside an action comes with it, or within this. */
const WITH_IT_MS = 5 * SECOND_MS;
const SOON_MS = 60 * SECOND_MS;

/** One audit event, as far as the questions about access need it. Kept in memory and never printed. */
interface AuditEvent {
  atMs: number;
  kind: string;
  object: unknown;
  aux: unknown;
}

/** How often something was followed by what was expected of it. */
export interface Followed {
  times: number;
  followed: number;
}

/** Counts what the audit log tells of access: the open questions of the evidence models. */
export class AccessTally {
  /** The forms of `aux_info` of grants and updates of vault access. */
  readonly grantInfo = new Map<string, number>();
  readonly #events: AuditEvent[] = [];

  add(item: Record<string, unknown>): void {
    const { timestamp, object_type, action, object_uuid: object, aux_uuid: aux, aux_info } = item;
    const kind = `${object_type}/${action}`;
    if (/^[ug]va\/(grant|update)$/.test(kind)) count(this.grantInfo, kindOfInfo(aux_info));
    const atMs = typeof timestamp === 'string' ? parseDateTime(timestamp)?.epochMs : undefined;
    if (atMs !== undefined && OF_INTEREST.test(kind)) this.#events.push({ atMs, kind, object, aux });
  }

  /** Creations of vaults with a grant of that vault within seconds. */
  grantsOnCreation(): Followed {
    return this.#followed(/^vault\/create$/, WITH_IT_MS, (creation, event) => {
      return /^[ug]va\/grant$/.test(event.kind) && event.object === creation.object;
    });
  }

  /** Deletions of people with a revoke or a leave of that person within a minute, before or after. */
  endingsOnDeletion(): Followed {
    return this.#followed(/^user\/delete$/, SOON_MS, endsAccessOf);
  }

  /** The same of suspensions. */
  endingsOnSuspension(): Followed {
    return this.#followed(/^user\/suspend$/, SOON_MS, endsAccessOf);
  }

  /** People who joined, with a join of the group that nearly everybody joins: the one of the whole team. */
  joinsOfEveryone(): Followed {
    const joins = this.#times(/^user\/(join|activate)$/);
    const groups = new Map<unknown, Set<unknown>>();
    for (const { kind, object, aux, atMs } of this.#events) {
      const joined = kind === 'gm/join' ? joins.get(aux) : undefined;
      if (joined === undefined || Math.abs(atMs - joined) > SOON_MS) continue;
      groups.set(object, (groups.get(object) ?? new Set()).add(aux));
    }
    return { times: joins.size, followed: Math.max(0, ...[...groups.values()].map(({ size }) => size)) };
  }

  /** In which order people join, are activated and verified: `verify, join, activate` and how often. */
  orders(): Map<string, number> {
    const steps = new Map<unknown, Map<string, number>>();
    for (const { kind, object, atMs } of this.#events) {
      const step = /^user\/(join|activate|verify)$/.exec(kind)?.[1];
      if (step === undefined) continue;
      const times = steps.get(object) ?? new Map<string, number>();
      steps.set(object, times.set(step, Math.min(atMs, times.get(step) ?? atMs)));
    }
    const orders = new Map<string, number>();
    for (const times of steps.values()) {
      if (times.size > 1)
        count(
          orders,
          [...times]
            .sort(([, a], [, b]) => a - b)
            .map(([step]) => step)
            .join(', '),
        );
    }
    return orders;
  }

  #times(kind: RegExp): Map<unknown, number> {
    return new Map(this.#events.filter((event) => kind.test(event.kind)).map(({ object, atMs }) => [object, atMs]));
  }

  #followed(cause: RegExp, withinMs: number, isEffect: (of: AuditEvent, event: AuditEvent) => boolean): Followed {
    const causes = this.#events.filter(({ kind }) => cause.test(kind));
    const followed = causes.filter((of) =>
      this.#events.some((event) => Math.abs(event.atMs - of.atMs) <= withinMs && isEffect(of, event)),
    );
    return { times: causes.length, followed: followed.length };
  }
}

const OF_INTEREST =
  /^(vault\/create|[ug]va\/(grant|revoke)|gm\/(join|leave)|user\/(join|activate|verify|delete|suspend))$/;

function endsAccessOf(person: AuditEvent, { kind, aux }: AuditEvent): boolean {
  return /^(uva\/revoke|gm\/leave)$/.test(kind) && aux === person.object;
}

function kindOfInfo(info: unknown): string {
  if (info === undefined || info === null || info === '') return 'empty';
  if (typeof info !== 'string') return 'no text';
  if (/^\d+$/.test(info)) return 'digits';
  return /^[A-Za-z]+$/.test(info) ? 'letters' : formOf(info);
}
