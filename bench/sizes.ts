/** How much is measured. */
export interface Sizes {
  /** How often each is measured, in turn. */
  rounds: number;
  startRounds: number;
  /** Pages of a thousand events in each of the three streams. */
  latencyPages: number;
  throughputPages: number;
  peerPages: number;
  memoryPages: { few: number; many: number };
  killedPages: number;
}

/** Chosen so that all but `many` stay within the 600 requests of one minute: beyond, the budget is measured. */
export const FULL: Sizes = {
  rounds: 5,
  startRounds: 15,
  latencyPages: 100,
  throughputPages: 67,
  peerPages: 20,
  memoryPages: { few: 34, many: 334 },
  killedPages: 20,
};

/** Shows only that the benchmark completes. */
export const SMALL: Sizes = {
  rounds: 1,
  startRounds: 1,
  latencyPages: 4,
  throughputPages: 4,
  peerPages: 2,
  memoryPages: { few: 2, many: 4 },
  killedPages: 6,
};
