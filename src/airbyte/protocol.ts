/**
 * The messages of the Airbyte protocol that a source reads and writes, and a constructor for each one we write.
 * Shapes: https://github.com/airbytehq/airbyte-protocol (v0.18).
 */
import type { JSONSchema7 } from 'json-schema';
import type { ConnectorError, FailureType } from './errors.ts';

/** How a stream is to be read. */
export type SyncMode = 'full_refresh' | 'incremental';
/** Airbyte's log levels. A LOG of level ERROR explains; only an ERROR trace fails a run. */
export type LogLevel = 'FATAL' | 'ERROR' | 'WARN' | 'INFO' | 'DEBUG' | 'TRACE';
/** The statuses of a stream, in order; it ends with COMPLETE or INCOMPLETE. */
export type StreamStatus = 'STARTED' | 'RUNNING' | 'COMPLETE' | 'INCOMPLETE';

/** The connection form is built from it, and a configuration is validated against it. */
export interface ConnectorSpecification {
  connectionSpecification: JSONSchema7 & { properties: Record<string, { airbyte_secret?: boolean }> };
  documentationUrl?: string;
}

/** A stream as `discover` lists it. */
export interface AirbyteStream {
  name: string;
  json_schema: object;
  supported_sync_modes: SyncMode[];
  source_defined_cursor: boolean;
  default_cursor_field: string[];
  source_defined_primary_key: string[][];
  is_resumable: boolean;
}

/** A stream as the user configured it, with its saved state, which only the stream itself can validate. */
export interface ConfiguredStream {
  name: string;
  syncMode: SyncMode;
  state: unknown;
}

/** A value that could not be delivered unchanged, listed in the record's `meta`. `field` is a dotted path. */
export interface RecordChange {
  field: string;
  change: 'NULLED' | 'TRUNCATED';
  reason: 'SOURCE_SERIALIZATION_ERROR' | 'SOURCE_RECORD_SIZE_LIMITATION' | 'SOURCE_FIELD_SIZE_LIMITATION';
}

/** The content of one RECORD. */
export interface StreamRecord {
  data: object;
  changes?: RecordChange[];
}

interface StreamDescriptor {
  name: string;
}

/** `emitted_at` is in epoch milliseconds. */
interface RecordPayload {
  stream: string;
  data: object;
  emitted_at: number;
  meta?: { changes: RecordChange[] };
}

interface RecordMessage {
  type: 'RECORD';
  record: RecordPayload;
}

interface StateMessage {
  type: 'STATE';
  state: {
    type: 'STREAM';
    stream: { stream_descriptor: StreamDescriptor; stream_state: object };
    sourceStats: { recordCount: number };
  };
}

interface LogMessage {
  type: 'LOG';
  log: { level: LogLevel; message: string };
}

interface ErrorTrace {
  type: 'ERROR';
  emitted_at: number;
  error: {
    message: string;
    internal_message?: string;
    stack_trace?: string;
    failure_type: FailureType;
    stream_descriptor?: StreamDescriptor;
  };
}

interface StreamStatusTrace {
  type: 'STREAM_STATUS';
  emitted_at: number;
  stream_status: {
    stream_descriptor: StreamDescriptor;
    status: StreamStatus;
    reasons?: { type: 'RATE_LIMITED'; rate_limited: { quota_reset: number } }[];
  };
}

interface TraceMessage {
  type: 'TRACE';
  trace: ErrorTrace | StreamStatusTrace;
}

/** One line on stdout. */
export type AirbyteMessage =
  | RecordMessage
  | StateMessage
  | LogMessage
  | TraceMessage
  | { type: 'SPEC'; spec: ConnectorSpecification }
  | { type: 'CONNECTION_STATUS'; connectionStatus: { status: 'SUCCEEDED' | 'FAILED'; message: string } }
  | { type: 'CATALOG'; catalog: { streams: readonly AirbyteStream[] } };

/** `emittedAt` is in epoch milliseconds, here and below. */
export function recordMessage(stream: string, record: StreamRecord, emittedAt: number): AirbyteMessage {
  const { data, changes } = record;
  return { type: 'RECORD', record: { stream, data, emitted_at: emittedAt, ...(changes && { meta: { changes } }) } };
}

/** `recordCount` is the number of the stream's records since its previous STATE. */
export function stateMessage(stream: string, state: object, recordCount: number): AirbyteMessage {
  return {
    type: 'STATE',
    state: {
      type: 'STREAM',
      stream: { stream_descriptor: { name: stream }, stream_state: state },
      sourceStats: { recordCount },
    },
  };
}

/** One line of the log, written for the user. */
export function logMessage(level: LogLevel, message: string): AirbyteMessage {
  return { type: 'LOG', log: { level, message } };
}

/** An ERROR trace. Only a `system_error` carries a stack, because a bug report needs it. */
export function errorMessage(error: ConnectorError, emittedAt: number, stream?: string): AirbyteMessage {
  const { cause } = error;
  return {
    type: 'TRACE',
    trace: {
      type: 'ERROR',
      emitted_at: emittedAt,
      error: {
        message: error.message,
        ...(cause instanceof Error && { internal_message: `${cause.name}: ${cause.message}` }),
        ...(cause instanceof Error && error.failureType === 'system_error' && { stack_trace: cause.stack ?? '' }),
        failure_type: error.failureType,
        ...(stream !== undefined && { stream_descriptor: { name: stream } }),
      },
    },
  };
}

/** `quotaResetMs`, in epoch milliseconds, turns a RUNNING into Airbyte's *rate limited until …*. */
export function streamStatusMessage(
  stream: string,
  status: StreamStatus,
  emittedAt: number,
  quotaResetMs?: number,
): AirbyteMessage {
  return {
    type: 'TRACE',
    trace: {
      type: 'STREAM_STATUS',
      emitted_at: emittedAt,
      stream_status: {
        stream_descriptor: { name: stream },
        status,
        ...(quotaResetMs !== undefined && {
          reasons: [{ type: 'RATE_LIMITED' as const, rate_limited: { quota_reset: Math.ceil(quotaResetMs) } }],
        }),
      },
    },
  };
}
