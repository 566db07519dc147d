import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { INPUT_NAMES, seedOf } from '../../evidence/baseline/inputs.ts';
import { DAY_MS } from '../../evidence/evidence.ts';
import type { Cell } from '../../evidence/marts.ts';
import { csvLine } from '../../evidence/write/csv.ts';
import { nameGroups, nameItems, nameVaults } from '../../simulator/account/names.ts';
import { AS_OF, type Known } from './account.ts';

/** Paths of the demo: the package, the file with the loaded tables, and the folder with the account's history. */
export interface Sources {
  packageDir: string;
  warehouse: string;
  history: string;
}

/** Writes a dbt project as a user of the package has one: with names, leavers and privileged vaults supplied, and room for lists. */
export async function writeProject(folder: string, sources: Sources, known: Known): Promise<void> {
  const seeds = join(folder, 'seeds');
  await mkdir(seeds, { recursive: true });
  const inputs = await inputsOf(known, sources.history);
  for (const [name, rows] of Object.entries(inputs)) await writeFile(join(seeds, `${name}.csv`), csvOf(rows));

  const text = (value: string): string => JSON.stringify(value);
  const lists = INPUT_NAMES.map((name) => [name, seedOf(name)]);
  const names = [...Object.keys(inputs).map((name) => [name, name]), ...lists];
  const files: Record<string, string> = {
    'dbt_project.yml': `name: evidence_demo
version: 1.0.0
profile: evidence_demo
seed-paths: [seeds]
vars:
  onepassword_schema: main
  onepassword_as_of: ${text(AS_OF)}
  onepassword_inputs:
${names.map(([input, seed]) => `    ${input}: ${seed}\n`).join('')}`,
    'packages.yml': `packages:\n  - local: ${text(sources.packageDir)}\n`,
    'profiles.yml': `evidence_demo:
  target: demo
  outputs:
    demo: {type: duckdb, path: ${text(sources.warehouse)}, schema: evidence, threads: 2}
`,
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
}

type Rows = readonly Record<string, Cell>[];

async function inputsOf(known: Known, history: string): Promise<Record<string, Rows>> {
  const usages = await readFile(join(history, 'item_usages.jsonl'), 'utf8');
  const items = usages.split('\n').flatMap((line) => /"item_uuid":"([^"]+)"/.exec(line)?.[1] ?? []);
  const vaultNames = nameVaults(known.vaults.map(({ vault_uuid }) => vault_uuid));
  const groupNames = nameGroups(known.groups.map(({ group_uuid }) => group_uuid));
  return {
    vault_names: vaultNames,
    group_names: groupNames,
    item_names: nameItems([...new Set(items)].sort()),
    privileged_vaults: vaultNames.slice(0, 3).map(({ uuid }) => ({ uuid })),
    privileged_groups: groupNames.slice(0, 1).map(({ uuid }) => ({ uuid })),
    own_domains: [{ domain: 'example.com' }],
    leavers: leaversOf(known),
    decisions: decisionsOf(known),
  };
}

/** The last working day of those who left, as a staff register has it. Some were cut off late. */
function leaversOf({ people }: Known): Rows {
  const gone = people.filter(({ removed_at, kind }) => removed_at !== null && kind !== 'service account');
  return gone.map(({ user_uuid, email, removed_at }, place) => {
    const daysLate = place % 7 === 3 ? 3 : 0;
    const leftMs = Date.parse(removed_at ?? '') - daysLate * DAY_MS;
    return { user_uuid, email, left_on: new Date(leftMs).toISOString().slice(0, 10) };
  });
}

/** What somebody else decided of what one person did, at a review after the quarter. */
function decisionsOf({ people }: Known): Rows {
  const [owner, reviewer] = people;
  return owner && reviewer
    ? [
        {
          rule: 'sso_changed',
          subject_uuid: owner.user_uuid,
          decision: 'expected',
          reason: 'Single sign-on was introduced in these months, as planned.',
          decided_by: reviewer.name,
          decided_at: '2026-10-05',
        },
      ]
    : [];
}

function csvOf(rows: Rows): string {
  const columns = Object.keys(rows[0] ?? {});
  return [columns, ...rows.map((row) => columns.map((column) => row[column] ?? null))].map(csvLine).join('');
}
