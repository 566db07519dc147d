import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { Account } from '../../simulator/account/account.ts';
import { Random } from '../../simulator/random.ts';
import { readCsv } from './folder.ts';
import { dbtProject, standInFor } from './op-account.ts';

const EVIDENCE = join(__dirname, '../../dist/evidence.js');

/** Only Linux tells how much memory another process has used at most. */
const testOnLinux = process.platform === 'linux' ? test : test.skip;

/** The collector comes and goes as it likes. The rows alone would be more than that. */
const MOST_GROWTH_MB = 60;

/**
 * V8 lets garbage pile up where memory is plenty, and from Node 24 on more than the limit. With little it collects in time, and what
 * is kept shows: in the growth, or in an end without memory.
 */
const LITTLE_HEAP = ['--max-semi-space-size=8', '--max-old-space-size=64'];

/** Answers from the same files as the stand-in, at a hundredth of what starting Node so often would cost. */
const QUICK_OP = `#!/bin/sh
cd "$(dirname "$0")"
echo 1 >>running.log
case "$1 $2 $3" in
  --version*) echo 2.30.0; exit ;;
  whoami*) answer=whoami ;;
  'vault list --permission') answer=vault-list---permission-manage_vault ;;
  *' user list' | *' group list') answer=$1-$2-$3/$4 ;;
  *) answer=$1-$2 ;;
esac
sleep 0.02
echo -1 >>running.log
cat "answers/$answer.json"
`;

function accountOf(people: number, vaults: number, grants: number): Account {
  const random = new Random(1);
  const account = new Account('6TRLV4ZKHNDB7QWJX2CYOE5AGM', random, people);
  while (account.vaults.length < vaults) account.add(account.newVault(), Number.NEGATIVE_INFINITY);
  for (const vault of account.vaults) {
    for (let grant = 0; grant < grants; grant += 1) vault.people.open(random.pick(account.people), 0);
  }
  return account;
}

interface Outcome {
  exitCode: number | null;
  peakMb: number;
  mostAtOnce: number;
  baseline: Record<string, string> | undefined;
}

async function takeBaselineOf(account: Account): Promise<Outcome> {
  const project = dbtProject();
  const { op } = await standInFor(account);
  rmSync(op);
  writeFileSync(op, QUICK_OP);
  chmodSync(op, 0o755);

  const argv = [EVIDENCE, 'baseline', '--project-dir', project, '--op', op];
  const child = spawn(process.execPath, [...LITTLE_HEAP, ...argv], { stdio: 'ignore' });
  const closed = once(child, 'close') as Promise<[number | null]>;
  let peakMb = 0;
  while (child.exitCode === null) {
    peakMb = Math.max(peakMb, peakMbOf(child.pid));
    await sleep(20);
  }
  const [exitCode] = await closed;
  let running = 0;
  const changes = readFileSync(join(dirname(op), 'running.log'), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map(Number);
  const mostAtOnce = Math.max(...changes.map((change) => (running += change)));
  const [baseline] = readCsv(project, 'seeds/onepassword/onepassword_baselines.csv');
  return { exitCode, peakMb, mostAtOnce, baseline };
}

/** The most memory that a process has ever had, in MB; nothing once it has ended. */
function peakMbOf(pid: number | undefined): number {
  try {
    const [, kb] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kb ?? 0) / 1024;
  } catch {
    return 0;
  }
}

testOnLinux(
  'memory stays flat and four lists are asked for at a time, with 3,000 people and 800 vaults',
  async () => {
    const small = await takeBaselineOf(accountOf(30, 20, 10));
    const large = await takeBaselineOf(accountOf(3_000, 800, 300));

    expect([small.exitCode, large.exitCode]).toEqual([0, 0]);
    expect([small.mostAtOnce, large.mostAtOnce]).toEqual([4, 4]);
    expect(large.baseline).toMatchObject({ members_count: '3021', groups_count: '75', vaults_count: '800' });
    expect(Number(large.baseline?.['vault_access_count'])).toBeGreaterThan(200_000);
    expect(large.peakMb - small.peakMb).toBeLessThan(MOST_GROWTH_MB);
  },
  300_000,
);
