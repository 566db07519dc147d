import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simulateAccount } from './demo/account.ts';
import { writeProject } from './demo/project.ts';
import { dbtEnvironment } from './demo/python.ts';
import { EvidenceError } from './evidence-error.ts';
import { type Command, type DbtProject, parseFlags } from './flags.ts';
import { type Dbt, findDbt, flagsOf, runDbt } from './read/dbt.ts';
import { readMarts } from './read/reading.ts';
import { expectFree, writeReport } from './report.ts';
import { type Evidence, periodName } from './write/collect.ts';
import { manifestHash, verify } from './write/manifest.ts';

/** What comes from outside. */
export interface Surroundings {
  /** The folder of this repository. */
  repository: string;
  /** The PATH. */
  path: string;
  now: () => Date;
  say: (line: string) => void;
}

/** Runs one command and resolves to the exit code. A failure is said in a sentence. */
export async function run(argv: readonly string[], surroundings: Surroundings): Promise<0 | 1> {
  try {
    return await runCommand(parseFlags(argv), surroundings);
  } catch (error) {
    if (!(error instanceof EvidenceError)) throw error;
    surroundings.say(error.message);
    return 1;
  }
}

async function runCommand(command: Command, surroundings: Surroundings): Promise<0 | 1> {
  if (command.name === 'verify') return sayVerdict(command.folder, surroundings.say);
  if (command.name === 'demo') await demonstrate(command.out, surroundings);
  else await report(findDbt(command.dbt, surroundings.path), command.project, command.out, surroundings);
  return 0;
}

async function sayVerdict(folder: string, say: (line: string) => void): Promise<0 | 1> {
  const complaints = await verify(folder);
  for (const complaint of complaints) say(complaint);
  if (complaints.length > 0) return 1;
  say(`Every file is as the manifest says. The manifest's own SHA-256 is ${await manifestHash(folder)}.`);
  return 0;
}

async function demonstrate(out: string | undefined, surroundings: Surroundings): Promise<void> {
  const { repository, say } = surroundings;
  if (out !== undefined) await expectFree(out);
  const programs = await dbtEnvironment(repository, say);
  const folder = await mkdtemp(join(tmpdir(), 'source-1password-evidence-'));
  const [history, warehouse, projectDir] = ['history', '1password.duckdb', 'project'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  await mkdir(history);

  say('Simulating an account over two quarters, and loading its events into DuckDB as Airbyte would');
  const known = await simulateAccount(repository, history, warehouse);
  await writeProject(projectDir, { packageDir: join(repository, 'dbt'), warehouse, history }, known);
  const project = { projectDir, profilesDir: projectDir, target: undefined, vars: undefined };
  const dbt = findDbt(join(programs, 'dbt'), '');
  say('Installing the package into a dbt project that supplies names, a baseline and leavers');
  await runDbt(dbt, ['deps'], { ...project, vars: undefined });
  await report(dbt, project, out ?? join(folder, 'evidence'), surroundings);
  say(`The dbt project and the DuckDB file are in ${folder}`);
}

async function report(dbt: Dbt, project: DbtProject, out: string, surroundings: Surroundings): Promise<void> {
  const { repository, now, say } = surroundings;
  await expectFree(out);
  say('Building and testing the models with dbt');
  await runDbt(dbt, ['build', '--select', '+package:onepassword'], project);
  say('Reading the marts and writing the report');
  const script = join(repository, 'evidence/read/read_marts.py');
  const readings = readMarts(dbt.python, script, flagsOf(project), project.projectDir);
  const evidence = await writeReport(readings, out, repository, now);
  say(summaryOf(evidence));
  say(`The report is ${join(out, 'report.html')}
The manifest's SHA-256 is ${await manifestHash(out)}. Note it down: with it anybody can tell later that nothing was changed.`);
}

function summaryOf({ about, rows: { controls, findings } }: Evidence): string {
  const count = (verdict: string): number => controls.filter((control) => control.verdict === verdict).length;
  return `${periodName(about)}: ${count('no exceptions')} controls without exceptions, ${count('exceptions')} with exceptions, ${count('not proven')} not proven; ${findings.length} findings`;
}
