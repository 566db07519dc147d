import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { exampleItems } from '../../simulator/example-items.ts';
import { type Feature, Simulator } from '../../simulator/server.ts';
import { catalogOf } from '../support/catalog.ts';
import { start } from '../support/process.ts';

/** Which part of the events is of which type. */
const SHARES = { auditevents: 1 / 2, itemusages: 1 / 4, signinattempts: 1 / 4 };

/** Only Linux tells how much memory another process has used at most. */
const testOnLinux = process.platform === 'linux' ? test : test.skip;

/** The image is promised to do with 256 MB, of which the container itself needs some. */
const MOST_MB = 200;

/** The collector comes and goes as it likes; the events that the longer run has more are twice as much. */
const MOST_GROWTH_MB = 40;

const dockerfile = readFileSync(join(__dirname, '../../Dockerfile'), 'utf8');
const entrypoint: string[] = JSON.parse(/^ENTRYPOINT (.*)$/m.exec(dockerfile)?.[1] ?? '[]');

/** What the image tells Node: the words between the executable and the bundle. */
const nodeFlags = entrypoint.slice(1, -1);

/** The most memory that a process has ever had, in MB; nothing once it has ended. */
function peakMbOf(pid: number | undefined): number {
  try {
    const [, kb] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kb ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** Reads that many events as the image does, pausing after each piece; the lines that came and the peak in MB. */
async function readSlowly(count: number): Promise<{ exitCode: number; lines: number; peakMb: number }> {
  const api = await Simulator.start();
  const timestamp = new Date().toISOString();
  for (const [feature, share] of Object.entries(SHARES) as [Feature, number][]) {
    const [example] = exampleItems[feature];
    api.add(
      feature,
      ...Array.from({ length: count * share }, (_, index) => ({ ...example, uuid: `e${index}`, timestamp })),
    );
  }

  const config = { api_token: api.issueToken(), base_url: api.url };
  const { child, dispose } = start('read', { config, catalog: catalogOf(), nodeFlags });
  child.stderr.resume();
  const closed = once(child, 'close') as Promise<[number]>;
  let lines = 0;
  let peakMb = 0;
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    lines += chunk.toString('latin1').split('\n').length - 1;
    peakMb = Math.max(peakMb, peakMbOf(child.pid));
    await sleep(1);
  }
  const [exitCode] = await closed;
  dispose();
  await api.stop();
  expect(api.violations).toEqual([]);
  return { exitCode, lines, peakMb };
}

testOnLinux(
  'memory stays flat however long a backfill is and however slow its reader',
  async () => {
    const short = await readSlowly(40_000);
    const long = await readSlowly(120_000);

    expect([short.exitCode, long.exitCode]).toEqual([0, 0]);
    expect(short.lines).toBeGreaterThan(40_000);
    expect(long.lines).toBeGreaterThan(120_000);
    expect(short.peakMb).toBeGreaterThan(0);
    expect(short.peakMb).toBeLessThan(MOST_MB);
    expect(long.peakMb).toBeLessThan(MOST_MB);
    expect(long.peakMb - short.peakMb).toBeLessThan(MOST_GROWTH_MB);
  },
  140_000,
);

test('the image keeps the young generation of the heap small, however Airbyte starts it', () => {
  const churn = `
    let mostBytes = 0;
    for (let round = 0; round < 200; round += 1) {
      globalThis.kept = Array.from({ length: 50_000 }, (_, index) => ({ index }));
      const space = require('node:v8').getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
      mostBytes = Math.max(mostBytes, space.space_size);
    }
    console.log(mostBytes);`;

  const mostBytes = Number(execFileSync(process.execPath, [...nodeFlags, '-e', churn], { encoding: 'utf8' }));

  expect(mostBytes).toBeLessThanOrEqual(24 * 1024 * 1024);
  expect(dockerfile).toContain(`\nENV AIRBYTE_ENTRYPOINT="${entrypoint.join(' ')}"\n`);
});
