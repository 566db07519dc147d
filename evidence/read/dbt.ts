import type { MartLine } from '../evidence.ts';
import { EvidenceError } from '../evidence-error.ts';
import type { DbtProject } from '../flags.ts';
import { runCommand } from './command.ts';
import { DISCREET, flagsOf } from './invocation.ts';
import { findProgram, pythonOf } from './program.ts';
import READ_MARTS from './read_marts.py';
import { readMarts } from './read-marts.ts';
import { showMarts } from './show-marts.ts';

/** The dbt of a project. */
export interface Dbt {
  /** Runs a command of dbt on the project. Throws an EvidenceError with dbt's words if that fails. */
  run(...argv: readonly string[]): Promise<void>;
  /** Reads what the package has built, in the order that the analysis `onepassword__evidence` has. */
  openMarts(): AsyncIterable<MartLine>;
}

/**
 * Finds dbt by its path, or by its name on the PATH. The one place that knows which dbt it is: 1.x is asked in its own Python, and
 * v2, which has none, to show rows. Throws an EvidenceError at a dbt that no report can be made with.
 */
export async function findDbt(
  name: string,
  project: DbtProject,
  { path, signal }: { path: string; signal: AbortSignal },
): Promise<Dbt> {
  const program = findProgram(name, path);
  const version = await versionOf(program, signal);
  const python = version.startsWith('1.') ? pythonOf(program) : undefined;
  const flags = flagsOf(project);
  const options = { cwd: project.projectDir, env: DISCREET, signal };
  return {
    run: async (...argv) => {
      const { code, output } = await runCommand(program, ['--quiet', ...argv, ...flags], options);
      if (code !== 0) throw new EvidenceError(`dbt ${argv[0]} failed, so no report was written.\n\n${output.trim()}`);
    },
    openMarts: () =>
      python === undefined
        ? showMarts({ program, version }, project, options)
        : readMarts(python, ['-c', READ_MARTS, ...flags], options),
  };
}

/** The version of a dbt that the report can be made with. */
async function versionOf(program: string, signal: AbortSignal): Promise<string> {
  const { output } = await runCommand(program, ['--version'], { cwd: '.', env: { ...DISCREET, ...NOBODY }, signal });
  const version = /^(?:dbt[^\d\n]*| {2}- installed: +)(\d+\.\d+\.[\w.+-]+)/m.exec(output)?.[1];
  if (version === undefined) throw new EvidenceError(`${program} does not say which dbt it is. ${WANTED}`);
  if (!/^(?:1\.(?!\d\.|10\.)|2\.)/.test(version)) throw new EvidenceError(`${program} is dbt ${version}. ${WANTED}`);
  if (version.startsWith('1.') && pythonOf(program) === undefined) {
    throw new EvidenceError(`${program} does not show in which Python it runs. ${WANTED}`);
  }
  return version;
}

const WANTED =
  'The report needs dbt 1.11, 1.12 or v2: activate the environment that has it, or give its path with --dbt.';

/** A proxy where nobody listens: 1.x would ask PyPI for the latest version. */
const NOBODY = { HTTPS_PROXY: 'http://127.0.0.1:9', https_proxy: 'http://127.0.0.1:9' };
