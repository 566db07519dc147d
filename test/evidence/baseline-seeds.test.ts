import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readEarlier } from '../../evidence/baseline/earlier.ts';
import type { InputName } from '../../evidence/baseline/inputs.ts';
import type { Rows } from '../../evidence/baseline/lists.ts';
import { SeedWriter, seedFolder } from '../../evidence/baseline/seeds.ts';
import { EvidenceError } from '../../evidence/evidence-error.ts';
import { readCsv, temporaryFolder } from './folder.ts';
import { bytesIn, dbtProject } from './op-account.ts';

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
  await writer.stage();
  await writer.add(personNamed(name, email));
  await writer.add(baselineOf((input) => writer.count(input)));
  await writer.finish();

  expect(readCsv(project, 'seeds/onepassword/onepassword_baseline_members.csv')).toMatchObject([{ name, email }]);
  expect(await readEarlier(seedFolder(project))).toEqual({ accountUuid: '6TRL', lastAsOf: AS_OF });
});

test('an end before its time leaves what somebody else has put there meanwhile, and no empty folder', async () => {
  const [used, unused] = [temporaryFolder(), temporaryFolder()];
  const writers = [await SeedWriter.open(used), await SeedWriter.open(unused)];
  writeFileSync(join(used, 'seeds/countries.csv'), 'code\n');

  for (const writer of writers) await writer.abandon();

  expect(Object.keys(bytesIn(used))).toEqual([join(used, 'seeds/countries.csv')]);
  expect(existsSync(join(used, 'seeds/onepassword'))).toBe(false);
  expect(existsSync(join(unused, 'seeds'))).toBe(false);
});

// Elsewhere a path may be longer, or not as long.
(process.platform === 'linux' ? test : test.skip)('a folder that cannot be begun leaves no empty one', async () => {
  const root = temporaryFolder();
  const longest = 4095 - '/seeds/onepassword'.length;
  let project = root;
  while (project.length < longest) project = join(project, 'x'.repeat(Math.min(200, longest - project.length - 1)));
  mkdirSync(project, { recursive: true });

  await expect(SeedWriter.open(project)).rejects.toThrow('ENAMETOOLONG');

  expect(existsSync(join(project, 'seeds'))).toBe(false);
});

test('if one of the lists cannot come back, the others do, and the copies stay and are named', async () => {
  const project = dbtProject();
  const folder = seedFolder(project);
  const partial = join(folder, '.partial');
  mkdirSync(folder);
  const existing = ['onepassword_baselines.csv', 'onepassword_baseline_groups.csv', '_onepassword_seeds.yml'];
  for (const name of existing) writeFileSync(join(folder, name), 'as it was\n');
  const writer = await SeedWriter.open(project);
  await writer.stage();
  // What takes the place of a new list cannot be taken away again, and the last file has nothing to take its place.
  const stuck = join(partial, 'onepassword_baseline_members.csv.new');
  rmSync(stuck);
  mkdirSync(stuck);
  rmSync(join(partial, '_onepassword_seeds.yml.new'));

  const end = writer.finish();

  await expect(end).rejects.toThrow(EvidenceError);
  await expect(end).rejects.toThrow(
    /onepassword could not be written: ENOENT.+\. Of what was there, onepassword_baseline_members\.csv could not be brought back: replace it by its copy in .+\/\.partial, which/,
  );
  await writer.abandon();
  for (const name of existing) expect(readFileSync(join(folder, name), 'utf8')).toBe('as it was\n');
  expect(existsSync(join(partial, '_onepassword_seeds.yml.former'))).toBe(true);
  await expect(SeedWriter.open(project)).rejects.toThrow(
    `If none is running, bring back the lists that it holds as *.former, and delete ${partial}.`,
  );
});
