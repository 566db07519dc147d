import { existsSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LISTED_AT, simulateAccount } from '../demo/report/account.ts';
import { writeProject } from '../demo/report/project.ts';
import { dbtEnvironment } from '../demo/report/python.ts';
import { takeBaseline } from './baseline.ts';
import type { Environment } from './environment.ts';
import { EvidenceError } from './evidence-error.ts';
import { findDbt } from './read/dbt.ts';
import { makeReport } from './report.ts';
import { assertEmpty } from './write/report.ts';

/** Makes the report of an invented account, with a dbt project and a Python of its own. */
export async function demonstrate(out: string | undefined, environment: Environment): Promise<void> {
  const { dist, log } = environment;
  const repository = join(dist, '..');
  if (!existsSync(join(dist, 'account-history.js'))) {
    throw new EvidenceError(
      'The demo invents an account, which needs a clone of the repository: npm run evidence -- demo',
    );
  }
  if (out !== undefined) await assertEmpty(out);
  const programs = await dbtEnvironment(repository, environment);
  const folder = await mkdtemp(join(tmpdir(), 'source-1password-evidence-'));
  const history = join(folder, 'history');
  const warehouse = join(folder, '1password.duckdb');
  const projectDir = join(folder, 'project');
  await mkdir(history);

  log('Simulating an account over two quarters, and loading its events into DuckDB as Airbyte would');
  const known = await simulateAccount(repository, history, warehouse, environment);
  await writeProject(projectDir, { packageDir: join(repository, 'dbt'), warehouse, history }, known);
  log('Taking three dated lists from a stand-in for 1Password’s command line');
  for (const [place, at] of LISTED_AT.entries()) {
    const op = join(history, `op/${place + 1}/op`);
    const then = { ...environment, now: () => new Date(at), log: () => {}, terminal: undefined };
    await takeBaseline({ projectDir, account: undefined, op }, then);
  }
  const project = { projectDir, profilesDir: projectDir, target: undefined, vars: undefined };
  const dbt = await findDbt(join(programs, 'dbt'), project, environment);
  log('Installing the package into a dbt project that supplies names, lists and leavers');
  await dbt.run('deps');
  await makeReport(dbt, out ?? join(folder, 'evidence'), environment);
  log(`The dbt project and the DuckDB file are in ${folder}`);
}
