import { expect, test } from '@jest/globals';
import { readEarlier } from '../../evidence/baseline/earlier.ts';
import type { InputName } from '../../evidence/baseline/inputs.ts';
import type { Rows } from '../../evidence/baseline/lists.ts';
import { SeedWriter, seedFolder } from '../../evidence/baseline/seeds.ts';
import { readCsv } from './folder.ts';
import { dbtProject } from './op-account.ts';

const AS_OF = '2026-11-20T00:00:00.000Z';

function personNamed(name: string, email: string): Rows {
  const person = { user_uuid: 'M7QZ', email, name, kind: 'person', status: 'active', as_of: AS_OF };
  return { input: 'baseline_members', rows: [person] };
}

/** The row that says how many there have to be. */
function baselineOf(count: (input: InputName) => number): Rows {
  const counts = {
    members_count: count('baseline_members'),
    groups_count: count('baseline_groups'),
    group_members_count: count('baseline_group_members'),
    vaults_count: count('baseline_vaults'),
    vault_access_count: count('baseline_vault_access'),
  };
  const taken = { taken_by_uuid: 'M7QZ', taken_by_email: 'olu.park@example.com', tool: '1password-evidence' };
  return {
    input: 'baselines',
    rows: [{ as_of: AS_OF, finished_at: AS_OF, account_uuid: '6TRL', ...taken, ...counts }],
  };
}

test.each([
  ['ann_@example.com', '=HYPERLINK("https://example.com")'],
  ['@ann@example.com', '- Finance, "EU"'],
  ['ann@example.com', 'two\nlines\r\nand a\ttab'],
])('%s and %j are in the seeds as 1Password said them, and are read back', async (email, name) => {
  const project = dbtProject();
  const writer = await SeedWriter.open(project);
  await writer.add(personNamed(name, email));
  await writer.add(baselineOf((input) => writer.count(input)));
  await writer.finish();

  expect(readCsv(project, 'seeds/onepassword/onepassword_baseline_members.csv')).toMatchObject([{ name, email }]);
  expect(await readEarlier(seedFolder(project))).toEqual({ accountUuid: '6TRL', lastAsOf: AS_OF });
});
