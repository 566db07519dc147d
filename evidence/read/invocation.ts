import type { DbtProject } from '../flags.ts';

/** How a program is run. */
export interface RunOptions {
  cwd: string;
  env?: Readonly<Record<string, string>>;
  /** Ends the program when it is aborted. */
  signal: AbortSignal;
}

/** dbt reports to nobody, which v2 is told otherwise than 1.x, and writes plain text, without a stack trace. */
export const DISCREET = {
  DO_NOT_TRACK: '1',
  DBT_SEND_ANONYMOUS_USAGE_STATS: 'false',
  DBT_DISABLE_VERSION_CHECK: 'true',
  NO_COLOR: '1',
  DBT_USE_COLORS: 'false',
  RUST_BACKTRACE: '0',
};

/** The flags by which dbt finds the project. */
export function flagsOf({ projectDir, profilesDir, target, vars }: DbtProject): string[] {
  const flags = { 'project-dir': projectDir, 'profiles-dir': profilesDir, target, vars };
  return Object.entries(flags).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]));
}
