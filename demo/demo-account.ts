import { SimulatedAccount } from '../simulator/account/simulated-account.ts';
import { type Feature, Simulator } from '../simulator/server.ts';
import { DemoError } from './demo-error.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Real answers take about that long, and it lets the progress bar be seen. */
const LATENCY_MS = 150;

const FEATURES: Record<string, Feature> = {
  audit_events: 'auditevents',
  item_usages: 'itemusages',
  sign_in_attempts: 'signinattempts',
};

/** What came into the account after the first sync: identifiers by stream. */
export interface Additions {
  late: number;
  recent: number;
  uuids: ReadonlyMap<string, readonly unknown[]>;
}

/** An account with a history, served by the simulator. */
export class DemoAccount {
  readonly #simulator: Simulator;
  readonly #account: SimulatedAccount;

  private constructor(simulator: Simulator) {
    this.#simulator = simulator;
    this.#account = new SimulatedAccount(simulator);
    this.#account.generate({ auditevents: 7_000, itemusages: 3_100, signinattempts: 2_000 });
  }

  static async start(): Promise<DemoAccount> {
    return new DemoAccount(await Simulator.start({ latencyMs: LATENCY_MS }));
  }

  get config(): object {
    return { api_token: this.#simulator.issueToken(), base_url: this.#simulator.url };
  }

  /** What the API serves now of the stream, and how many different events that is: it serves some of them twice. */
  count(stream: string): { served: number; events: number } {
    const uuids = this.#uuids(stream);
    return { served: uuids.length, events: new Set(uuids).size };
  }

  /** Events of this minute arrive, and some that are dated two to six days ago. */
  addLateAndRecent(): Additions {
    const before = new Map(Object.keys(FEATURES).map((stream) => [stream, this.count(stream).served]));
    const nowMs = Date.now();
    const late = { auditevents: 2, itemusages: 6, signinattempts: 1 };
    const recent = { auditevents: 7, itemusages: 12, signinattempts: 5 };
    this.#account.generate(late, { from: new Date(nowMs - 6 * DAY_MS), to: new Date(nowMs - 2 * DAY_MS) });
    this.#account.generate(recent, { from: new Date(nowMs - MINUTE_MS), to: new Date(nowMs) });
    const uuids = new Map([...before].map(([stream, count]) => [stream, this.#uuids(stream).slice(count)]));
    return { late: sum(late), recent: sum(recent), uuids };
  }

  /** Stops the server. Throws if it was sent anything that 1Password would refuse. */
  async stop(): Promise<void> {
    await this.#simulator.stop();
    const { violations } = this.#simulator;
    if (violations.length > 0) throw new DemoError(`The connector broke the API's contract: ${violations.join(' ')}`);
  }

  #uuids(stream: string): unknown[] {
    const feature = FEATURES[stream];
    return feature === undefined ? [] : this.#simulator.served(feature, 'v1').map(({ uuid }) => uuid);
  }
}

function sum(counts: Record<Feature, number>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
