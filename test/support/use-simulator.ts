import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect } from '@jest/globals';
import { SimulatedAccount } from '../../simulator/account/simulated-account.ts';
import { type Feature, Simulator, type SimulatorOptions } from '../../simulator/server.ts';
import { TestClock } from './connector.ts';
import { NOW } from './time.ts';

export const UNLIMITED = { perMinute: Number.POSITIVE_INFINITY, perHour: Number.POSITIVE_INFINITY };

export interface Simulation {
  /** The simulator of the test that runs. */
  readonly api: Simulator;
  /** Held at `NOW` when a test begins; the simulator follows it, unless its options name another. */
  readonly clock: TestClock;
  /** A configuration with a token for everything. */
  readonly config: { api_token: string; base_url: string };
  /** Adds so many events of an invented company, spread over a span of time (the last 110 days). */
  generate(counts: Partial<Record<Feature, number>>, span?: { from: Date; to: Date }): void;
}

/**
 * Gives every test of the file a simulator of its own. A test fails if it has made a request that the API would refuse,
 * or has left a connection open. Processes need `{ now: Date.now }`: their clocks cannot be held.
 */
export function useSimulator(options: SimulatorOptions = {}): Simulation {
  const clock = new TestClock(NOW);
  const config = { api_token: '', base_url: '' };
  let current: Simulator;
  let account: SimulatedAccount | undefined;

  beforeEach(async () => {
    clock.nowMs = NOW;
    clock.waitsMs.length = 0;
    current = await Simulator.start({ now: clock.now, ...options });
    account = undefined;
    Object.assign(config, { api_token: current.issueToken(), base_url: current.url });
  });

  afterEach(async () => {
    const openSockets = await leftOpenAt(current);
    await current.stop();
    expect({ violations: current.violations, openSockets }).toEqual({ violations: [], openSockets: 0 });
  });

  // A file takes the fixture apart once, before there is any simulator; so `api` stands for whichever is there.
  const api = new Proxy({} as Simulator, {
    get: (_, name) => {
      const value: unknown = Reflect.get(current, name, current);
      return typeof value === 'function' ? value.bind(current) : value;
    },
    set: (_, name, value) => Reflect.set(current, name, value, current),
  });
  const generate: Simulation['generate'] = (counts, span) => {
    account ??= new SimulatedAccount(current);
    account.generate(counts, span);
  };
  return { api, clock, config, generate };
}

/** The sockets that nobody closes; a server hears of a closed one a moment later than its client. */
async function leftOpenAt(api: Simulator): Promise<number> {
  for (let turn = 0; api.openSockets > 0 && turn < 200; turn += 1) await sleep(5);
  return api.openSockets;
}
