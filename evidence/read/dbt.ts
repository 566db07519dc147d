import { readFileSync, realpathSync, statSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { EvidenceError } from '../evidence-error.ts';
import type { DbtProject } from '../flags.ts';
import { runCommand } from './command.ts';

/** A dbt and the Python that it runs in. */
export interface Dbt {
  program: string;
  python: string;
}

/** Finds dbt by its path, or by its name on the PATH. */
export function findDbt(program: string, path: string): Dbt {
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  const candidates = /[\\/]/.test(program) ? [program] : folders.map((folder) => join(folder, program));
  const found = candidates.flatMap((candidate) => [candidate, `${candidate}.exe`]).find(isFile);
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
  const beside = ['python', 'python3', 'python.exe'].map((name) => join(dirname(script), name));
  return [named, ...beside].find((candidate) => candidate !== undefined && isFile(candidate));
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** The flags by which dbt finds the project. */
export function flagsOf({ projectDir, profilesDir, target, vars }: DbtProject): string[] {
  const flags = { 'project-dir': projectDir, 'profiles-dir': profilesDir, target, vars };
  return Object.entries(flags).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]));
}

/** Runs dbt. Throws an EvidenceError with its words if that fails. */
export async function runDbt({ program }: Dbt, argv: readonly string[], project: DbtProject): Promise<void> {
  const env = { DO_NOT_TRACK: '1', NO_COLOR: '1' };
  const { exitCode, output } = await runCommand(program, [...argv, ...flagsOf(project)], {
    cwd: project.projectDir,
    env,
  });
  if (exitCode !== 0) throw new EvidenceError(`dbt ${argv[0]} failed, so no report was written.\n\n${output.trim()}`);
}
