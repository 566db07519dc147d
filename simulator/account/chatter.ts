import type { Random } from '../random.ts';
import { type AuditDraft, draft } from './audit-draft.ts';
import type { Sessions } from './sessions.ts';

/** What apps do among themselves: a session lets another app in, or a token of single sign-on is checked. */
export function chatter(sessions: Sessions, random: Random, atMs: number): AuditDraft {
  const { person, uuid } = sessions.ofAnybody(atMs);
  return random.chance(0.7)
    ? draft(person, 'dlgdsess', 'dlgsess', random.upperId(), { aux_uuid: uuid })
    : draft(person, 'ssotkn', 'ssotknv', random.upperId());
}
