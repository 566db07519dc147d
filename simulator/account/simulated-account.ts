import { type Feature, features, settingsOf } from '../options.ts';
import type { Simulator } from '../server.ts';
import { type AccessLog, retold } from './access-log.ts';
import { EventGenerator } from './event-generator.ts';

const DAY_MS = 86_400_000;
const GENERATED_DAYS = 110;

/** How the invented account differs from the usual one. */
export interface AccountOptions {
  /** How many people it has when its log begins. Default 26. */
  people?: number;
  /** What its audit log tells of access. Default: now this, now that. */
  accessLog?: AccessLog;
}

/** The invented account behind a simulator: its life becomes the events that the simulator serves. */
export class SimulatedAccount {
  readonly #simulator: Simulator;
  readonly #generator: EventGenerator;
  readonly #accessLog: AccessLog;

  /** The simulator's own seed and account: the same ones give the same events. */
  constructor(simulator: Simulator, { people, accessLog = {} }: AccountOptions = {}) {
    const { seed, accountUuid } = settingsOf(simulator.options);
    this.#simulator = simulator;
    this.#accessLog = accessLog;
    this.#generator = new EventGenerator(seed, accountUuid, people);
  }

  /** Lets so many events happen in a span, which is the last 110 days unless told otherwise, and arrive in order. */
  generate(counts: Partial<Record<Feature, number>>, span?: { from: Date; to: Date }): void {
    const nowMs = settingsOf(this.#simulator.options).now();
    const { from, to } = span ?? { from: new Date(nowMs - GENERATED_DAYS * DAY_MS), to: new Date(nowMs) };
    for (const feature of features) {
      const items = this.#generator.generate(feature, counts[feature] ?? 0, from, to);
      this.#simulator.add(feature, ...(feature === 'auditevents' ? retold(items, this.#accessLog) : items));
    }
  }
}
