/** Runs a program to its end and says what that took. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export type CommandLine = readonly [program: string, ...args: string[]];

export interface Usage {
  wallMs: number;
  cpuSeconds: number;
  peakMb: number;
}

/** `stalls`: after the first 20 MB nothing is read for five seconds. */
export type Reader = 'steady' | 'stalls';

const STALL_AFTER_BYTES = 20e6;
const STALL_MS = 5_000;

/** Fails if the program does. Only a program that writes down its usage at the end gets more than a wall time. */
export async function measure([program, ...args]: CommandLine, usageFile: string, reader: Reader): Promise<Usage> {
  const startedAt = performance.now();
  const child = spawn(program, args, {
    env: { ...process.env, BENCH_USAGE: usageFile },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let received = 0;
  let isToStall = reader === 'stalls';
  child.stdout.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (!isToStall || received < STALL_AFTER_BYTES) return;
    isToStall = false;
    child.stdout.pause();
    void sleep(STALL_MS).then(() => child.stdout.resume());
  });
  const [exitCode] = await once(child, 'close');
  const wallMs = performance.now() - startedAt;
  if (exitCode !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${exitCode}`);
  return { wallMs, ...(JSON.parse(readFileSync(usageFile, 'utf8')) as Omit<Usage, 'wallMs'>) };
}

/** The wall time alone, of a program that nothing is added to. */
export async function measureWallMs([program, ...args]: CommandLine): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const [exitCode] = await once(child, 'close');
  if (exitCode !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${exitCode}`);
  return performance.now() - startedAt;
}

/** Measures each in turn, round after round, so that a machine that slows down slows all of them. */
export async function inTurn<K extends string, T>(
  rounds: number,
  measurements: Record<K, () => Promise<T>>,
): Promise<Record<K, T[]>> {
  const names = Object.keys(measurements) as K[];
  const results = Object.fromEntries(names.map((name) => [name, [] as T[]])) as Record<K, T[]>;
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) results[name].push(await measurements[name]());
  }
  return results;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** Field by field. */
export function medianUsage(usages: readonly Usage[]): Usage {
  return {
    wallMs: median(usages.map(({ wallMs }) => wallMs)),
    cpuSeconds: median(usages.map(({ cpuSeconds }) => cpuSeconds)),
    peakMb: median(usages.map(({ peakMb }) => peakMb)),
  };
}
