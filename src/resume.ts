/** The state of a stream: what is kept between runs, and what the next run makes of it. */
import { ConnectorError } from './airbyte/errors.ts';
import { isObject } from './airbyte/inputs.ts';
import type { Config } from './config.ts';
import { parseDateTime } from './date-time.ts';
import type { PageStart } from './events-api/client.ts';
import type { ApiVersion } from './events-api/cursor-endpoint.ts';
import { toRfc3339 } from './events-api/rfc3339.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** How far back the Events API reaches. https://developer.1password.com/docs/events-api/reference/ */
const RETENTION_DAYS = 120;

/** What Airbyte keeps of a stream between runs. */
export interface StreamState {
  /** The API's own cursor, opaque. Absent while the API has given none. */
  cursor?: string;
  /** When the API last confirmed the cursor. It serves to name a gap, never to ask for events. */
  read_at: string;
  api_version: ApiVersion;
  /** The account that the cursor belongs to, if introspection told it. */
  account_uuid?: string;
}

/** The fields of a state that somebody else may have written: any of them may be missing. */
export interface SavedState {
  cursor?: string;
  readAtMs?: number;
  apiVersion?: string;
  accountUuid?: string;
}

/** Where a run starts, and what there is to say about it. */
export interface ResumePlan {
  start: PageStart;
  /** How the log describes the start. */
  description: string;
  warnings: string[];
}

/** Reads a saved state. Throws a config_error that names the stream if a field has the wrong type. */
export function parseStreamState(stream: string, state: unknown): SavedState {
  if (state === undefined || state === null) return {};
  if (!isObject(state)) throw unusableState(stream, 'is no object');
  const readAt = stringField(stream, state, 'read_at');
  const readAtMs = readAt === undefined ? undefined : parseDateTime(readAt)?.epochMs;
  if (readAt !== undefined && readAtMs === undefined) throw unusableState(stream, 'has a read_at that is no date-time');

  const cursor = stringField(stream, state, 'cursor');
  const apiVersion = stringField(stream, state, 'api_version');
  const accountUuid = stringField(stream, state, 'account_uuid');
  return {
    ...(cursor !== undefined && { cursor }),
    ...(readAtMs !== undefined && { readAtMs }),
    ...(apiVersion !== undefined && { apiVersion }),
    ...(accountUuid !== undefined && { accountUuid }),
  };
}

/** An empty string tells as little as null. */
function stringField(stream: string, state: Record<string, unknown>, field: string): string | undefined {
  const value = state[field];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw unusableState(stream, `holds a value for ${field} that is no string`);
  return value;
}

function unusableState(stream: string, why: string): ConnectorError {
  return new ConnectorError(
    'config_error',
    `${stream}: the saved state ${why}, so it cannot be resumed from. Restore the connection's last state, or clear the ` +
      'state of this stream to start over.',
  );
}

/** Decides where a stream starts, and names the gap that retention has made since, wherever that is. */
export function planResume(
  saved: SavedState,
  config: Pick<Config, 'startDateMs' | 'apiVersion'>,
  accountUuid: string | undefined,
  nowMs: number,
): ResumePlan {
  const plan = planStart(saved, config, accountUuid, nowMs);
  return { ...plan, warnings: [...describeGap(saved, nowMs), ...plan.warnings] };
}

/** Behind the saved cursor, unless that belongs to another account or API version. */
function planStart(
  saved: SavedState,
  config: Pick<Config, 'startDateMs' | 'apiVersion'>,
  accountUuid: string | undefined,
  nowMs: number,
): ResumePlan {
  const { cursor, readAtMs } = saved;
  if (cursor === undefined) return planFreshStart(config, nowMs);
  const reason = whyNotResumable(saved, config.apiVersion, accountUuid);
  if (reason !== undefined) return planStartOver(reason, config, nowMs);
  const since = readAtMs === undefined ? '' : ` of ${toRfc3339(readAtMs)}`;
  return { start: { cursor }, description: `Resuming from the saved cursor${since}.`, warnings: [] };
}

/**
 * A start over reaches back to the start date, however old that is: events that arrived late may be dated long before
 * the last one that was read. The primary key absorbs the repeats.
 */
export function planStartOver(
  reason: string,
  config: Pick<Config, 'startDateMs'>,
  nowMs: number,
): ResumePlan & { start: { startTimeMs: number } } {
  const startTimeMs = clampToRetention(config.startDateMs, nowMs);
  const from = toRfc3339(startTimeMs);
  return {
    start: { startTimeMs },
    description: `Starting over at ${from}.`,
    warnings: [
      `${reason}. The stream starts over at ${from}: events that were already delivered come again, with the same uuid.`,
    ],
  };
}

function planFreshStart({ startDateMs }: Pick<Config, 'startDateMs'>, nowMs: number): ResumePlan {
  const startTimeMs = clampToRetention(startDateMs, nowMs);
  return {
    start: { startTimeMs },
    description: `Starting at ${toRfc3339(startTimeMs)}.`,
    warnings: startDateMs !== undefined && startDateMs < startTimeMs ? [warnOfClamping(startDateMs, startTimeMs)] : [],
  };
}

function warnOfClamping(startDateMs: number, startTimeMs: number): string {
  return (
    `The start date ${toRfc3339(startDateMs)} lies beyond the ${RETENTION_DAYS} days that 1Password keeps. ` +
    `The stream starts at ${toRfc3339(startTimeMs)}.`
  );
}

function whyNotResumable(
  saved: SavedState,
  apiVersion: ApiVersion,
  accountUuid: string | undefined,
): string | undefined {
  if (saved.apiVersion !== undefined && saved.apiVersion !== apiVersion) {
    return `The saved cursor belongs to another version of the API than the configured ${apiVersion}`;
  }
  if (saved.accountUuid !== undefined && accountUuid !== undefined && saved.accountUuid !== accountUuid) {
    return 'The saved cursor belongs to another 1Password account than the token';
  }
  return undefined;
}

/** Events that arrived after the last read and have passed retention since are gone for good. */
function describeGap({ readAtMs }: SavedState, nowMs: number): string[] {
  const earliestMs = nowMs - RETENTION_DAYS * DAY_MS;
  if (readAtMs === undefined || readAtMs >= earliestMs) return [];
  return [
    `The last sync was at ${toRfc3339(readAtMs)}, and 1Password keeps ${RETENTION_DAYS} days: events between ` +
      `${toRfc3339(readAtMs)} and ${toRfc3339(earliestMs)} can no longer be had.`,
  ];
}

function clampToRetention(startDateMs: number | undefined, nowMs: number): number {
  return Math.max(startDateMs ?? 0, nowMs - RETENTION_DAYS * DAY_MS);
}
