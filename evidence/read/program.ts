import { readFileSync, realpathSync, statSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { EvidenceError } from '../evidence-error.ts';

/** The absolute path of a dbt that is given by its path, or by its name on the PATH. */
export function findProgram(program: string, path: string): string {
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  const candidates = program.includes('/') ? [program] : folders.map((folder) => join(folder, program));
  const found = candidates.find(isFile);
  if (found === undefined) {
    throw new EvidenceError(
      `${program} was not found. Activate the environment that has dbt, or give its path with --dbt.`,
    );
  }
  // It runs in the folder of the project.
  return resolve(found);
}

/** The interpreter in the first lines of a script that pip or pipx made, or beside it. */
export function pythonOf(program: string): string | undefined {
  const script = realpathSync(program);
  const head = readFileSync(script).subarray(0, 1024).toString('latin1');
  const named = /^#!(\S*python\S*)\s*$/m.exec(head)?.[1] ?? /^'''exec' "?([^"\n]*python[^" \n]*)/m.exec(head)?.[1];
  const beside = ['python', 'python3'].map((name) => join(dirname(script), name));
  return [named, ...beside].find((candidate) => candidate !== undefined && isFile(candidate));
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
