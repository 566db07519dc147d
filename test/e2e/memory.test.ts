import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { exampleItems } from '../simulator/events.ts';
import { Simulator } from '../simulator/simulator.ts';
import { catalogOf } from '../support/catalog.ts';
import { start } from '../support/process.ts';

/** Only Linux tells how much memory another process has used at most. */
const testOnLinux = process.platform === 'linux' ? test : test.skip;

const MOST_MB = 160;

/** The collector comes and goes as it likes; the events that the longer run has more are twice as much. */
const MOST_GROWTH_MB = 40;

/** The most memory that a process has ever had, in MB; nothing once it has ended. */
function peakMbOf(pid: number | undefined): number {
  try {
    const [, kb] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kb ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** Reads that many events with the bundle, pausing after each piece; the lines that came and the peak in MB. */
async function readSlowly(count: number): Promise<{ exitCode: number; lines: number; peakMb: number }> {
  const api = await Simulator.start();
  const [example] = exampleItems.auditevents;
  const timestamp = new Date().toISOString();
  for (let index = 0; index < count; index += 1) api.add('auditevents', { ...example, uuid: `e${index}`, timestamp });

  const config = { api_token: api.issueToken(), base_url: api.url };
  const { child, dispose } = start('read', { config, catalog: catalogOf(['audit_events']) });
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
    const short = await readSlowly(20_000);
    const long = await readSlowly(100_000);

    expect([short.exitCode, long.exitCode]).toEqual([0, 0]);
    expect(short.lines).toBeGreaterThan(20_000);
    expect(long.lines).toBeGreaterThan(100_000);
    expect(short.peakMb).toBeGreaterThan(0);
    expect(short.peakMb).toBeLessThan(MOST_MB);
    expect(long.peakMb).toBeLessThan(MOST_MB);
    expect(long.peakMb - short.peakMb).toBeLessThan(MOST_GROWTH_MB);
  },
  120_000,
);
