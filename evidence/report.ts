import { join } from 'node:path';
import type { Environment } from './environment.ts';
import { type Evidence, periodName } from './evidence.ts';
import { isLeftOut } from './page/left-out.ts';
import type { Dbt } from './read/dbt.ts';
import { manifestHash } from './write/manifest.ts';
import { assertEmpty, writeReport } from './write/report.ts';

/** Builds the package in a dbt project and writes the report over its marts. Throws an EvidenceError where that fails. */
export async function makeReport(dbt: Dbt, out: string, environment: Environment): Promise<void> {
  const { log } = environment;
  await assertEmpty(out);
  log('Building and testing the models with dbt');
  await dbt.run('build', '--select', '+package:onepassword');
  log('Reading the marts and writing the report');
  const evidence = await writeReport(dbt.openMarts(), out, environment);
  log(summaryOf(evidence));
  log(`The report is ${join(out, 'report.html')}
The manifest's SHA-256 is ${await manifestHash(out)}. Note it down: with it anybody can tell later that nothing was changed.`);
}

function summaryOf({ about, rows: { controls, findings } }: Evidence): string {
  const count = (verdict: string): number => controls.filter((control) => control.verdict === verdict).length;
  const counted = [
    !isLeftOut(about, 'controls') &&
      `${count('no exceptions')} controls without exceptions, ${count('exceptions')} with exceptions, ${count('not proven')} not proven`,
    !isLeftOut(about, 'findings') && `${findings.length} findings`,
  ].filter((words) => words !== false);
  return `${periodName(about)}: ${counted.join('; ') || 'neither controls nor findings, which the dbt project does not build'}`;
}
