import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export interface Ending {
  exitCode: number;
  /** What it printed, on both outputs. */
  output: string;
}

/** Runs a program to its end. An exit code of 127 stands for a program that cannot be started. */
export async function runCommand(
  program: string,
  argv: readonly string[],
  options: { cwd: string; env?: Readonly<Record<string, string>> },
): Promise<Ending> {
  const child = spawn(program, argv, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const outputs = Promise.all([text(child.stdout), text(child.stderr)]);
  try {
    const [exitCode] = (await once(child, 'close')) as [number | null];
    return { exitCode: exitCode ?? 1, output: (await outputs).join('') };
  } catch (error) {
    return { exitCode: 127, output: (error as Error).message };
  }
}
