import manifest from '../package.json' with { type: 'json' };
import { type Earlier, readEarlier } from './baseline/earlier.ts';
import { seedOf } from './baseline/inputs.ts';
import { type Reading, readAccount, readLists, readViewer, sameId, type Viewer } from './baseline/lists.ts';
import { Op } from './baseline/op.ts';
import { type Progress, startProgress } from './baseline/progress.ts';
import { readSupplied, varsBlock } from './baseline/project.ts';
import { SeedWriter, seedFolder, seedsNotWritten } from './baseline/seeds.ts';
import { printable, summaryOf } from './baseline/summary.ts';
import type { Environment } from './environment.ts';
import { EvidenceError } from './evidence-error.ts';
import type { BaselineOptions } from './flags.ts';

/**
 * Adds to a dbt project what 1Password lists now: people, groups and their members, vaults and who may open them. Whole or not at
 * all: throws an EvidenceError where something fails, and leaves the project as it was.
 */
export async function takeBaseline(
  { projectDir, account, op: program }: BaselineOptions,
  environment: Environment,
): Promise<void> {
  const { log } = environment;
  const { missing, otherwise } = await readSupplied(projectDir);
  const stop = new AbortController();
  const signal = AbortSignal.any([environment.signal, stop.signal]);
  const progress = startProgress(environment);
  let seeds: SeedWriter | undefined;
  let summary: string;
  try {
    seeds = await SeedWriter.open(projectDir);
    // Only now can no other run add to them.
    const earlier = await readEarlier(seedFolder(projectDir));
    await seeds.stage();
    const op = new Op({ program, account }, { ...environment, signal }, progress.say);
    const tool = `1password-evidence ${manifest.version} with op ${await op.version()}`;
    const viewer = await readViewer(op);
    assertSameAccount(viewer, earlier, projectDir);
    const { name, domain } = await readAccount(op);
    const whose = printable(domain === null ? name : `${name} (${domain})`);
    log(`Reading the lists of ${whose} as ${printable(viewer.email ?? viewer.userUuid)}`);
    const reading = await writeLists({ op, viewer, tool, earlier, seeds, signal }, environment, progress);
    summary = summaryOf(seeds, reading, viewer, seedFolder(projectDir));
  } catch (error) {
    progress.stop();
    // Nothing that still asks may outlive the run.
    stop.abort(error);
    await seeds?.abandon();
    throw seedsNotWritten(error, projectDir);
  }
  progress.stop();
  log(summary);
  if (missing.length > 0) log(`\nFor the models to find them, dbt_project.yml has to say:\n\n${varsBlock(missing)}`);
  for (const [input, named] of otherwise) {
    log(`\ndbt_project.yml names ${printable(named)} for ${input}; for these lists it has to be ${seedOf(input)}.`);
  }
}

interface Run {
  op: Op;
  viewer: Viewer;
  tool: string;
  earlier: Earlier;
  seeds: SeedWriter;
  signal: AbortSignal;
}

async function writeLists(
  { op, viewer, tool, earlier, seeds, signal }: Run,
  { now }: Environment,
  progress: Progress,
): Promise<Reading> {
  const as_of = now().toISOString();
  if (earlier.lastAsOf !== undefined && as_of <= earlier.lastAsOf) throw clockIsBehind(earlier.lastAsOf, as_of);
  const reading = readLists(op, viewer, as_of, progress);
  for await (const rows of reading.rows) await seeds.add(rows);
  const finished_at = now().toISOString();
  if (finished_at < as_of) throw clockIsBehind(as_of, finished_at);
  await assertSameViewer(op, viewer);
  const baseline = {
    as_of,
    finished_at,
    account_uuid: viewer.accountUuid,
    taken_by_uuid: viewer.userUuid,
    taken_by_email: viewer.email,
    tool,
    members_count: seeds.count('baseline_members'),
    groups_count: seeds.count('baseline_groups'),
    group_members_count: seeds.count('baseline_group_members'),
    vaults_count: seeds.count('baseline_vaults'),
    vault_access_count: seeds.count('baseline_vault_access'),
  };
  await seeds.add({ input: 'baselines', rows: [baseline] });
  signal.throwIfAborted();
  await seeds.finish();
  return reading;
}

function clockIsBehind(listsOf: string, clock: string): EvidenceError {
  return new EvidenceError(
    `There are lists of ${listsOf}, and this machine's clock says ${clock}. Set the clock right, and run this again.`,
  );
}

function assertSameAccount({ accountUuid }: Viewer, earlier: Earlier, projectDir: string): void {
  if (earlier.accountUuid === undefined || sameId(earlier.accountUuid, accountUuid)) return;
  throw new EvidenceError(
    `The lists in ${seedFolder(projectDir)} are of the account ${earlier.accountUuid}, and 1Password's CLI is signed in to ${accountUuid}. Choose the account with --account.`,
  );
}

/** Without --account the CLI asks whichever account somebody signed in to last, in another window for instance. */
async function assertSameViewer(op: Op, { accountUuid, userUuid }: Viewer): Promise<void> {
  const now = await readViewer(op);
  if (sameId(now.accountUuid, accountUuid) && sameId(now.userUuid, userUuid)) return;
  throw new EvidenceError("Somebody else signed in to 1Password's CLI while the lists were read. Run this again.");
}
