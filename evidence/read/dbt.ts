import { readFileSync, realpathSync, statSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import type { MartLine } from '../evidence.ts';
import { EvidenceError } from '../evidence-error.ts';
import type { DbtProject } from '../flags.ts';
import { runCommand } from './command.ts';
import READ_MARTS from './read_marts.py';
import { readMarts } from './read-marts.ts';

/** The dbt of a project. */
export interface Dbt {
  /** Runs a command of dbt on the project. Throws an EvidenceError with dbt's words if that fails. */
  run(...argv: readonly string[]): Promise<void>;
  /** Reads what the package has built, in the order that the analysis `onepassword__evidence` has. */
  openMarts(): AsyncIterable<MartLine>;
}

/** Finds dbt by its path, or by its name on the PATH. The one place that knows which dbt it is. */
export function findDbt(
  program: string,
  project: DbtProject,
  { path, signal }: { path: string; signal: AbortSignal },
): Dbt {
  const dbt = findDbtCore(program, path);
  const { projectDir: cwd } = project;
  const flags = flagsOf(project);
  return {
    run: async (...argv) => {
      const env = { DO_NOT_TRACK: '1', NO_COLOR: '1' };
      const quiet = ['--quiet', '--no-use-colors', ...argv, ...flags];
      const { code, output } = await runCommand(dbt.program, quiet, { cwd, env, signal });
      if (code !== 0) throw new EvidenceError(`dbt ${argv[0]} failed, so no report was written.\n\n${output.trim()}`);
    },
    openMarts: () => readMarts(dbt.python, ['-c', READ_MARTS, ...flags], { cwd, signal }),
  };
}

/** A dbt Core and the Python that it runs in. */
export function findDbtCore(program: string, path: string): { program: string; python: string } {
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  const candidates = program.includes('/') ? [program] : folders.map((folder) => join(folder, program));
  const found = candidates.find(isFile);
  if (found === undefined) {
    throw new EvidenceError(
      `${program} was not found. Activate the environment that has dbt, or give its path with --dbt.`,
    );
  }
  // It runs in the folder of the project.
  const absolute = resolve(found);
  const python = pythonOf(realpathSync(absolute));
  if (python === undefined) {
    throw new EvidenceError(`${found} does not run in Python. The report needs dbt Core: give its path with --dbt.`);
  }
  return { program: absolute, python };
}

/** The interpreter in the first lines of a script that pip or pipx made, or beside it. */
function pythonOf(script: string): string | undefined {
  const head = readFileSync(script).subarray(0, 1024).toString('latin1');
  const named = /^#!(\S*python\S*)\s*$/m.exec(head)?.[1] ?? /^'''exec' "?([^"\n]*python[^" \n]*)/m.exec(head)?.[1];
  const beside = ['python', 'python3'].map((name) => join(dirname(script), name));
  return [named, ...beside].find((candidate) => candidate !== undefined && isFile(candidate));
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** The flags by which dbt finds the project. */
function flagsOf({ projectDir, profilesDir, target, vars }: DbtProject): string[] {
  const flags = { 'project-dir': projectDir, 'profiles-dir': profilesDir, target, vars };
  return Object.entries(flags).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]));
}
