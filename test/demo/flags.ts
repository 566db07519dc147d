import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DemoError } from './demo-error.ts';
import { stateFileOf } from './state-file.ts';

/** An account of the user's own: its configuration, and the DuckDB file to load. */
export interface OwnAccount {
  config: string;
  to: string;
}

const USAGE = 'npm run demo takes no flags, or both of these: npm run demo -- --config CONFIG.json --to FILE.duckdb';

/** Undefined if the simulator is to stand in for an account. Throws a DemoError if the flags make no sense. */
export function parseFlags(argv: readonly string[]): OwnAccount | undefined {
  const { config, to } = valuesOf(argv);
  if (config === undefined && to === undefined) return undefined;
  if (config === undefined || config === '') throw new DemoError(`--to needs --config CONFIG.json beside it. ${USAGE}`);
  if (to === undefined || to === '') throw new DemoError(`--config needs --to FILE.duckdb beside it. ${USAGE}`);

  const folder = dirname(resolve(to));
  if (!existsSync(folder)) throw new DemoError(`The folder of the file given with --to does not exist: ${folder}`);
  if (existsSync(to) && statSync(to).isDirectory()) throw new DemoError(`--to names a folder and not a file: ${to}`);
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
