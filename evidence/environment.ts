/** What comes from outside. */
export interface Environment {
  /** The folder of the bundle. */
  dist: string;
  /** The PATH. */
  path: string;
  /** The variables that programs are started with. */
  env: Readonly<Record<string, string | undefined>>;
  now: () => Date;
  /** Resolves after the time, or as soon as the signal is aborted. */
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** A line for the person at the terminal. */
  log: (line: string) => void;
  /** Where a progress bar can be drawn; undefined if what is printed goes to a file or a pipe. */
  terminal: NodeJS.WriteStream | undefined;
  /** Aborted when somebody stops the run, with the sentence that it ends with. */
  signal: AbortSignal;
}
