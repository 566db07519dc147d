import type { ApiItem } from '../../simulator/server.ts';
import { DAY_MS, NOW, SECOND_MS } from './time.ts';

export function eventAt(uuid: string, atMs: number): ApiItem {
  return { uuid, timestamp: new Date(atMs).toISOString() };
}

/** The account of the simulator's tokens, as introspection tells it. */
export const ACCOUNT = '6TRLV4ZKHNDB7QWJX2CYOE5AGM';

/** Events with these names, a second apart, the last of them long before the clock's time. */
export function eventsNamed(prefix: string, count: number, fromMs = NOW - DAY_MS): ApiItem[] {
  return Array.from({ length: count }, (_, index) => eventAt(`${prefix}${index + 1}`, fromMs + index * SECOND_MS));
}

/** The record of an item whose every field is declared: the same values, date-times normalised, and its account. */
export function recordOf(item: ApiItem): ApiItem {
  const { timestamp, session } = item as { timestamp: string; session?: { login_time?: string } };
  return {
    ...item,
    account_uuid: item['account_uuid'] ?? ACCOUNT,
    timestamp: inMicroseconds(timestamp),
    ...(session?.login_time !== undefined && {
      session: { ...session, login_time: inMicroseconds(session.login_time) },
    }),
  };
}

/** In UTC with six digits, worked out differently from the connector: by arithmetic instead of by cutting strings. */
function inMicroseconds(dateTime: string): string {
  const [, whole = '', fraction = '', zone = ''] = /^(.{19})(\.\d+)?(.+)$/.exec(dateTime) ?? [];
  const microseconds = (BigInt(fraction.slice(1).padEnd(18, '0')) / 10n ** 12n).toString().padStart(6, '0');
  return new Date(whole + zone).toISOString().replace('000Z', `${microseconds}Z`);
}
