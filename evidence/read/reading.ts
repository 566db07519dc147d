import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { EvidenceError } from '../evidence-error.ts';
import type { About } from '../marts.ts';
import type { Cell } from '../write/csv.ts';

/** The head of a query's answer. Its rows follow, each with one cell a column. */
export interface Query {
  name: string;
  sql: string;
  columns: readonly string[];
}

export type MartLine = { about: About } | { query: Query } | { row: readonly Cell[] };

/** Reads the marts with the Python that runs dbt. Throws an EvidenceError with dbt's words if that fails. */
export async function* readMarts(python: string, argv: readonly string[], cwd: string): AsyncGenerator<MartLine> {
  const child = spawn(python, argv, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close');
  const errors = text(child.stderr);
  try {
    yield* parseReadings(child.stdout);
  } finally {
    // Whoever stops reading early must not leave it waiting for a reader. It has ended by itself otherwise.
    if (child.stdout.readableEnded === false) child.kill();
  }
  const [exitCode] = (await closed) as [number | null];
  if (exitCode !== 0) throw new EvidenceError(`The marts could not be read.\n${(await errors).trim()}`);
}

/** The lines that read_marts.py prints. */
export async function* parseReadings(lines: NodeJS.ReadableStream): AsyncGenerator<MartLine> {
  for await (const line of createInterface({ input: lines, crlfDelay: Number.POSITIVE_INFINITY })) {
    const value = JSON.parse(line) as Cell[] | { about: About } | { query: string; sql: string; columns: string[] };
    if (Array.isArray(value)) yield { row: value };
    else if ('about' in value) yield value;
    else yield { query: { name: value.query, sql: value.sql, columns: value.columns } };
  }
}
