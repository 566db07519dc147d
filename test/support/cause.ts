import type { FarEnd } from './far-end.ts';

/** The configuration and the environment under which the connector meets a cause. */
export interface Situation {
  config: Record<string, unknown>;
  env?: Record<string, string>;
}

/** What may come of a connection test, each in the form that Airbyte needs for it. */
export type Outcome = 'SUCCEEDED' | 'FAILED' | 'transient_error' | 'system_error';

/** One reason why a connection test ends as it does. */
export interface Cause {
  cause: string;
  outcome: Outcome;
  /** The cause and the cure, as pieces of the sentence that the user reads. */
  says: readonly string[];
  arrange(farEnd: FarEnd): Situation | Promise<Situation>;
}
