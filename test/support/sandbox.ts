import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { writeInputs } from './connector.ts';
import { BUNDLE, type ProcessOptions } from './process.ts';

/** All that a run left behind. */
export interface SandboxedRun {
  exitCode: number | null;
  stdout: string;
  stderr: string;
  seconds: number;
  /** What it wrote into its working directory, its home or its temporary directory. */
  files: string[];
}

/** Runs the bundle with one new directory as everything that it could write to. */
export async function runInSandbox(command: string, options: ProcessOptions = {}): Promise<SandboxedRun> {
  const { argv, env = {}, ...inputs } = options;
  const files = writeInputs(command, inputs);
  const directory = mkdtempSync(join(tmpdir(), 'sandbox-'));
  const startedMs = performance.now();
  try {
    const child = spawn(process.execPath, [BUNDLE, ...(argv ?? files.argv)], {
      cwd: directory,
      env: { PATH: process.env['PATH'], HOME: directory, TMPDIR: directory, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, stderr, [exitCode]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number | null]>,
    ]);
    const written = readdirSync(directory, { recursive: true }).map(String);
    return { exitCode, stdout, stderr, seconds: (performance.now() - startedMs) / 1000, files: written };
  } finally {
    files.dispose();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The pieces of a secret that can be read in a text: the whole, and every part long enough to be told from chance. */
export function piecesIn(text: string, secret: string): string[] {
  const pieces = new Set([secret, ...secret.split(/[\s.]+/)]);
  return [...pieces].filter((piece) => piece.length >= 8 && text.includes(piece));
}
