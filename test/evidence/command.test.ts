import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import type { MartLine } from '../../evidence/evidence.ts';
import { temporaryFolder } from './folder.ts';
import { finding, readingsOf, wholeMarts } from './marts.ts';

const EVIDENCE = join(__dirname, '../../dist/evidence.js');

interface StandIn {
  folder: string;
  /** What the command is called with. */
  argv: readonly string[];
}

/** A dbt whose Python reads marts from a file. `waitIn` is where it says its process number, and hangs. */
async function standIn(waitIn?: 'dbt' | 'python'): Promise<StandIn> {
  const folder = temporaryFolder();
  const lines: string[] = [];
  const findings = Array.from({ length: 500 }, (_, number) => finding({ finding_id: `finding-${number}` }));
  for await (const line of readingsOf(wholeMarts({ findings }))) lines.push(`${JSON.stringify(printed(line))}\n`);
  writeFileSync(join(folder, 'lines'), lines.join(''));

  const hang = `echo $$ >'${folder}/pid'; exec sleep 600`;
  const python = `#!/bin/sh
[ "$2" != --version ] || { echo '  - installed: 1.11.16'; exit; }
[ "$1" = -c ] || { ${waitIn === 'dbt' ? hang : 'exit 0'}; }
cat '${folder}/lines'
${waitIn === 'python' ? hang : ''}
`;
  mkdirSync(join(folder, 'bin'));
  for (const [name, script] of Object.entries({ python, dbt: `#!${folder}/bin/python\n` })) {
    writeFileSync(join(folder, 'bin', name), script);
    chmodSync(join(folder, 'bin', name), 0o755);
  }
  mkdirSync(join(folder, 'out'));
  const out = join(folder, 'out/report');
  return {
    folder,
    argv: [EVIDENCE, 'report', '--project-dir', folder, '--dbt', join(folder, 'bin/dbt'), '--out', out],
  };
}

function printed(line: MartLine): unknown {
  return 'row' in line ? line.row : line;
}

test('builds, reads and writes a report, which verify then finds unchanged', async () => {
  const { folder, argv } = await standIn();

  const report = spawnSync(process.execPath, argv, { encoding: 'utf8' });
  const verified = spawnSync(process.execPath, [EVIDENCE, 'verify', join(folder, 'out/report')], { encoding: 'utf8' });

  expect([report.status, report.stderr]).toEqual([0, '']);
  expect(readdirSync(join(folder, 'out'))).toEqual(['report']);
  expect([verified.status, verified.stdout]).toEqual([
    0,
    expect.stringContaining('Every file is as the manifest says.'),
  ]);
});

test.each([8, 64, 200])(
  'a disk that takes %d kB of a file ends it with a sentence, and nothing is left',
  async (kilobytes) => {
    const { folder, argv } = await standIn();

    const limited = ['-c', `ulimit -f ${kilobytes}; exec "$@"`, 'bash', process.execPath, ...argv];
    const { status, stderr } = spawnSync('bash', limited, { encoding: 'utf8' });

    expect([status, stderr]).toEqual([
      1,
      `${folder}/out/report could not be written: a file grew beyond what the disk or a limit of this user allows. Nothing was left there.\n`,
    ]);
    expect(readdirSync(join(folder, 'out'))).toEqual([]);
  },
);

test.each([
  ['SIGTERM', 'dbt'],
  ['SIGINT', 'python'],
  ['SIGHUP', 'python'],
] as const)('%s ends it, and the %s that it runs, with a sentence, and nothing is left', async (signal, waitIn) => {
  const { folder, argv } = await standIn(waitIn);
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'ignore', 'pipe'] });
  const errors = text(child.stderr);
  const pid = await pidIn(folder);

  child.kill(signal);

  expect([await exitOf(child), await errors]).toEqual([1, `Stopped by ${signal} before the end.\n`]);
  expect(isRunning(pid)).toBe(false);
  expect(readdirSync(join(folder, 'out'))).toEqual([]);
});

async function pidIn(folder: string): Promise<number> {
  for (;;) {
    const { stdout } = spawnSync('cat', [join(folder, 'pid')], { encoding: 'utf8' });
    if (stdout.endsWith('\n')) return Number(stdout);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function exitOf(child: ChildProcess): Promise<unknown> {
  const [code] = await once(child, 'close');
  return code;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('the demo asks for Python where there is none', () => {
  const bin = temporaryFolder();
  symlinkSync('/bin/bash', join(bin, 'bash'));

  const { status, stderr } = spawnSync(process.execPath, [EVIDENCE, 'demo'], { env: { PATH: bin }, encoding: 'utf8' });

  expect([status, stderr]).toEqual([1, 'The demo: no Python from 3.10 to 3.12 is on the PATH\n']);
});

test('a command that makes no sense is said on stderr, with the commands that there are', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [EVIDENCE, 'publish'], { encoding: 'utf8' });

  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toContain('There is no command publish.');
  expect(stderr).toContain('1password-evidence verify FOLDER');
});
