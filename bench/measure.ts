/** Runs a program to its end and says what that took. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

export type CommandLine = readonly [program: string, ...args: string[]];

/** CPU time and peak memory are looked up in `/proc`, so they are NaN where there is none. */
const NOTHING = { wallMs: Number.NaN, cpuMs: Number.NaN, peakMb: Number.NaN };
export type Usage = typeof NOTHING;

const SAMPLE_MS = 10;
const MS_A_TICK = 10;

/** Fails if the program does. */
export async function measure([program, ...args]: CommandLine): Promise<Usage> {
  const startedAt = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.resume();
  let usage = NOTHING;
  const sampling = setInterval(() => {
    usage = { ...usage, ...usageOf(child.pid) };
  }, SAMPLE_MS);
  const [exitCode] = await once(child, 'close');
  clearInterval(sampling);
  if (exitCode !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${exitCode}`);
  return { ...usage, wallMs: performance.now() - startedAt };
}

/** Measures each in turn, round after round, so that a machine that slows down slows all of them; medians, field by field. */
export async function inTurn<K extends string>(
  rounds: number,
  measurements: Record<K, (() => Promise<Usage>) | undefined>,
): Promise<Record<K, Usage>> {
  const names = Object.keys(measurements) as K[];
  const results = Object.fromEntries(names.map((name) => [name, [] as Usage[]])) as Record<K, Usage[]>;
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) results[name].push((await measurements[name]?.()) ?? NOTHING);
  }
  const median = (values: number[]) => values.sort((one, other) => one - other)[Math.floor(values.length / 2)];
  const medians = (usages: Usage[]) =>
    Object.fromEntries(
      Object.keys(NOTHING).map((field) => [field, median(usages.map((one) => one[field as keyof Usage]))]),
    );
  return Object.fromEntries(names.map((name) => [name, medians(results[name])])) as Record<K, Usage>;
}

/** What a process has used so far; nothing once it has ended. */
function usageOf(pid: number | undefined): Partial<Usage> {
  try {
    const times = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ').slice(11, 13) ?? [];
    const [, peakKb] = /^VmHWM:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    if (peakKb === undefined) return {};
    return { cpuMs: times.reduce((sum, ticks) => sum + Number(ticks), 0) * MS_A_TICK, peakMb: Number(peakKb) / 1024 };
  } catch {
    return {};
  }
}
