import type { ApiItem } from '../options.ts';
import { parseRfc3339 } from '../rfc3339.ts';

/** What nobody has documented of the audit log and of access. Whatever is left out stays as the generator tells it. */
export interface AccessLog {
  /** The form of `aux_info` of grants. */
  grantInfo?: 'empty' | 'digits' | 'letters';
  /** Whether the creation of a vault comes with a grant to its creator. */
  grantOnCreation?: boolean;
  /** Whether the deletion of a person comes with the ends of what they had. */
  endingsOnDeletion?: boolean;
  /** The same of a suspension. */
  endingsOnSuspension?: boolean;
  /** Whether everybody who joins joins the group of the whole team, too. */
  everyoneJoins?: boolean;
}

const EVERYONE = 'e7xqz2tnkhvb5rjyw4lmcga3eu';
const A_GROUP = 'g5kqz7tnxhvb2rjyw4lmcge3au';
const WITHIN_MS = 60_000;
const INFO = { empty: '', digits: '15728738', letters: 'RW' } as const;

/** The same events, told in that way. */
export function retold(items: readonly ApiItem[], log: AccessLog): ApiItem[] {
  let told = [...items];
  if (log.grantInfo !== undefined) {
    const aux_info = INFO[log.grantInfo];
    told = told.map((item) => (/^[ug]va\/(grant|update)$/.test(kindOf(item)) ? { ...item, aux_info } : item));
  }
  if (log.grantOnCreation === false) {
    told = without(told, 'vault/create', (creation, item) => {
      return /^[ug]va\/grant$/.test(kindOf(item)) && item['object_uuid'] === creation['object_uuid'];
    });
  }
  told = withEndings(told, 'user/delete', log.endingsOnDeletion);
  told = withEndings(told, 'user/suspend', log.endingsOnSuspension);
  if (log.everyoneJoins) {
    told = told.flatMap((item) => (kindOf(item) === 'user/join' ? [item, beside(item, 'join', EVERYONE)] : [item]));
  }
  return told;
}

function withEndings(items: ApiItem[], kind: string, areTold: boolean | undefined): ApiItem[] {
  if (areTold === undefined) return items;
  if (areTold)
    return items.flatMap((item) => (kindOf(item) === kind ? [item, beside(item, 'leave', A_GROUP)] : [item]));
  return without(items, kind, (end, item) => {
    return /^(uva\/revoke|gm\/leave)$/.test(kindOf(item)) && item['aux_uuid'] === end['object_uuid'];
  });
}

/** Leaves out what comes with the events of a kind. */
function without(items: ApiItem[], kind: string, isOfIt: (cause: ApiItem, item: ApiItem) => boolean): ApiItem[] {
  const causes = items.filter((item) => kindOf(item) === kind);
  return items.filter((item) => {
    return !causes.some((cause) => isOfIt(cause, item) && Math.abs(timeOf(cause) - timeOf(item)) <= WITHIN_MS);
  });
}

/** What the log tells of a group at the same time as of the person. */
function beside(item: ApiItem, action: string, group: string): ApiItem {
  const { uuid, object_uuid: person, object_details: details } = item;
  return {
    ...item,
    uuid: `${String(uuid).slice(0, 24)}${action === 'join' ? 'JN' : 'LV'}`,
    action,
    object_type: 'gm',
    object_uuid: group,
    object_details: undefined,
    aux_uuid: person,
    aux_details: details,
  };
}

function kindOf({ object_type, action }: ApiItem): string {
  return `${object_type}/${action}`;
}

function timeOf({ timestamp }: ApiItem): number {
  return parseRfc3339(timestamp) ?? Number.NaN;
}
