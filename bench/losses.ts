/** What a source loses: events that arrive after others of a later date, and what it had read when it was killed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { EventGenerator } from '../simulator/account/event-generator.ts';
import { features } from '../simulator/options.ts';
import { Simulator } from '../simulator/server.ts';
import { configure, read, type SourceName } from './contenders.ts';
import type { CommandLine } from './measure.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const LATE_MS = [MINUTE_MS, HOUR_MS, DAY_MS];

/** Syncs, lets events arrive that are dated before the newest one, syncs again; how many of them came, of how many. */
export async function lateArrivals(source: SourceName): Promise<{ sent: number; lost: number }> {
  const api = await Simulator.start();
  try {
    const newestMs = Date.now() - 1_000;
    const generator = new EventGenerator(2, 'BENCH');
    // To whole seconds: a manifest cannot read nine fraction digits, and what is asked here is lateness alone.
    const add = (count: number, fromMs: number, toMs: number) =>
      features.flatMap((feature) => {
        const items = generator.generate(feature, count, new Date(fromMs), new Date(toMs));
        return api.add(
          feature,
          ...items.map((item) => ({ ...item, timestamp: `${String(item['timestamp']).slice(0, 19)}Z` })),
        );
      });
    add(200, newestMs - 10 * DAY_MS, newestMs - 2 * DAY_MS);
    add(1, newestMs - 1_000, newestMs);
    configure(api.url, api.issueToken());
    const first = await follow(read(source));

    const late = LATE_MS.flatMap((lateMs) => add(10, newestMs - lateMs - 2_000, newestMs - lateMs - 1_000));
    const second = await follow(read(source, [...first.states.values()]));
    return { sent: late.length, lost: late.filter(({ uuid }) => !second.uuids.has(String(uuid))).length };
  } finally {
    await api.stop();
  }
}

/** Kills a source after so many records; how many it has to read again, because no state stands behind them. */
export async function killed(source: SourceName, afterRecords: number): Promise<number> {
  const { sinceState } = await follow(read(source), afterRecords);
  return [...sinceState.values()].reduce((sum, count) => sum + count, 0);
}

type Message =
  | { type: 'RECORD'; record: { stream: string; data: { uuid: string } } }
  | { type: 'STATE'; state: { stream: { stream_descriptor: { name: string } } } }
  | { type: 'LOG' };

/** Reads what a source writes, to its end or until it has written so many records and is killed. */
async function follow([program, ...args]: CommandLine, killAfter = Number.POSITIVE_INFINITY) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  const uuids = new Set<string>();
  const states = new Map<string, unknown>();
  const sinceState = new Map<string, number>();
  let records = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    // A line that the kill has cut is none.
    if (child.killed && !line.endsWith('}')) break;
    const message = JSON.parse(line) as Message;
    if (message.type === 'RECORD') {
      const { stream, data } = message.record;
      records += 1;
      uuids.add(data.uuid);
      sinceState.set(stream, (sinceState.get(stream) ?? 0) + 1);
      if (records >= killAfter) child.kill('SIGKILL');
    } else if (message.type === 'STATE') {
      const { name } = message.state.stream.stream_descriptor;
      states.set(name, message.state);
      sinceState.set(name, 0);
    }
  }
  const [exitCode] = await closed;
  if (exitCode !== 0 && !child.killed) throw new Error(`${program} ${args.join(' ')} ended with ${exitCode}`);
  return { uuids, states, sinceState };
}
