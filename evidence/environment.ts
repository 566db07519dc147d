/** What comes from outside. */
export interface Environment {
  /** The folder of the bundle. */
  dist: string;
  /** The PATH. */
  path: string;
  now: () => Date;
  /** A line for the person at the terminal. */
  log: (line: string) => void;
  /** Aborted when somebody stops the run, with the sentence that it ends with. */
  signal: AbortSignal;
}
