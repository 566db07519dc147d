import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { catalogOf } from './catalog.ts';
import { type Inputs, writeInputs } from './connector.ts';
import { ConnectorOutput } from './output.ts';

/** The bundle as users run it. */
export const BUNDLE = join(__dirname, '../../dist/main.js');

export interface ProcessOptions extends Inputs {
  argv?: readonly string[];
  env?: Record<string, string>;
  /** What Node is told before the bundle, as the image tells it. */
  nodeFlags?: readonly string[];
}

/** The end of a process: by an exit code or by a signal. */
export interface ProcessResult {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** Starts the bundle on one command. The environment holds no proxy but the one that the test sets. */
export function start(command: string, options: ProcessOptions = {}): { child: Child; dispose(): void } {
  const { argv, env = {}, nodeFlags = [], ...inputs } = options;
  const files = writeInputs(command, inputs);
  const child = spawn(process.execPath, [...nodeFlags, BUNDLE, ...(argv ?? files.argv)], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { child, dispose: files.dispose };
}

/** Runs the bundle to its end. */
export async function runProcess(command: string, options: ProcessOptions = {}): Promise<ProcessResult> {
  const { child, dispose } = start(command, options);
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  const [exitCode, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  dispose();
  return { exitCode, signal, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
}

/** Runs the bundle to its end and parses what it wrote. Fails if anything went to stderr. */
export async function runBundle(command: string, options: ProcessOptions = {}): Promise<ConnectorOutput> {
  const { exitCode, stdout, stderr } = await runProcess(command, options);
  if (stderr !== '') throw new Error(`stderr is not empty: ${stderr}`);
  return new ConnectorOutput(stdout, exitCode);
}

/** Reads all three streams with the bundle, unless told otherwise. */
export function readBundle(options: ProcessOptions = {}): Promise<ConnectorOutput> {
  return runBundle('read', { catalog: catalogOf(), ...options });
}
