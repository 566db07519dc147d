import { parseRfc3339 } from './rfc3339.ts';

const MAX_LIMIT = 1000;
const DEFAULT_LIMIT = 100;
const HOUR_MS = 3_600_000;
const knownFields = ['cursor', 'limit', 'start_time', 'end_time'];

/** What a well-formed body asks for. */
export type EventsQuery =
  | { readonly kind: 'cursor'; readonly cursor: string }
  | { readonly kind: 'reset'; readonly limit: number; readonly startMs: number; readonly endMs: number };

/** A body that was read: what it asks for, and everything wrong with it. */
export interface ReadBody {
  /** Missing if the body cannot be served at all. A mixed body keeps its cursor here. */
  readonly query?: EventsQuery;
  readonly problems: readonly string[];
}

/** Reads the body of an event request: one of the two forms, fields at the top level, nulls as good as absent. */
export function readBody(text: string, nowMs: number): ReadBody {
  if (text.trim() === '') return { problems: ['the body is empty'] };
  const body = parseJson(text);
  if (body === undefined) return { problems: ['the body is not JSON'] };
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return { problems: ['the body is not a JSON object'] };
  }

  const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
  const unknown = Object.keys(body).filter((field) => !knownFields.includes(field));
  const problems = unknown.map((field) => `the body has the unknown field "${field}"`);
  const isMixed = given['cursor'] !== undefined && Object.keys(given).some((field) => field !== 'cursor');
  if (isMixed && unknown.length === 0) problems.push('the body mixes a cursor with reset fields');

  return 'cursor' in given ? readCursor(given['cursor'], problems) : readReset(given, nowMs, problems);
}

/** The value of a JSON text, or undefined. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readCursor(cursor: unknown, problems: string[]): ReadBody {
  if (typeof cursor !== 'string' || cursor === '') {
    return { problems: [...problems, 'the cursor is not a non-empty string'] };
  }
  return { query: { kind: 'cursor', cursor }, problems };
}

function readReset(given: Record<string, unknown>, nowMs: number, problems: string[]): ReadBody {
  const { limit = DEFAULT_LIMIT, start_time: start, end_time: end } = given;
  const endMs = end === undefined ? Number.POSITIVE_INFINITY : parseRfc3339(end);
  const startMs = start === undefined ? Math.min(endMs ?? nowMs, nowMs) - HOUR_MS : parseRfc3339(start);

  const isLimit = typeof limit === 'number' && Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT;
  if (!isLimit) problems.push(`the limit is not a whole number from 1 to ${MAX_LIMIT}`);
  if (startMs === undefined) problems.push('start_time is not an RFC 3339 date-time');
  if (endMs === undefined) problems.push('end_time is not an RFC 3339 date-time');
  if (!isLimit || startMs === undefined || endMs === undefined) return { problems };

  return { query: { kind: 'reset', limit, startMs, endMs }, problems };
}
