import type { Random } from '../random.ts';
import { detailsOf } from './details.ts';
import type { Person } from './people.ts';

/** What an audit event says beyond who, when and where. */
export interface AuditDraft {
  readonly actor: Person;
  readonly action: string;
  readonly object_type: string;
  readonly object_uuid: string;
  readonly object_details?: Record<string, unknown>;
  readonly aux_id?: number;
  readonly aux_uuid?: string;
  readonly aux_details?: Record<string, unknown>;
  readonly aux_info?: string;
  /** Changes the account as the event tells it. Called with the event's own time, to the microsecond. */
  readonly effect?: (atMs: number) => void;
}

/** The event of one change. */
export function draft(
  actor: Person,
  objectType: string,
  action: string,
  objectUuid: string,
  rest: Partial<AuditDraft> = {},
): AuditDraft {
  return { actor, action, object_type: objectType, object_uuid: objectUuid, ...rest };
}

/** The fields that name the person whom a change concerns. */
export function affected(person: Person, random: Random): Partial<AuditDraft> {
  return { aux_id: random.integer(1_000_000, 9_999_999), aux_uuid: person.uuid, aux_details: detailsOf(person) };
}
