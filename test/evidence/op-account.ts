import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../evidence/environment.ts';
import { run } from '../../evidence/run.ts';
import type { Account } from '../../simulator/account/account.ts';
import { EventGenerator } from '../../simulator/account/event-generator.ts';
import { exists } from '../../simulator/account/vaults.ts';
import { type Answers, answersOf } from '../../simulator/op/answers.ts';
import { type OpOptions, opSettingsOf } from '../../simulator/op/options.ts';
import { writeStandIn } from '../../simulator/op/stand-in.ts';
import { environmentAt, temporaryFolder } from './folder.ts';

const REPOSITORY = join(__dirname, '../..');

export const UNTIL = new Date('2026-11-20T00:00:00Z');

/** A small account whose people, groups and vaults have changed for a while. */
export function livedInAccount(accountUuid = '6TRLV4ZKHNDB7QWJX2CYOE5AGM'): Account {
  const generator = new EventGenerator(23, accountUuid, 8);
  generator.generate('auditevents', 300, new Date(UNTIL.getTime() - 60 * 86_400_000), UNTIL);
  const { account } = generator;
  // Each vault costs two processes.
  const vaults = account.vaults.filter((vault) => exists(vault, UNTIL.getTime()));
  for (const vault of vaults.slice(4)) account.deleteVault(vault, UNTIL.getTime() - 1);
  return account;
}

/** A stand-in for 1Password's CLI, as a process. */
export interface StandIn {
  op: string;
  answers: Answers;
  /** What was asked, in order. */
  asked(): readonly (readonly string[])[];
  /** How many were being asked at the same time, at most. */
  mostAtOnce(): number;
}

export async function standInFor(account: Account, options: OpOptions = {}, at = UNTIL): Promise<StandIn> {
  const folder = temporaryFolder();
  const settings = opSettingsOf(options);
  const answers = answersOf(account, at.getTime(), settings);
  const op = await writeStandIn(folder, join(REPOSITORY, 'dist/op.js'), answers, settings);
  const log = (): { started?: string[]; ended?: string[] }[] =>
    readFileSync(join(folder, 'requests.log'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  return {
    op,
    answers,
    asked: () => log().flatMap(({ started }) => (started === undefined ? [] : [started])),
    mostAtOnce: () => {
      let running = 0;
      return Math.max(...log().map(({ started }) => (running += started === undefined ? -1 : 1)));
    },
  };
}

/** A dbt project that supplies nothing yet. */
export function dbtProject(): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'dbt_project.yml'), 'name: warehouse\nprofile: warehouse\n');
  mkdirSync(join(folder, 'seeds'));
  return folder;
}

/** Each file of a folder with its bytes. */
export function bytesIn(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory());
  return Object.fromEntries(
    files
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((file) => [file, readFileSync(file, 'latin1')]),
  );
}

/** Takes a baseline. The exit code, and what was said. */
export async function takeBaseline(
  project: string,
  { op }: Pick<StandIn, 'op'>,
  time = UNTIL,
  { argv = [], ...environment }: Partial<Environment> & { argv?: readonly string[] } = {},
): Promise<{ exitCode: number; said: string }> {
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  const outside = { dist: join(REPOSITORY, 'dist'), path: '', ...environmentAt(time), ...environment, log };
  const exitCode = await run(['baseline', '--project-dir', project, '--op', op, ...argv], outside, log);
  return { exitCode, said: lines.join('\n') };
}
