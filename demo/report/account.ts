import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../../evidence/environment.ts';
import { EvidenceError } from '../../evidence/evidence-error.ts';
import { runCommand } from '../../evidence/read/command.ts';
import type { OpOptions } from '../../simulator/op/options.ts';

/** When the lists are taken: before the second quarter, in it, and at its end. */
export const LISTED_AT = ['2026-06-29T08:00:00Z', '2026-08-17T08:00:00Z', '2026-09-30T20:00:00Z'] as const;

/** The simulated account: two quarters. One grant between the last two lists is missing from its log. */
const HISTORY = {
  seed: 11,
  people: 44,
  days: 191,
  until: '2026-10-08T00:00:00Z',
  'without-grant-since': LISTED_AT[1],
  'audit-events': 3_600,
  'item-usages': 14_000,
  'sign-in-attempts': 5_200,
};

/** When the account's history ends, and with it the evidence. */
export const AS_OF = HISTORY.until;

/** The part of the simulated account's truth from which the inputs are made: what a company knows beside the events. */
export interface Known {
  people: {
    user_uuid: string;
    name: string;
    email: string;
    kind: string;
    status: string;
    removed_at: string | null;
    suspensions: { since: string }[];
  }[];
  vaults: { vault_uuid: string }[];
  groups: { group_uuid: string }[];
}

/** Tells the account's history: a DuckDB file with the three tables, and in `folder` what was true, and an `op` for each list. */
export async function simulateAccount(
  repository: string,
  folder: string,
  file: string,
  { signal }: Environment,
): Promise<Known> {
  const options = join(folder, 'op-options.json');
  await writeFile(options, JSON.stringify({ ownersGroup: true } satisfies OpOptions));
  const flags = Object.entries({ ...HISTORY, 'op-options': options, out: folder, to: file });
  const argv = [...flags, ...LISTED_AT.map((at) => ['op-at', at])].flatMap(([flag, value]) => [
    `--${flag}`,
    String(value),
  ]);
  const program = join(repository, 'dist/account-history.js');
  const { code, output } = await runCommand(process.execPath, [program, ...argv], { cwd: repository, signal });
  if (code !== 0) throw new EvidenceError(`The simulated account could not be made.\n${output}`);
  return JSON.parse(await readFile(join(folder, 'truth.json'), 'utf8')) as Known;
}
