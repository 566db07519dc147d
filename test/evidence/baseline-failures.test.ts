import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, expect, test } from '@jest/globals';
import { Op, QUESTIONS } from '../../evidence/baseline/op.ts';
import type { OpOptions } from '../../simulator/op/options.ts';
import { environmentAt, temporaryFolder } from './folder.ts';
import { bytesIn, dbtProject, livedInAccount, type StandIn, standInFor, takeBaseline, UNTIL } from './op-account.ts';

const EVIDENCE = join(__dirname, '../../dist/evidence.js');
const account = livedInAccount();
const LATER = new Date('2026-12-31T09:00:00Z');
/** A Node process for each list, on a machine that may be busy. */
const SLOWLY = 120_000;

/** A project with one baseline. */
let earlier: string;

beforeAll(async () => {
  earlier = dbtProject();
  await takeBaseline(earlier, await standInFor(account));
}, SLOWLY);

/** Two projects of each kind: one that has no seeds yet, and one that has a baseline. */
function projects(): [fresh: string, used: string] {
  const used = temporaryFolder();
  cpSync(earlier, used, { recursive: true });
  return [dbtProject(), used];
}

/** A run has to fail with the sentence, in either project, and leave both as they were. */
async function expectFailure(standIn: Pick<StandIn, 'op'>, sentence: string, ...argv: string[]): Promise<void> {
  for (const project of projects()) {
    // Each run has a session of its own.
    rmSync(join(standIn.op, '../requests.log'), { force: true });
    const before = bytesIn(project);
    const { exitCode, said } = await takeBaseline(project, standIn, LATER, { argv });
    expect(said.split('\n').at(-1)).toContain(sentence);
    expect([exitCode, bytesIn(project)]).toEqual([1, before]);
    expect(existsSync(join(project, 'seeds/onepassword/.partial'))).toBe(false);
  }
}

test.each<[string, OpOptions, string]>([
  ['an old op', { version: '2.24.0' }, 'is version 2.24.0. The lists need version 2.25 or later: update'],
  ['the op before that', { version: '1.12.9' }, 'is version 1.12.9. The lists need version 2.25 or later: update'],
  [
    'something else than op',
    { version: 'OpenPBS' },
    "--version does not answer as 1Password's CLI does. Give its path",
  ],
  [
    'nobody who is signed in',
    { sessionEndsAfter: 0 },
    "Nobody is signed in to 1Password's CLI, or no longer. Sign in as an owner (`op signin`), as a person and not by a token, and run this again. (op whoami)",
  ],
  [
    'a session that ends in the middle',
    { sessionEndsAfter: 14 },
    "Nobody is signed in to 1Password's CLI, or no longer. Sign in as an owner",
  ],
  [
    'an answer that is not JSON',
    { notJson: ['vault group list'] },
    "did not answer with JSON. Does --op or the PATH point to 1Password's CLI?",
  ],
  [
    'too many requests, however long it waits',
    { trouble: { times: 99, words: 'Too many requests. Your client has been rate-limited.' } },
    '1Password keeps answering Too many requests. Run this again in an hour. (op whoami)',
  ],
  [
    'a network that does not come back',
    { trouble: { times: 99, words: 'dial tcp: lookup my.1password.com: no such host' } },
    '1Password could not be reached. Run this again. (op whoami)',
  ],
])(
  '%s ends it with a sentence, and the project is as it was',
  async (_, options, sentence) => {
    await expectFailure(await standInFor(account, options), sentence);
  },
  SLOWLY,
);

test('an account that op does not know ends it with a sentence, and the project is as it was', async () => {
  await expectFailure(
    await standInFor(account),
    "1Password's CLI knows no such account. `op account list` lists those that it knows. (op whoami)",
    '--account',
    'other',
  );
});

test('an op that is not there, or cannot be run, is said in a sentence, and the project is as it was', async () => {
  const [nowhere, plain] = [join(temporaryFolder(), 'op'), join(temporaryFolder(), 'op')] as const;
  writeFileSync(plain, 'no program');

  await expectFailure(
    { op: nowhere },
    `${nowhere} was not found. Install 1Password's CLI, or give its path with --op.`,
  );
  await expectFailure({ op: plain }, `${plain} cannot be run: spawn ${plain} EACCES.`);
});

test.each([
  ['list', '{"id": "w2kqz7tnxhvb5rjyd4lmcge3au"}'],
  ['identifiers', '[{"name": "Finance"}]'],
  ['words that are safe on a command line', '[{"id": "--help"}]'],
])('a list that is not made of %s ends it with a sentence, and the project is as it was', async (_, answer) => {
  const standIn = await standInFor(account);
  writeFileSync(join(standIn.op, '../answers/vault-list.json'), answer);

  await expectFailure(
    standIn,
    "op vault list answered in a form that is not known. Does --op or the PATH point to 1Password's CLI?",
  );
});

test('a folder that is not a dbt project is not touched, and op is not asked', async () => {
  const folder = temporaryFolder();

  const { said } = await takeBaseline(folder, { op: '/nowhere/op' });

  expect(said).toBe(`${folder} is not a dbt project: it has no dbt_project.yml.`);
  expect(bytesIn(folder)).toEqual({});
});

test('another account than that of the earlier lists ends it before a list is read, and the project is as it was', async () => {
  const [, project] = projects();
  const before = bytesIn(project);
  const standIn = await standInFor(livedInAccount('OTHERV4ZKHNDB7QWJX2CYOE5AG'));

  const { exitCode, said } = await takeBaseline(project, standIn, LATER);

  expect([exitCode, bytesIn(project)]).toEqual([1, before]);
  expect(said).toBe(
    `The lists in ${project}/seeds/onepassword are of the account 6TRLV4ZKHNDB7QWJX2CYOE5AGM, and 1Password's CLI is signed in to OTHERV4ZKHNDB7QWJX2CYOE5AG. Choose the account with --account.`,
  );
  expect(standIn.asked()).toHaveLength(2);
});

test(
  'somebody else who signs in while the lists are read ends it, and the project is as it was',
  async () => {
    const standIn = await standInFor(account);
    const whoami = join(standIn.op, '../answers/whoami.json');
    const [, project] = projects();
    const before = bytesIn(project);
    const now = (): Date => {
      writeFileSync(whoami, JSON.stringify({ ...JSON.parse(readFileSync(whoami, 'utf8')), user_uuid: 'SOMEBODYELSE' }));
      return LATER;
    };

    const { said } = await takeBaseline(project, standIn, LATER, { now });

    expect(said).toContain("Somebody else signed in to 1Password's CLI while the lists were read. Run this again.");
    expect(bytesIn(project)).toEqual(before);
  },
  SLOWLY,
);

test.each([
  [
    'lacks a row',
    (file: string) => writeFileSync(file, `${readFileSync(file, 'utf8').trimEnd().replace(/\n.*$/, '')}\n`),
  ],
  ['has a row more', (file: string) => appendFileSync(file, '"X","Y","member","2026-11-20T00:00:00.000Z"\n')],
  [
    'has a row of a time that is no baseline',
    (file: string) => appendFileSync(file, '"X","Y","member","2026-11-21"\n'),
  ],
  ['is gone', (file: string) => rmSync(file)],
])('a seed that %s is not added to', async (_, change) => {
  const [, project] = projects();
  change(join(project, 'seeds/onepassword/onepassword_baseline_group_members.csv'));
  const before = bytesIn(project);

  const { exitCode, said } = await takeBaseline(project, { op: '/nowhere/op' }, LATER);

  expect([exitCode, bytesIn(project)]).toEqual([1, before]);
  expect(said).toMatch(
    /onepassword_baseline_group_members\.csv has \d+ rows of 2026-11-2\S+ where onepassword_baselines\.csv says \d+\. /,
  );
});

test('a seed of the same name with other columns is left alone', async () => {
  const project = dbtProject();
  const file = join(project, 'seeds/onepassword/onepassword_baseline_members.csv');
  mkdirSync(join(project, 'seeds/onepassword'));
  writeFileSync(file, 'id,name\n1,Olu\n');

  const { said } = await takeBaseline(project, { op: '/nowhere/op' });

  expect(said).toContain(`${file} has the columns id, name instead of user_uuid, email, name, kind, status, as_of.`);
  expect(readFileSync(file, 'utf8')).toBe('id,name\n1,Olu\n');
});

test('a clock that is behind the earlier lists ends it, and the project is as it was', async () => {
  const [, project] = projects();
  const before = bytesIn(project);

  const { said } = await takeBaseline(project, await standInFor(account), UNTIL);

  expect(said).toContain("There are lists of 2026-11-20T00:00:00.000Z, and this machine's clock says ");
  expect(bytesIn(project)).toEqual(before);
});

test(
  'a clock that steps back while the lists are read ends it, and the project is as it was',
  async () => {
    const [project] = projects();
    const before = bytesIn(project);
    const times = [LATER, UNTIL];

    const { said } = await takeBaseline(project, await standInFor(account), LATER, {
      now: () => times.shift() ?? LATER,
    });

    expect(said).toContain(
      "There are lists of 2026-12-31T09:00:00.000Z, and this machine's clock says 2026-11-20T00:00:00.000Z. Set the clock right",
    );
    expect(bytesIn(project)).toEqual(before);
  },
  SLOWLY,
);

test('lists that cannot be read are said in a sentence, and op is not asked', async () => {
  const project = dbtProject();
  const file = join(project, 'seeds/onepassword/onepassword_baselines.csv');
  mkdirSync(file, { recursive: true });

  const { said } = await takeBaseline(project, { op: '/nowhere/op' });

  expect(said).toBe(`${file} could not be read: EISDIR: illegal operation on a directory, read.`);
});

// Nothing is closed to root.
(process.getuid?.() === 0 ? test.skip : test)("a colleague's lists are said to be theirs", async () => {
  const [, project] = projects();
  const file = join(project, 'seeds/onepassword/onepassword_baselines.csv');
  chmodSync(file, 0);

  const { said } = await takeBaseline(project, { op: '/nowhere/op' }, LATER);

  expect(said).toBe(`${file} could not be read: it belongs to somebody else. Let them take the lists.`);
});

test('the earlier lists are read when no other run can add to them any more', async () => {
  const [, project] = projects();
  mkdirSync(join(project, 'seeds/onepassword/.partial'));
  rmSync(join(project, 'seeds/onepassword/onepassword_baseline_members.csv'));

  const { said } = await takeBaseline(project, { op: '/nowhere/op' }, LATER);

  expect(said).toContain('Another run is writing into ');
});

test('two runs do not write into one project', async () => {
  const [, project] = projects();
  const partial = join(project, 'seeds/onepassword/.partial');
  mkdirSync(partial);

  const { said } = await takeBaseline(project, await standInFor(account), LATER);

  expect(said).toContain(
    `Another run is writing into ${project}/seeds/onepassword, or one was killed there. If none is running, delete ${partial}.`,
  );
});

test.each(['onepassword_baselines.csv', 'onepassword_baseline_group_members.csv', '_onepassword_seeds.yml'])(
  'if %s cannot be replaced, those that were come back',
  async (file) => {
    const standIn = await standInFor(account);
    for (const project of projects()) {
      const before = bytesIn(project);
      // What was to take its place goes while the last list is read.
      const times: Date[] = [];
      const now = (): Date => {
        if (times.push(LATER) === 2) rmSync(join(project, 'seeds/onepassword/.partial', `${file}.new`));
        return LATER;
      };

      const { exitCode, said } = await takeBaseline(project, standIn, LATER, { now });

      expect(said).toMatch(/seeds\/onepassword could not be written: ENOENT.+ The lists there are as they were\.$/);
      expect([exitCode, bytesIn(project)]).toEqual([1, before]);
      expect(existsSync(join(project, 'seeds/onepassword'))).toBe(Object.keys(before).length > 1);
    }
  },
  SLOWLY,
);

test(
  'a disk that is full ends it with a sentence, and the project is as it was',
  async () => {
    const [, project] = projects();
    const before = bytesIn(project);
    const { op } = await standInFor(account);

    const argv = [process.execPath, EVIDENCE, 'baseline', '--project-dir', project, '--op', op];
    const { status, stderr } = spawnSync('bash', ['-c', 'ulimit -f 8; exec "$@"', 'bash', ...argv], {
      encoding: 'utf8',
    });

    expect([status, stderr]).toEqual([
      1,
      `${project}/seeds/onepassword could not be written: a file grew beyond what the disk or a limit of this user allows. The lists there are as they were.\n`,
    ]);
    expect(bytesIn(project)).toEqual(before);
  },
  SLOWLY,
);

test('a folder that this user may not write into is said in a sentence', async () => {
  const project = dbtProject();
  writeFileSync(join(project, 'seeds/onepassword'), 'a file in the way');

  const { said } = await takeBaseline(project, await standInFor(account));

  expect(said).toMatch(/seeds\/onepassword could not be written: .+\. The lists there are as they were\.$/);
});

test(
  'what passes is asked again after growing pauses, and the lists are whole',
  async () => {
    const project = dbtProject();
    const pauses: number[] = [];
    const wait = async (ms: number): Promise<void> => void pauses.push(ms);

    const standIn = await standInFor(account, { trouble: { times: 4, words: 'Too many requests' } });
    const { exitCode, said } = await takeBaseline(project, standIn, UNTIL, { wait });

    expect([exitCode, pauses]).toEqual([0, [2_000, 4_000, 8_000, 16_000]]);
    expect(said).toContain('op whoami: Too many requests. Trying again in 2 s');
    const [seeds, usual] = [bytesIn(join(project, 'seeds')), bytesIn(join(earlier, 'seeds'))].map(Object.values);
    expect(seeds).toEqual(usual);
  },
  SLOWLY,
);

test(
  "a Connect server's address and tokens of the environment are not passed on",
  async () => {
    const env = {
      ...process.env,
      OP_CONNECT_HOST: 'http://x',
      OP_CONNECT_TOKEN: 'y',
      OP_SERVICE_ACCOUNT_TOKEN: 'ops_z',
    };

    const { exitCode, said } = await takeBaseline(dbtProject(), await standInFor(account), UNTIL, { env });

    expect([exitCode, said]).toEqual([0, expect.not.stringContaining('ops_z')]);
  },
  SLOWLY,
);

test('a service account is not asked for lists', async () => {
  const standIn = await standInFor(account);
  const whoami = join(standIn.op, '../answers/whoami.json');
  writeFileSync(whoami, JSON.stringify({ ...JSON.parse(readFileSync(whoami, 'utf8')), user_type: 'SERVICE_ACCOUNT' }));

  await expectFailure(standIn, 'is signed in as a service account, which sees only part of the account.');
});

test.each(['group', 'vault'])(
  'if the lists of every %s are refused, that ends it, and the project is as it was',
  async (what) => {
    const { answers } = await standInFor(account);
    const lists = [`${what} list`, `${what} list --permission manage_vault`].flatMap((list) => answers.get(list) ?? []);
    const standIn = await standInFor(account, { refused: (lists as { id: string }[]).map(({ id }) => id) });

    await expectFailure(
      standIn,
      `The lists of every ${what} were refused. The last time: 1Password refuses op ${what} `,
    );
  },
  SLOWLY,
);

test('an op that never answers is ended, asked again, and given up', async () => {
  const { op, asked } = await standInFor(account, { hangs: ['whoami'] });
  const said: string[] = [];
  const cli = new Op({ program: op, account: undefined, patienceMs: 700 }, environmentAt(), (line) => said.push(line));

  await expect(cli.ask('whoami')).rejects.toThrow(
    `${op} gave no answer in 0.7 s, again and again. Is it waiting for you to unlock 1Password? Run this again. (op whoami)`,
  );

  expect(said).toHaveLength(6);
  expect(asked().length).toBeLessThanOrEqual(7);
});

test.each([
  ['SIGINT', 'user list'],
  ['SIGTERM', 'vault group list'],
  ['SIGHUP', 'whoami'],
] as const)(
  '%s while op is asked for %s ends it and op, and the project is as it was',
  async (signal, hangs) => {
    for (const project of projects()) {
      const before = bytesIn(project);
      const { op } = await standInFor(account, { hangs: [hangs] });
      const child = spawn(process.execPath, [EVIDENCE, 'baseline', '--project-dir', project, '--op', op], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      const errors = text(child.stderr);
      const pid = await pidOf(hangs, join(op, '../requests.log'));

      child.kill(signal);
      const [code] = await once(child, 'close');

      expect([code, await errors]).toEqual([1, `Stopped by ${signal} before the end.\n`]);
      expect(bytesIn(project)).toEqual(before);
      expect(existsSync(join(project, 'seeds/onepassword/.partial'))).toBe(false);
      expect(isRunning(pid)).toBe(false);
    }
  },
  SLOWLY,
);

test('the list of what may be asked is closed', () => {
  expect(QUESTIONS).toEqual([
    'whoami',
    'account get',
    'user list',
    'group list',
    'group user list',
    'vault list',
    'vault list --permission manage_vault',
    'vault user list',
    'vault group list',
  ]);
});

/** The process that was started for a command. */
async function pidOf(command: string, log: string): Promise<number> {
  for (;;) {
    const lines = existsSync(log) ? readFileSync(log, 'utf8').split('\n') : [];
    const line = lines.find((entry) => entry.includes(JSON.stringify(command.split(' ')).slice(0, -1)));
    if (line !== undefined) return (JSON.parse(line) as { pid: number }).pid;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
