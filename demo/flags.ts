import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DemoError } from './demo-error.ts';
import { stateFileOf } from './state-file.ts';

/** The account to read, and the DuckDB file to load. Without `config` the simulator stands in for an account. */
export type Flags = { config: string; to: string } | { config: undefined; to: string | undefined };

const USAGE = 'npm run demo takes --to FILE.duckdb, and beside it --config CONFIG.json for an account of your own.';

/** Throws a DemoError if the flags make no sense. */
export function parseFlags(argv: readonly string[]): Flags {
  const { config, to } = valuesOf(argv);
  if (config === '' || to === '') throw new DemoError(`A flag lacks the name of its file. ${USAGE}`);
  if (to === undefined) {
    if (config === undefined) return { config, to };
    throw new DemoError(`--config needs --to FILE.duckdb beside it. ${USAGE}`);
  }

  const folder = dirname(resolve(to));
  if (!existsSync(folder)) throw new DemoError(`The folder of the file given with --to does not exist: ${folder}`);
  if (existsSync(to) && statSync(to).isDirectory()) throw new DemoError(`--to names a folder and not a file: ${to}`);
  if (config === undefined) {
    // It is made anew each time: its events would mix with those of another account, or of its own last time.
    if (existsSync(to)) throw new DemoError(`The simulated account needs a new file, and this one exists: ${to}`);
    return { config, to };
  }
  if ([to, stateFileOf(to)].some((file) => resolve(file) === resolve(config))) {
    throw new DemoError(`The configuration would be overwritten: give --to another name than ${to}.`);
  }
  return { config, to };
}

function valuesOf(argv: readonly string[]): { config?: string | undefined; to?: string | undefined } {
  try {
    return parseArgs({ args: [...argv], options: { config: { type: 'string' }, to: { type: 'string' } } }).values;
  } catch {
    throw new DemoError(`These flags make no sense: ${argv.join(' ')}. ${USAGE}`);
  }
}
