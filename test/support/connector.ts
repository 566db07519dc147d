import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { type Environment, run } from '../../src/airbyte/entrypoint.ts';
import { Output } from '../../src/airbyte/output.ts';
import { source } from '../../src/source.ts';
import { catalogOf } from './catalog.ts';
import { ConnectorOutput } from './output.ts';

/** The content of the files that a command gets; a string is written as it is. */
export interface Inputs {
  config?: unknown;
  catalog?: unknown;
  state?: unknown;
}

/** Writes the input files of one command into a directory of their own, and names them on the command line. */
export function writeInputs(command: string, inputs: Inputs): { argv: string[]; dispose(): void } {
  const directory = mkdtempSync(join(tmpdir(), 'source-1password-'));
  const argv = [command];
  for (const [flag, content] of Object.entries(inputs)) {
    if (content === undefined) continue;
    const path = join(directory, `${flag}.json`);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    argv.push(`--${flag}`, path);
  }
  return { argv, dispose: () => rmSync(directory, { recursive: true, force: true }) };
}

/** A clock that stands still but for the waits, which it spends at once. Records how long it was asked to wait. */
export class TestClock {
  nowMs: number;
  readonly waitsMs: number[] = [];

  constructor(now: Date | number = Date.now()) {
    this.nowMs = Number(now);
  }

  readonly now = (): number => this.nowMs;

  readonly sleep = async (ms: number, signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    this.waitsMs.push(ms);
    this.nowMs += ms;
  };
}

export interface RunOptions extends Inputs {
  argv?: readonly string[];
  clock?: TestClock;
  signal?: AbortSignal;
}

/** Runs one command of the connector in this process: real arguments, files and HTTP; only time is held. */
export async function runCommand(command: string, options: RunOptions = {}): Promise<ConnectorOutput> {
  const { argv, clock = new TestClock(), signal = new AbortController().signal, ...inputs } = options;
  const files = writeInputs(command, inputs);
  const stdout = new PassThrough({ highWaterMark: 2 ** 30 });
  const environment: Environment = { now: clock.now, sleep: clock.sleep, random: () => 0.5, signal };
  try {
    const exitCode = await run(source, argv ?? files.argv, new Output(stdout, signal), environment);
    return new ConnectorOutput(String(stdout.read() ?? ''), exitCode);
  } finally {
    files.dispose();
  }
}

/** Reads these streams, all three unless told otherwise. */
export function read(
  options: Omit<RunOptions, 'catalog'> & { streams?: readonly string[]; catalog?: unknown } = {},
): Promise<ConnectorOutput> {
  const { streams, catalog = catalogOf(streams), ...rest } = options;
  return runCommand('read', { ...rest, catalog });
}
