import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../../evidence/environment.ts';
import { EvidenceError } from '../../evidence/evidence-error.ts';
import { runCommand } from '../../evidence/read/command.ts';

/** What the demo needs of the requirements; the rest is for other warehouses, and four times as large. */
const NEEDED = /^(dbt-core|dbt-duckdb|duckdb)==/;

/** Makes a virtual environment with dbt for DuckDB, unless there is one. Resolves to the folder of its programs. */
export async function dbtEnvironment(repository: string, { log, signal }: Environment): Promise<string> {
  log('Preparing dbt for DuckDB in .venv-evidence, which downloads some 200 MB the first time');
  const requirements = await readFile(join(repository, 'dbt/requirements.txt'), 'utf8');
  const folder = await mkdtemp(join(tmpdir(), 'source-1password-requirements-'));
  try {
    const file = join(folder, 'requirements.txt');
    await writeFile(
      file,
      requirements
        .split('\n')
        .filter((line) => NEEDED.test(line))
        .join('\n'),
    );
    const script = `set -euo pipefail; . scripts/python.sh; environment .venv-evidence "$1"`;
    const argv = ['-c', script, 'The demo', file];
    const { code, output } = await runCommand('bash', argv, { cwd: repository, signal });
    if (code !== 0) throw new EvidenceError(output.trim());
  } finally {
    await rm(folder, { recursive: true });
  }
  return join(repository, '.venv-evidence/bin');
}
