import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AirbyteMessage, AirbyteStream } from '../src/airbyte/protocol.ts';
import { runConnector } from './connector.ts';
import { DemoError } from './demo-error.ts';
import { type Progress, startProgress } from './progress-bar.ts';
import type { StateFile } from './state-file.ts';
import { printTable } from './table.ts';
import type { Warehouse } from './warehouse.ts';

export interface SyncOptions {
  config: string;
  streams: readonly AirbyteStream[];
  warehouse: Warehouse;
  state: StateFile;
  /** How many records will come, if that can be known. */
  expected?: number;
}

/** The records that came, by stream. */
export type Arrivals = ReadonlyMap<string, number>;

/** Reads every stream from the saved state into the warehouse, and prints what came. Throws if the read failed. */
export async function sync(options: SyncOptions): Promise<Arrivals> {
  const { config, streams, warehouse, state, expected } = options;
  const before = await prepare(options);
  const progress = startProgress(expected);
  const load = new Load(warehouse, state, progress);

  const inputs = mkdtempSync(join(tmpdir(), 'source-1password-read-'));
  let endedWell: boolean;
  try {
    const catalog = join(inputs, 'catalog.json');
    writeFileSync(catalog, JSON.stringify(configuredCatalog(streams)));
    // As Airbyte does: the connector gets the file of a run's beginning, whatever is saved meanwhile.
    const saved = join(inputs, 'state.json');
    if (!state.isEmpty) state.copyTo(saved);
    const argv = ['read', '--config', config, '--catalog', catalog, ...(state.isEmpty ? [] : ['--state', saved])];
    endedWell = await runConnector(argv, (message, line) => load.take(message, line));
  } finally {
    progress.stop();
    rmSync(inputs, { recursive: true, force: true });
  }

  const rows = await Promise.all(
    streams.map(async ({ name }) => {
      const held = await warehouse.count(name);
      return [name, load.arrivals.get(name) ?? 0, held - (before.get(name) ?? 0), held];
    }),
  );
  printTable(['stream', 'records', 'new rows', 'rows in DuckDB'], rows);

  if (!endedWell) {
    const causes = load.errors.length > 0 ? load.errors : ['The connector ended without saying why.'];
    const kept = `What was loaded up to the last saved state is kept; the next run goes on from there.`;
    throw new DemoError(['The read failed:', ...causes.map((cause) => `- ${cause}`), kept].join('\n'));
  }
  return load.arrivals;
}

/** Resolves to the rows that each table holds. State says what the table holds, so without its table it is void. */
async function prepare({ streams, warehouse, state }: SyncOptions): Promise<Map<string, number>> {
  const rows = new Map<string, number>();
  for (const stream of streams) {
    const existed = await warehouse.prepare(stream);
    if (!existed) state.forget(stream.name);
    rows.set(stream.name, await warehouse.count(stream.name));
  }
  return rows;
}

function configuredCatalog(streams: readonly AirbyteStream[]): object {
  return {
    streams: streams.map((stream) => ({
      stream,
      sync_mode: 'incremental',
      destination_sync_mode: 'append_dedup',
      cursor_field: stream.default_cursor_field,
      primary_key: stream.source_defined_primary_key,
    })),
  };
}

/** Takes the messages of one read. Records wait for their state, so that the warehouse holds what the state says. */
class Load {
  readonly arrivals = new Map<string, number>();
  readonly errors: string[] = [];
  readonly #warehouse: Warehouse;
  readonly #state: StateFile;
  readonly #progress: Progress;
  readonly #waiting = new Map<string, string[]>();
  /** Airbyte counts its jobs; the time does as well, for it grows from one sync to the next. */
  readonly #syncId = Date.now();
  #quotaResetMs = 0;

  constructor(warehouse: Warehouse, state: StateFile, progress: Progress) {
    this.#warehouse = warehouse;
    this.#state = state;
    this.#progress = progress;
  }

  async take(message: AirbyteMessage, line: string): Promise<void> {
    switch (message.type) {
      case 'RECORD':
        return this.#takeRecord(message.record.stream, line);
      case 'STATE':
        return await this.#takeState(message.state);
      case 'TRACE':
        return this.#takeTrace(message.trace);
      case 'LOG':
        if (message.log.level === 'WARN') this.#progress.say(`  Warning: ${message.log.message}`);
    }
  }

  #takeRecord(stream: string, line: string): void {
    const waiting = this.#waiting.get(stream) ?? [];
    waiting.push(line);
    this.#waiting.set(stream, waiting);
    this.arrivals.set(stream, (this.arrivals.get(stream) ?? 0) + 1);
    this.#progress.add(1);
  }

  async #takeState(state: Parameters<StateFile['save']>[0]): Promise<void> {
    const { name } = state.stream.stream_descriptor;
    const records = this.#waiting.get(name) ?? [];
    this.#waiting.delete(name);
    if (records.length > 0) await this.#warehouse.load(name, records, this.#syncId);
    this.#state.save(state);
  }

  #takeTrace(trace: Extract<AirbyteMessage, { type: 'TRACE' }>['trace']): void {
    if (trace.type === 'ERROR') {
      this.errors.push(trace.error.message);
      return;
    }
    const resetMs = trace.stream_status.reasons?.[0]?.rate_limited.quota_reset;
    // Every stream tells of the same wait.
    if (resetMs === undefined || resetMs === this.#quotaResetMs) return;
    this.#quotaResetMs = resetMs;
    this.#progress.say(`  Rate limited until ${new Date(resetMs).toISOString().slice(11, 19)} UTC`);
  }
}
