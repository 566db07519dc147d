/** What a source loses: events that arrive after others of a later date, and what it had read when it was killed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventGenerator } from '../test/simulator/events.ts';
import { features } from '../test/simulator/options.ts';
import { Simulator } from '../test/simulator/simulator.ts';
import type { Contenders, SourceName } from './contenders.ts';
import type { FarEnd } from './far-end.ts';
import type { CommandLine } from './measure.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;
const LATE_EVENTS_A_STREAM = 10;

export const LATENESS = { 'a minute': MINUTE_MS, 'an hour': 60 * MINUTE_MS, 'a day': DAY_MS } as const;
export type Lateness = keyof typeof LATENESS;

export interface Arrivals {
  sent: number;
  arrived: number;
}

/** Syncs, lets events arrive that are dated so much before the newest one, syncs again, and counts which of them came. */
export async function countLateArrivals(contenders: Contenders, source: SourceName, late: Lateness): Promise<Arrivals> {
  const api = await Simulator.start();
  try {
    const nowMs = Date.now();
    api.generate({ auditevents: 200, itemusages: 200, signinattempts: 200 }, span(nowMs - 10 * DAY_MS, 8 * DAY_MS));
    api.generate({ auditevents: 1, itemusages: 1, signinattempts: 1 }, span(nowMs - 2 * SECOND_MS, SECOND_MS));
    contenders.configure(api.url, api.issueToken());
    const first = await readToEnd(contenders.read(source));

    const generator = new EventGenerator(2, 'BENCH');
    const { from, to } = span(nowMs - 2 * SECOND_MS - LATENESS[late], SECOND_MS);
    const sent = features.flatMap((feature) =>
      api.add(feature, ...generator.generate(feature, LATE_EVENTS_A_STREAM, from, to)),
    );
    const second = await readToEnd(contenders.read(source, [...first.lastStates.values()]));
    const came = new Set(second.uuids);
    return { sent: sent.length, arrived: sent.filter(({ uuid }) => came.has(String(uuid))).length };
  } finally {
    await api.stop();
  }
}

export interface KilledRun {
  recordsRead: number;
  states: number;
  /** Read behind the last state of their stream: the next run starts before them. */
  recordsToRepeat: number;
}

/** Kills a source when the API has had half of the requests that all the pages need. */
export async function killAtHalfTime(
  contenders: Contenders,
  source: SourceName,
  farEnd: FarEnd,
  pages: number,
): Promise<KilledRun> {
  await farEnd.set({ pages, latencyMs: 100 });
  const { child, output } = start(contenders.read(source));
  const ended = once(child, 'close');
  while (child.exitCode === null && (await farEnd.counts()).requests < (pages * features.length) / 2) await sleep(10);
  child.kill('SIGKILL');
  await ended;
  const { uuids, states, recordsToRepeat } = parse(output());
  return { recordsRead: uuids.length, states, recordsToRepeat };
}

function span(fromMs: number, lengthMs: number): { from: Date; to: Date } {
  return { from: new Date(fromMs), to: new Date(fromMs + lengthMs) };
}

function start([program, ...args]: CommandLine) {
  const { BENCH_USAGE: _, ...env } = process.env;
  const child = spawn(program, args, {
    env: { ...env, BENCH_USAGE: '/dev/null' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  return { child, output: () => Buffer.concat(chunks).toString() };
}

async function readToEnd(command: CommandLine): Promise<Output> {
  const { child, output } = start(command);
  const [exitCode] = await once(child, 'close');
  if (exitCode !== 0) throw new Error(`${command.join(' ')} ended with ${exitCode}`);
  return parse(output());
}

interface Output {
  uuids: string[];
  states: number;
  /** Of each stream. */
  lastStates: Map<string, StateMessage['state']>;
  recordsToRepeat: number;
}

interface StateMessage {
  type: 'STATE';
  state: { stream: { stream_descriptor: { name: string } } };
}

type Message = { type: 'RECORD'; record: { stream: string; data: { uuid: string } } } | StateMessage | { type: 'LOG' };

/** A line that the end of the process has cut is none. */
function parse(text: string): Output {
  const uuids: string[] = [];
  const lastStates = new Map<string, StateMessage['state']>();
  let states = 0;
  const behindState = new Map<string, number>();
  for (const line of text.split('\n').slice(0, -1)) {
    const message = JSON.parse(line) as Message;
    if (message.type === 'RECORD') {
      uuids.push(message.record.data.uuid);
      behindState.set(message.record.stream, (behindState.get(message.record.stream) ?? 0) + 1);
    } else if (message.type === 'STATE') {
      const { name } = message.state.stream.stream_descriptor;
      states += 1;
      lastStates.set(name, message.state);
      behindState.set(name, 0);
    }
  }
  const recordsToRepeat = [...behindState.values()].reduce((sum, count) => sum + count, 0);
  return { uuids, states, lastStates, recordsToRepeat };
}
