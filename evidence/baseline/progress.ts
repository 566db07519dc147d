import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import type { Environment } from '../environment.ts';

const LINE_EVERY_MS = 30_000;

/** How many answers have come. A bar on a terminal; a line now and then where the output goes to a file or a pipe. */
export interface Progress {
  expect(answers: number): void;
  add(answers: number): void;
  /** Prints a line without spoiling the bar. */
  say(line: string): void;
  stop(): void;
}

export function startProgress({ terminal, log }: Pick<Environment, 'terminal' | 'log'>): Progress {
  return terminal === undefined ? plainLines(log) : bar(terminal, log);
}

/** There is nothing to draw before it is known how many answers are to come. */
function bar(stream: NodeJS.WriteStream, log: (line: string) => void): Progress {
  const format = '  {bar} {value} of {total} lists · {duration_formatted}';
  // The bar changes no setting of the terminal, so that Ctrl-C leaves nothing to restore.
  const bars = new MultiBar({ stream, format, linewrap: true, forceRedraw: true }, Presets.shades_classic);
  let lists: SingleBar | undefined;
  return {
    expect: (answers) => {
      lists = bars.create(answers, 0);
    },
    add: (answers) => lists?.increment(answers),
    say: (line) => (lists === undefined ? log(`  ${line}`) : bars.log(`  ${line}\n`)),
    stop: () => {
      // Draws what `say` still holds back.
      bars.update();
      bars.stop();
    },
  };
}

function plainLines(log: (line: string) => void): Progress {
  let saidAtMs = performance.now();
  let [read, total] = [0, 0];
  return {
    expect: (answers) => {
      total = answers;
    },
    add: (answers) => {
      read += answers;
      if (performance.now() - saidAtMs < LINE_EVERY_MS) return;
      saidAtMs = performance.now();
      log(`  ${read} of ${total} lists read`);
    },
    say: (line) => log(`  ${line}`),
    stop: () => undefined,
  };
}
