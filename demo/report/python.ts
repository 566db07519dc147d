import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EvidenceError } from '../../evidence/evidence-error.ts';
import { runCommand } from '../../evidence/read/command.ts';

/** What the demo needs of the requirements; the rest is for other warehouses. */
const PACKAGES = ['dbt-core', 'dbt-duckdb', 'duckdb'];

const IS_RECENT = 'import sys; print(sys.version); sys.exit(sys.version_info < (3, 10))';

/** A virtual environment with dbt for DuckDB. Made anew when the requirements or the interpreter change. Resolves to its programs' folder. */
export async function dbtEnvironment(repository: string, log: (line: string) => void): Promise<string> {
  const python = await findPython(repository);
  const folder = join(repository, '.venv-evidence');
  const requirements = join(repository, 'dbt/requirements.txt');
  const bin = join(folder, process.platform === 'win32' ? 'Scripts' : 'bin');
  const stamp = join(folder, 'installed');
  const wanted = [python.version, ...PACKAGES, await readFile(requirements, 'utf8')].join('\n');
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted) return bin;

  log('Installing dbt for DuckDB into .venv-evidence (once, some 200 MB)');
  await rm(folder, { recursive: true, force: true });
  const made = await runCommand(python.program, ['-m', 'venv', folder], { cwd: repository });
  if (made.exitCode !== 0) {
    throw new EvidenceError(
      `Python cannot make a virtual environment (on Debian it needs the package python3-venv).\n${made.output}`,
    );
  }
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--constraint', requirements];
  const installed = await runCommand(join(bin, 'python'), [...pip, ...PACKAGES], { cwd: repository });
  if (installed.exitCode !== 0) throw new EvidenceError(`dbt could not be installed.\n${installed.output}`);
  await writeFile(stamp, wanted);
  return bin;
}

async function findPython(cwd: string): Promise<{ program: string; version: string }> {
  for (const program of ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python']) {
    const { exitCode, output } = await runCommand(program, ['-c', IS_RECENT], { cwd });
    if (exitCode === 0) return { program, version: output.trim() };
  }
  throw new EvidenceError('The demo needs Python 3.10 or later, and there is none on the PATH.');
}
