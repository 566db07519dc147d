import { STREAMS } from './catalog.ts';

/** What a connector wrote, sorted by message type. */

type JsonObject = Record<string, unknown>;

interface StreamStatusPayload {
  stream_descriptor: { name: string };
  status: string;
  reasons?: { type: string; rate_limited: { quota_reset: number } }[];
}

interface ErrorPayload {
  message: string;
  failure_type: string;
  internal_message?: string;
  stack_trace?: string;
  stream_descriptor?: { name: string };
}

/** A message of any type; the payload that belongs to its type is there. */
export interface Message {
  type: string;
  record?: { stream: string; data: JsonObject; emitted_at: number; meta?: { changes: JsonObject[] } };
  state?: {
    type: string;
    stream: { stream_descriptor: { name: string }; stream_state: JsonObject };
    sourceStats: { recordCount: number };
  };
  log?: { level: string; message: string };
  trace?: { type: string; emitted_at: number; error?: ErrorPayload; stream_status?: StreamStatusPayload };
  connectionStatus?: { status: string; message: string };
  catalog?: { streams: JsonObject[] };
  spec?: JsonObject;
}

/** Parses stdout strictly: every line must be one JSON message that begins with its type. */
export class ConnectorOutput {
  readonly stdout: string;
  readonly exitCode: number | null;
  readonly messages: Message[];

  constructor(stdout: string, exitCode: number | null) {
    this.stdout = stdout;
    this.exitCode = exitCode;
    if (stdout !== '' && !stdout.endsWith('\n')) throw new Error('the last line is not complete');
    this.messages = stdout.split('\n').slice(0, -1).map(parseMessage);
  }

  /** The data of the records of a stream, in the order in which they came. */
  records(stream: string): JsonObject[] {
    return this.messages.flatMap(({ record }) => (record?.stream === stream ? [record.data] : []));
  }

  uuids(stream: string): unknown[] {
    return this.records(stream).map(({ uuid }) => uuid);
  }

  /** The states in the order in which they came, of one stream if it is given. */
  states(stream?: string): { stream: string; state: JsonObject; recordCount: number }[] {
    return this.messages
      .flatMap(({ state }) => (state === undefined ? [] : [state]))
      .map(({ stream: { stream_descriptor, stream_state }, sourceStats }) => ({
        stream: stream_descriptor.name,
        state: stream_state,
        recordCount: sourceStats.recordCount,
      }))
      .filter((state) => stream === undefined || state.stream === stream);
  }

  /** The last state of every stream, in the form in which Airbyte hands it to the next run. */
  lastState(): object[] {
    const states = this.messages.flatMap(({ state }) => (state === undefined ? [] : [state]));
    return [...new Map(states.map((state) => [state.stream.stream_descriptor.name, state])).values()];
  }

  /** `STARTED`, `RUNNING` …, a rate-limited one as `RATE_LIMITED`. */
  statuses(stream: string): string[] {
    return this.messages
      .flatMap(({ trace }) => (trace?.stream_status === undefined ? [] : [trace.stream_status]))
      .filter((status) => status.stream_descriptor.name === stream)
      .map(({ status, reasons }) => (reasons === undefined ? status : 'RATE_LIMITED'));
  }

  /** The last status of each of the three streams. */
  ends(): (string | undefined)[] {
    return STREAMS.map((stream) => this.statuses(stream).at(-1));
  }

  /** When each wait for a rate limit is said to end, in epoch milliseconds. */
  quotaResets(): number[] {
    return this.messages.flatMap(
      ({ trace }) => trace?.stream_status?.reasons?.map(({ rate_limited }) => rate_limited.quota_reset) ?? [],
    );
  }

  errors(): ErrorPayload[] {
    return this.messages.flatMap(({ trace }) => (trace?.error === undefined ? [] : [trace.error]));
  }

  /** The messages of the log, of one level if it is given. */
  logs(level?: string): string[] {
    return this.messages.flatMap(({ log }) =>
      log !== undefined && (level === undefined || log.level === level) ? [log.message] : [],
    );
  }

  connectionStatus(): { status: string; message: string } | undefined {
    return this.messages.find(({ type }) => type === 'CONNECTION_STATUS')?.connectionStatus;
  }
}

function parseMessage(line: string): Message {
  if (!line.startsWith('{"type":"')) throw new Error(`not a message: ${line.slice(0, 200)}`);
  return JSON.parse(line);
}
