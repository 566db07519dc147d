import { createInterface } from 'node:readline';
import { SimulatedAccount } from '../../simulator/account/simulated-account.ts';
import type { ApiItem, ApiVersion, Fault, Feature, TokenClaims } from '../../simulator/server.ts';
import { Simulator } from '../../simulator/server.ts';

type Order =
  | { do: 'generate'; counts: Partial<Record<Feature, number>>; from?: string; to?: string }
  | { do: 'add'; feature: Feature; items: ApiItem[] }
  | { do: 'served'; feature: Feature; version: ApiVersion }
  | { do: 'token'; claims: TokenClaims }
  | { do: 'revoke'; token: string }
  | { do: 'fault'; on: Feature | 'introspect'; times: number; fault: Fault }
  | { do: 'latency'; ms: number }
  | { do: 'tally' };

/** Airbyte's tools read the same far end many times a minute; what they prove is not the request budget. */
const UNMETERED = { perMinute: 1_000_000, perHour: 1_000_000 };

/**
 * The simulator as a process that a test in another language steers: one JSON order a line on stdin, one JSON answer
 * a line on stdout, its address first. It ends with its stdin, so it never outlives the test.
 */
async function main(): Promise<void> {
  const simulator = await Simulator.start({ budget: UNMETERED });
  const account = new SimulatedAccount(simulator);
  answer({ url: simulator.url });
  for await (const line of createInterface({ input: process.stdin })) {
    answer(obey(simulator, account, JSON.parse(line) as Order));
  }
  await simulator.stop();
}

function obey(simulator: Simulator, account: SimulatedAccount, order: Order): unknown {
  switch (order.do) {
    case 'generate': {
      const { counts, from, to } = order;
      account.generate(counts, from && to ? { from: new Date(from), to: new Date(to) } : undefined);
      return null;
    }
    case 'add':
      return simulator.add(order.feature, ...order.items);
    case 'served':
      return simulator.served(order.feature, order.version);
    case 'token':
      return simulator.issueToken(order.claims);
    case 'revoke':
      simulator.revoke(order.token);
      return null;
    case 'fault':
      simulator.fault({ on: order.on, times: order.times, fault: order.fault });
      return null;
    case 'latency':
      simulator.options = { ...simulator.options, latencyMs: order.ms };
      return null;
    case 'tally':
      return { requests: simulator.requests.length, violations: simulator.violations };
  }
}

function answer(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

void main();
