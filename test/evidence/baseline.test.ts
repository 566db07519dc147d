import { chmodSync, cpSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { parse as parseYaml } from 'yaml';
import { baselineOf } from '../../simulator/account/truth.ts';
import { exists } from '../../simulator/account/vaults.ts';
import { filesOf, readCsv, temporaryFolder } from './folder.ts';
import { dbtProject, livedInAccount, type StandIn, standInFor, takeBaseline, UNTIL } from './op-account.ts';

const account = livedInAccount();
const AS_OF = UNTIL.toISOString();
/** A Node process for each list, on a machine that may be busy. */
const SLOWLY = 120_000;

/** A baseline of the account by its owner, and what was said. */
let usual: { project: string; standIn: StandIn; exitCode: number; said: string };

beforeAll(async () => {
  const times = [UNTIL, new Date(UNTIL.getTime() + 61_000)];
  const now = () => times.shift() ?? new Date(Number.NaN);
  const project = dbtProject();
  const standIn = await standInFor(account, { version: '2.31.1', latencyMs: 500, ownersGroup: true });
  usual = { project, standIn, ...(await takeBaseline(project, standIn, UNTIL, { now })) };
}, SLOWLY);

/** The rows of one of the seeds. */
function rowsOf(project: string, input: string): Record<string, string>[] {
  return readCsv(project, `seeds/onepassword/onepassword_${input}.csv`);
}

function valuesOf(project: string, input: string, column: string): string[] {
  return rowsOf(project, input).map((row) => row[column] ?? 'no such column');
}

function sorted(rows: readonly object[]): string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}

test('the lists are what was true of the account', () => {
  const { project, exitCode } = usual;
  const truth = baselineOf(account, UNTIL.getTime());
  const dated = (rows: readonly object[]) => sorted(rows.map((row) => ({ ...row, as_of: AS_OF })));
  const [owners] = rowsOf(project, 'baseline_groups').filter(({ name }) => name === 'Owners');
  const ofTeams = rowsOf(project, 'baseline_group_members').filter(
    (row) => row['group_uuid'] !== owners?.['group_uuid'],
  );

  expect(exitCode).toBe(0);
  expect(sorted(rowsOf(project, 'baseline_members').map(({ kind: _, ...row }) => row))).toEqual(
    dated(truth.baseline_members),
  );
  expect(sorted(ofTeams)).toEqual(dated(truth.baseline_group_members));
  expect(sorted(rowsOf(project, 'baseline_vault_access').map(({ permissions: _, ...row }) => row))).toEqual(
    dated(truth.baseline_vault_access),
  );
});

test('nothing is ever asked but what lists who and what there is', () => {
  const flags = '--format=json --iso-timestamps --cache=false';
  const asked = usual.standIn.asked().map((argv) => argv.join(' ').replace(/ [a-z2-7]{26} /, ' ID '));

  expect(new Set(asked)).toEqual(
    new Set([
      '--version',
      `whoami ${flags}`,
      `account get ${flags}`,
      `user list ${flags}`,
      `group list ${flags}`,
      `group user list ID ${flags}`,
      `vault list ${flags}`,
      `vault list --permission manage_vault ${flags}`,
      `vault user list ID ${flags}`,
      `vault group list ID ${flags}`,
    ]),
  );
});

test('four lists are asked for at a time, and each of them once', () => {
  const asked = usual.standIn.asked().map((argv) => argv.join(' '));
  const repeated = asked.filter((command, place) => asked.indexOf(command) !== place);

  expect(usual.standIn.mostAtOnce()).toBe(4);
  // The second time tells that it is still the same person.
  expect(repeated).toEqual(['whoami --format=json --iso-timestamps --cache=false']);
});

test('one row says who took them, when, with what, and how many rows there have to be', () => {
  const { project } = usual;
  const counted = ['members', 'groups', 'group_members', 'vaults', 'vault_access'].map((list) => [
    `${list}_count`,
    String(rowsOf(project, `baseline_${list}`).length),
  ]);

  expect(rowsOf(project, 'baselines')).toEqual([
    {
      as_of: AS_OF,
      finished_at: '2026-11-20T00:01:01.000Z',
      account_uuid: '6TRLV4ZKHNDB7QWJX2CYOE5AGM',
      taken_by_uuid: 'M7QZ2TXKNHJ5VRWYD4LBCGE3AU',
      taken_by_email: 'olu.park@example.com',
      tool: expect.stringMatching(/^1password-evidence \d+\.\d+\.\d+ with op 2\.31\.1$/),
      ...Object.fromEntries(counted),
    },
  ]);
});

test('kinds, roles, names and permissions are told in the words of the package', () => {
  const { project } = usual;

  expect(new Set(valuesOf(project, 'baseline_members', 'kind'))).toEqual(
    new Set(['person', 'guest', 'service account']),
  );
  expect(new Set(valuesOf(project, 'baseline_members', 'status'))).toEqual(new Set(['active', 'suspended']));
  expect(new Set(valuesOf(project, 'baseline_group_members', 'role'))).toEqual(new Set(['member', 'manager']));
  expect(new Set(valuesOf(project, 'baseline_vault_access', 'grantee_type'))).toEqual(new Set(['user', 'group']));
  expect(valuesOf(project, 'baseline_vaults', 'name')).toContain('Production servers');
  expect(valuesOf(project, 'baseline_vault_access', 'permissions')).toContain(
    'view_items,view_and_copy_passwords,view_item_history',
  );
});

test('the seeds are readable for their owner alone', () => {
  const folder = join(usual.project, 'seeds/onepassword');

  const modes = filesOf(folder).map((file) => (statSync(join(folder, file)).mode & 0o777).toString(8));

  expect(modes).toEqual(Array(7).fill('600'));
});

test('dbt takes every column for text, whatever its rows look like', () => {
  const { project } = usual;
  const properties = readFileSync(join(project, 'seeds/onepassword/_onepassword_seeds.yml'), 'utf8');
  const { seeds } = parseYaml(properties) as {
    seeds: { name: string; config: { column_types: Record<string, string> }; columns: { name: string }[] }[];
  };

  expect(seeds).toHaveLength(6);
  for (const { name, config, columns } of seeds) {
    const headings = Object.keys(rowsOf(project, name.replace('onepassword_', ''))[0] ?? {});
    expect(columns.map((column) => column.name)).toEqual(headings);
    expect(Object.keys(config.column_types)).toEqual(headings);
    expect(new Set(Object.values(config.column_types))).toEqual(
      new Set([`{{ 'string' if target.type == 'bigquery' else 'text' }}`]),
    );
  }
});

test('what was read is said in one table, and what dbt_project.yml has to say', () => {
  const { said, project } = usual;

  expect(said.replaceAll(/ +\d+$/gm, ' N')).toBe(`Reading the lists of Example (example) as olu.park@example.com
  people and service accounts N
  groups N
  members of groups N
  vaults N
  direct access to vaults N
The seeds are in ${project}/seeds/onepassword. You alone may read them: they name people.

For the models to find them, dbt_project.yml has to say:

vars:
  onepassword_inputs:
    baselines: onepassword_baselines
    baseline_members: onepassword_baseline_members
    baseline_groups: onepassword_baseline_groups
    baseline_group_members: onepassword_baseline_group_members
    baseline_vaults: onepassword_baseline_vaults
    baseline_vault_access: onepassword_baseline_vault_access`);
});

test(
  'a second run adds its rows to files that an editor or Git has ended in another way, and changes nothing in them',
  async () => {
    const project = temporaryFolder();
    cpSync(usual.project, project, { recursive: true });
    const folder = join(project, 'seeds/onepassword');
    const seeds = filesOf(folder).filter((file) => file.endsWith('.csv'));
    for (const file of seeds) {
      const text = readFileSync(join(folder, file), 'utf8');
      writeFileSync(join(folder, file), file.includes('vault') ? text.replaceAll('\n', '\r\n') : text.trimEnd());
    }
    const inputs = seeds
      .map((file) => /onepassword_(\w+)/.exec(file)?.[1])
      .map((input) => `    ${input}: onepassword_${input}\n`);
    writeFileSync(join(project, 'dbt_project.yml'), `vars:\n  onepassword_inputs:\n${inputs.join('')}`);
    const before = seeds.map((file) => readFileSync(join(folder, file), 'utf8'));
    for (const file of seeds) chmodSync(join(folder, file), 0o644);

    const later = new Date('2026-12-31T09:00:00Z');
    const { exitCode, said } = await takeBaseline(project, await standInFor(account, { ownersGroup: true }), later);

    const after = seeds.map((file) => readFileSync(join(folder, file), 'utf8'));
    expect(exitCode).toBe(0);
    expect(said).not.toContain('dbt_project.yml');
    expect(seeds.map((file) => statSync(join(folder, file)).mode & 0o777)).toEqual(seeds.map(() => 0o600));
    expect(filesOf(folder)).toEqual(filesOf(join(usual.project, 'seeds/onepassword')));
    expect(after.map((text, place) => text.startsWith(before[place] ?? '-'))).toEqual(seeds.map(() => true));
    expect(readFileSync(join(folder, 'onepassword_baseline_vaults.csv'), 'utf8')).not.toMatch(/[^\r]\n/);
    for (const file of seeds) {
      const times = readCsv(folder, file).map(({ as_of }) => as_of);
      expect(times.filter((time) => time === later.toISOString())).toHaveLength(
        times.filter((time) => time === AS_OF).length,
      );
    }
  },
  SLOWLY,
);

test(
  'a grant without permissions has unknown ones, and whoever is missing from the list of people keeps their access',
  async () => {
    const project = dbtProject();

    await takeBaseline(project, await standInFor(account, { withoutPermissions: true, hidesServiceAccounts: true }));

    const services = account.serviceAccounts.map(({ person }) => person.uuid);
    const isService = (uuid: string): boolean => services.includes(uuid);
    expect(new Set(valuesOf(project, 'baseline_vault_access', 'permissions'))).toEqual(new Set(['']));
    expect(valuesOf(project, 'baseline_members', 'user_uuid').filter(isService)).toEqual([]);
    expect(valuesOf(project, 'baseline_vault_access', 'grantee_uuid').filter(isService)).not.toEqual([]);
  },
  SLOWLY,
);

test(
  'refused is not empty: what is refused is left out with all of its rows and named, and an empty group is listed',
  async () => {
    const project = dbtProject();
    const atMs = UNTIL.getTime();
    const [owner] = account.people;
    const own = account.vaults.filter((vault) => exists(vault, atMs) && owner && account.hadAccess(owner, vault, atMs));
    const [unmanaged, refused] = own.map(({ uuid }) => uuid) as [string, string];
    const group = account.groups.find((candidate) => exists(candidate, atMs))?.uuid ?? '';

    const options = { recoveryGroup: true, unmanaged: [unmanaged], refused: [refused, group] };
    const { exitCode, said } = await takeBaseline(project, await standInFor(account, options));

    const vaults = valuesOf(project, 'baseline_vaults', 'vault_uuid');
    expect(exitCode).toBe(0);
    expect(vaults).toContain(unmanaged);
    expect(vaults).not.toContain(refused);
    expect(valuesOf(project, 'baseline_vault_access', 'vault_uuid')).not.toContain(refused);
    expect(valuesOf(project, 'baseline_groups', 'group_uuid')).not.toContain(group);
    expect(valuesOf(project, 'baseline_group_members', 'group_uuid')).not.toContain(group);
    expect(said).toMatch(new RegExp(`\n2 left out, .*\n  group ${group}  .+\n  vault ${refused}  .+\n`));

    const recovery = rowsOf(project, 'baseline_groups').find(({ name }) => name === 'Recovery')?.['group_uuid'];
    const grants = rowsOf(project, 'baseline_vault_access').filter(({ grantee_uuid }) => grantee_uuid === recovery);
    expect(grants.map(({ vault_uuid, permissions }) => [vault_uuid, permissions])).toEqual(
      vaults.map((vault) => [vault, 'none']),
    );
  },
  SLOWLY,
);

test(
  'somebody who is no owner gets the lists that they may read, and is told what that means',
  async () => {
    const project = dbtProject();

    const { answers } = await standInFor(account, { viewer: 'member' });
    const { user_uuid } = answers.get('whoami') as { user_uuid: string };
    // They manage the vaults that they hold themselves, and open others through a group.
    const manageOnly = [user_uuid];
    const standIn = await standInFor(account, {
      viewer: 'member',
      refusal: 'forbidden',
      ownersGroup: true,
      manageOnly,
    });
    const { exitCode, said } = await takeBaseline(project, standIn);

    expect(exitCode).toBe(0);
    expect(valuesOf(project, 'baseline_vaults', 'vault_uuid').length).toBeLessThan(
      valuesOf(usual.project, 'baseline_vaults', 'vault_uuid').length,
    );
    expect(said).toContain(' is in no group named Owners that could be read. ');
    expect(said).toMatch(/\n\d+ left out, because 1Password refused their lists:\n/);
  },
  SLOWLY,
);

test(
  'what dbt_project.yml names instead of a seed of these lists is said, and names move no cursor',
  async () => {
    const project = dbtProject();
    const inputs = 'baselines: onepassword_baselines, baseline_members: staff, baseline_groups: null';
    writeFileSync(
      join(project, 'dbt_project.yml'),
      `vars:\n  onepassword_inputs: {${inputs}}\n  onepassword: {onepassword_inputs: {baseline_vaults: our_vaults}}\n`,
    );
    const standIn = await standInFor(account);
    const answer = (question: string, change: object): void => {
      const file = join(standIn.op, `../answers/${question}.json`);
      writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ...change }));
    };
    answer('account-get', { name: 'Ex\u001bample', domain: '' });
    answer('whoami', { email: 'olu\u202e@example.com' });

    const { said } = await takeBaseline(project, standIn);

    expect(said).toMatch(/^Reading the lists of Ex ample as olu @example\.com\n/);
    expect(said).toContain('\nolu @example.com is in no group named Owners');
    expect(said.slice(said.indexOf('\nvars:'))).toBe(`
vars:
  onepassword_inputs:
    baseline_groups: onepassword_baseline_groups
    baseline_group_members: onepassword_baseline_group_members
    baseline_vault_access: onepassword_baseline_vault_access

dbt_project.yml names staff for baseline_members; for these lists it has to be onepassword_baseline_members.

dbt_project.yml names our_vaults for baseline_vaults; for these lists it has to be onepassword_baseline_vaults.`);
  },
  SLOWLY,
);
