import manifest from '../package.json' with { type: 'json' };
import { type Earlier, readEarlier } from './baseline/earlier.ts';
import { type InputName, seedOf } from './baseline/inputs.ts';
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
  const earlier = await readEarlier(seedFolder(projectDir));
  const stop = new AbortController();
  const signal = AbortSignal.any([environment.signal, stop.signal]);
  const progress = startProgress(environment);
  try {
    const op = new Op({ program, account }, { ...environment, signal }, progress.say);
    const tool = `1password-evidence ${manifest.version} with op ${await op.version()}`;
    const viewer = await readViewer(op);
    assertSameAccount(viewer, earlier, projectDir);
    const { name, domain } = await readAccount(op);
    const whose = printable(domain === null ? name : `${name} (${domain})`);
    log(`Reading the lists of ${whose} as ${printable(viewer.email ?? viewer.userUuid)}`);
    const { reading, count } = await writeLists(
      { op, viewer, tool, earlier, projectDir, signal },
      environment,
      progress,
    );
    progress.stop();
    log(summaryOf(count, reading, viewer, seedFolder(projectDir)));
    if (missing.length > 0) log(`\nFor the models to find them, dbt_project.yml has to say:\n\n${varsBlock(missing)}`);
    for (const [input, named] of otherwise) {
      log(`\ndbt_project.yml names ${printable(named)} for ${input}; for these lists it has to be ${seedOf(input)}.`);
    }
  } catch (error) {
    progress.stop();
    // Nothing that still asks may outlive the run.
    stop.abort(error);
    throw error;
  }
}

interface Run {
  op: Op;
  viewer: Viewer;
  tool: string;
  earlier: Earlier;
  projectDir: string;
  signal: AbortSignal;
}

async function writeLists(
  run: Run,
  { now }: Environment,
  progress: Progress,
): Promise<{ reading: Reading; count: (input: InputName) => number }> {
  const { op, viewer, tool, earlier, projectDir, signal } = run;
  let seeds: SeedWriter | undefined;
  try {
    const writer = await SeedWriter.open(projectDir);
    seeds = writer;
    const count = (input: InputName): number => writer.count(input);
    const as_of = now().toISOString();
    if (earlier.lastAsOf !== undefined && as_of <= earlier.lastAsOf) {
      throw new EvidenceError(
        `There are lists of ${earlier.lastAsOf}, and this machine's clock says ${as_of}. Set the clock right, and run this again.`,
      );
    }
    const reading = readLists(op, viewer, as_of, progress);
    for await (const rows of reading.rows) await writer.add(rows);
    const finished_at = now().toISOString();
    await assertSameViewer(op, viewer);
    const baseline = {
      as_of,
      finished_at,
      account_uuid: viewer.accountUuid,
      taken_by_uuid: viewer.userUuid,
      taken_by_email: viewer.email,
      tool,
      members_count: count('baseline_members'),
      groups_count: count('baseline_groups'),
      group_members_count: count('baseline_group_members'),
      vaults_count: count('baseline_vaults'),
      vault_access_count: count('baseline_vault_access'),
    };
    await writer.add({ input: 'baselines', rows: [baseline] });
    signal.throwIfAborted();
    await writer.finish();
    return { reading, count };
  } catch (error) {
    await seeds?.abandon();
    throw seedsNotWritten(error, projectDir);
  }
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
