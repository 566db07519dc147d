import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { MartLine } from '../evidence.ts';
import { EvidenceError } from '../evidence-error.ts';
import type { Cell } from '../marts.ts';

/**
 * Reads the marts through a program that prints them as JSON lines, read_marts.py in the Python that runs dbt. However the
 * reading ends, the program is gone by then. Throws an EvidenceError with its words if it fails.
 */
export async function* readMarts(
  program: string,
  argv: readonly string[],
  { cwd, signal }: { cwd: string; signal: AbortSignal },
): AsyncGenerator<MartLine> {
  signal.throwIfAborted();
  // Its standard input closes with this process, however that ends.
  const child = spawn(program, argv, { cwd, stdio: ['pipe', 'pipe', 'pipe'] });
  const stop = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', stop);
  const errors = text(child.stderr);
  const closed = once(child, 'close').then(
    async ([code]) => ({ code: code as number | null, reason: await errors }),
    (error: Error) => ({ code: 127, reason: error.message }),
  );
  try {
    yield* parseMartLines(child.stdout);
    // It still has to end by itself.
    await closed;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    stop();
    await closed;
    signal.removeEventListener('abort', stop);
  }
  signal.throwIfAborted();
  const { code, reason } = await closed;
  if (code !== 0) throw new EvidenceError(`The marts could not be read.\n${reason.trim()}`);
}

/** The lines that read_marts.py prints. Throws an EvidenceError at one that is no JSON. */
export async function* parseMartLines(lines: NodeJS.ReadableStream): AsyncGenerator<MartLine> {
  for await (const line of createInterface({ input: lines, crlfDelay: Number.POSITIVE_INFINITY })) {
    yield martLineOf(line);
  }
}

function martLineOf(line: string): MartLine {
  try {
    const value = JSON.parse(line) as Cell[] | Exclude<MartLine, { row: unknown }>;
    return Array.isArray(value) ? { row: value } : value;
  } catch {
    throw new EvidenceError('The marts could not be read: a line of their rows is cut off, or is no JSON.');
  }
}
