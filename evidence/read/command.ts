import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { RunOptions } from './invocation.ts';

export interface Exit {
  code: number;
  /** What it printed, on both outputs. */
  output: string;
}

/**
 * Runs a program to its end. An exit code of 127 stands for a program that cannot be started. Throws the signal's reason, once
 * the program is gone.
 */
export async function runCommand(
  program: string,
  argv: readonly string[],
  { cwd, env, signal }: RunOptions,
): Promise<Exit> {
  signal.throwIfAborted();
  const child = spawn(program, argv, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that what it has started ends with it.
    detached: true,
  });
  const stop = (): void => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid);
  };
  signal.addEventListener('abort', stop);
  const outputs = Promise.all([text(child.stdout), text(child.stderr)]);
  try {
    const [code, killedBy] = (await once(child, 'close')) as [number | null, string | null];
    signal.throwIfAborted();
    const printed = (await outputs).join('');
    return { code: code ?? 1, output: killedBy === null ? printed : `${printed}${killedBy} ended it.` };
  } catch (error) {
    signal.throwIfAborted();
    return { code: 127, output: (error as Error).message };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
