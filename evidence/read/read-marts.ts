import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { MartLine } from '../evidence.ts';
import { EvidenceError } from '../evidence-error.ts';
import type { Cell } from '../marts.ts';
import type { RunOptions } from './invocation.ts';
import { readOutput } from './output.ts';

/** Reads the marts through a program that prints them as JSON lines, read_marts.py in the Python that runs dbt 1.x. */
export function readMarts(program: string, argv: readonly string[], options: RunOptions): AsyncGenerator<MartLine> {
  return readOutput(program, argv, options, parseMartLines);
}

/** The lines that read_marts.py prints. Throws an EvidenceError at one that is no JSON. */
export async function* parseMartLines(lines: Readable): AsyncGenerator<MartLine> {
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
