/** The contract between the protocol layer and a source: what a source must provide, and what it receives. */
import type { ConnectorError } from './errors.ts';
import type { AirbyteStream, ConfiguredStream, ConnectorSpecification, LogLevel, StreamRecord } from './protocol.ts';

/** Everything outside the source that one run needs. Time and chance enter here, so that tests can control them. */
export interface Runtime {
  /** Epoch milliseconds; never runs backwards within a run. */
  now(): number;
  /** Rejects with the signal's reason when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** From 0 up to, not including, 1. */
  random(): number;
  /** Aborted when the run must end at once. */
  signal: AbortSignal;
  log(level: LogLevel, message: string): void;
  /** Tells Airbyte that this stream, or every unfinished one, waits until that time, in epoch milliseconds. */
  rateLimited(untilMs: number, stream?: string): void;
  /** Tells Airbyte that the last announced wait of this stream, or of all, is over. */
  resumed(stream?: string): void;
}

/** The records of one page and, if one is due, the state that follows them. */
export interface StreamPage {
  /** Iterated once, before the next page is requested. */
  records: Iterable<StreamRecord>;
  state: object | undefined;
}

/** Reads one stream, page by page. What it throws fails only this stream, unless the error ends the run. */
export type StreamReader = (stream: ConfiguredStream) => AsyncIterable<StreamPage>;

/** A source with its configuration. */
export interface ConfiguredSource {
  /** Resolves to the sentence that the user sees on success; throws on failure. */
  check(): Promise<string>;
  /** Prepares the reading of these streams. What it throws fails the run. */
  open(streams: readonly ConfiguredStream[]): Promise<StreamReader>;
  /** Turns whatever `check`, `open` or a reader threw into the user's words. */
  explain(error: unknown, stream?: string): ConnectorError;
  /** Releases what would keep the process alive. */
  close(): void;
}

/** A source as `main` knows it. */
export interface Source {
  spec: ConnectorSpecification;
  streams: readonly AirbyteStream[];
  /** Throws a config_error that names the broken field, never its value. */
  configure(rawConfig: unknown, runtime: Runtime): Promise<ConfiguredSource>;
}
