import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { EvidenceError } from '../evidence-error.ts';
import type { RunOptions } from './invocation.ts';

/**
 * Reads what a program prints, while it prints it. However the reading ends, the program is gone by then. Throws an
 * EvidenceError with its words if it fails.
 */
export async function* readOutput<T>(
  program: string,
  argv: readonly string[],
  { cwd, env, signal }: RunOptions,
  parse: (output: Readable) => AsyncIterable<T>,
): AsyncGenerator<T> {
  signal.throwIfAborted();
  // Its standard input closes with this process, however that ends: read_marts.py then ends too.
  const child = spawn(program, argv, { cwd, env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  const stop = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', stop);
  const errors = text(child.stderr);
  const ended = once(child, 'close').then(
    async ([code, killedBy]) => ({
      code: code as number | null,
      reason: killedBy ? `${killedBy} ended it.` : await errors,
    }),
    (error: Error) => ({ code: 127, reason: error.message }),
  );
  const assertSuccess = async (): Promise<void> => {
    const { code, reason } = await ended;
    signal.throwIfAborted();
    if (code !== 0) throw new EvidenceError(`The marts could not be read.\n${reason.trim()}`);
  };
  try {
    yield* parse(child.stdout);
    // It still has to end by itself.
    await ended;
  } catch (error) {
    // Why it ended says more than where its output is cut off.
    if (child.stdout.readableEnded) await assertSuccess();
    signal.throwIfAborted();
    throw error;
  } finally {
    stop();
    await ended;
    signal.removeEventListener('abort', stop);
  }
  await assertSuccess();
}
