/** Where a stream starts: behind its saved cursor, at the start date, or over again. */
import type { SyncMode } from './airbyte/protocol.ts';
import type { PageStart } from './events-api/client.ts';
import type { ApiVersion } from './events-api/cursor-endpoint.ts';
import { parseDateTime, toRfc3339 } from './events-api/date-time.ts';
import { BEFORE_ALL_EVENTS_MS, RETENTION_DAYS } from './events-api/limits.ts';
import type { SavedState } from './state.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** What a saved state is compared with. */
export interface ResumeContext {
  syncMode: SyncMode;
  /** Epoch milliseconds; undefined if the user has not chosen a date. */
  startDateMs: number | undefined;
  apiVersion: ApiVersion;
  /** The account of the token, if introspection returned it. */
  accountUuid: string | undefined;
}

/** Where a run starts, and what the user should know about it. */
export interface ResumePlan {
  start: PageStart;
  /** How the log describes the start. */
  description: string;
  warnings: string[];
}

/** Decides where a stream starts, and names the gap that retention has made since the last run, if any. */
export function planResume(saved: SavedState, context: ResumeContext, nowMs: number): ResumePlan {
  const plan = planStart(saved, context, nowMs);
  return { ...plan, warnings: [...describeGap(saved, nowMs), ...plan.warnings] };
}

function planStart(saved: SavedState, context: ResumeContext, nowMs: number): ResumePlan {
  const { cursor, read_at: readAt } = saved;
  if (cursor === undefined) return planFirstStart(context, nowMs);
  const reason = whyNotResumable(saved, context);
  if (reason !== undefined) return planStartOver(reason, context.startDateMs);
  const from = readAt === undefined ? 'the saved cursor' : `the saved cursor of ${readAt}`;
  return {
    start: { cursor },
    description: `Resuming from ${from}.`,
    warnings: context.syncMode === 'full_refresh' ? [warnOfResumedRefresh(from)] : [],
  };
}

/**
 * A start over reaches back to the start date, however old that is: late events may be dated long before the last one
 * that was read. The primary key absorbs the repeats.
 */
export function planStartOver(reason: string, startDateMs: number | undefined): ResumePlan {
  const { start, from } = startAt(startDateMs);
  return {
    start,
    description: `Starting over at ${from}.`,
    warnings: [
      `${reason}. The stream starts over at ${from}: events that were already delivered come again, with the same uuid.`,
    ],
  };
}

function planFirstStart({ startDateMs }: ResumeContext, nowMs: number): ResumePlan {
  const { start, from } = startAt(startDateMs);
  const isBeyondRetention = startDateMs !== undefined && startDateMs < earliestKept(nowMs);
  return {
    start,
    description: `Starting at ${from}.`,
    warnings: isBeyondRetention
      ? [
          `The start date ${from} is more than ${RETENTION_DAYS} days ago, and 1Password keeps events for ` +
            `${RETENTION_DAYS} days: the stream starts at the oldest event that is left.`,
        ]
      : [],
  };
}

function startAt(startDateMs: number | undefined): { start: PageStart; from: string } {
  if (startDateMs === undefined) {
    return { start: { startTimeMs: BEFORE_ALL_EVENTS_MS }, from: 'the oldest event that 1Password keeps' };
  }
  return { start: { startTimeMs: startDateMs }, from: toRfc3339(startDateMs) };
}

/** Airbyte may hand a refresh the state that an earlier one ended with. */
function warnOfResumedRefresh(from: string): string {
  return (
    `The full refresh resumes from ${from} and reads only what has arrived since. A destination that overwrites would ` +
    'then lose everything before that. Clear the state of this stream to read it from the start.'
  );
}

function whyNotResumable(saved: SavedState, { apiVersion, accountUuid }: ResumeContext): string | undefined {
  if (saved.api_version !== undefined && saved.api_version !== apiVersion) {
    return `The saved cursor belongs to another version of the API than the configured ${apiVersion}`;
  }
  if (saved.account_uuid !== undefined && accountUuid !== undefined && saved.account_uuid !== accountUuid) {
    return 'The saved cursor belongs to another 1Password account than the token';
  }
  return undefined;
}

/** Events that arrived after the last read and have passed retention since are gone for good. */
function describeGap({ read_at: readAt }: SavedState, nowMs: number): string[] {
  const readAtMs = readAt === undefined ? undefined : parseDateTime(readAt)?.epochMs;
  const earliestMs = earliestKept(nowMs);
  if (readAtMs === undefined || readAtMs >= earliestMs) return [];
  return [
    `The last sync was at ${toRfc3339(readAtMs)}, and 1Password keeps events for ${RETENTION_DAYS} days: those between ` +
      `${toRfc3339(readAtMs)} and ${toRfc3339(earliestMs)} are lost.`,
  ];
}

function earliestKept(nowMs: number): number {
  return nowMs - RETENTION_DAYS * DAY_MS;
}
