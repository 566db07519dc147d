import { join } from 'node:path';
import type { Environment } from './environment.ts';
import { type Evidence, periodName } from './evidence.ts';
import type { DbtProject } from './flags.ts';
import { type Dbt, flagsOf, runDbt } from './read/dbt.ts';
import READ_MARTS from './read/read_marts.py';
import { readMarts } from './read/reading.ts';
import { manifestHash } from './write/manifest.ts';
import { assertEmpty, writeReport } from './write/report.ts';

/** Builds the package in a dbt project and writes the report over its marts. Throws an EvidenceError where that fails. */
export async function makeReport(dbt: Dbt, project: DbtProject, out: string, { now, log }: Environment): Promise<void> {
  await assertEmpty(out);
  log('Building and testing the models with dbt');
  await runDbt(dbt, ['build', '--select', '+package:onepassword'], project);
  log('Reading the marts and writing the report');
  const readings = readMarts(dbt.python, ['-c', READ_MARTS, ...flagsOf(project)], project.projectDir);
  const evidence = await writeReport(readings, out, now);
  log(summaryOf(evidence));
  log(`The report is ${join(out, 'report.html')}
The manifest's SHA-256 is ${await manifestHash(out)}. Note it down: with it anybody can tell later that nothing was changed.`);
}

function summaryOf({ about, rows: { controls, findings } }: Evidence): string {
  const count = (verdict: string): number => controls.filter((control) => control.verdict === verdict).length;
  return `${periodName(about)}: ${count('no exceptions')} controls without exceptions, ${count('exceptions')} with exceptions, ${count('not proven')} not proven; ${findings.length} findings`;
}
