import { MultiBar, Presets } from 'cli-progress';

const LINE_EVERY_MS = 30_000;

/** How far a read is. A bar on a terminal; plain lines where the output goes to a file or a pipe. */
export interface Progress {
  add(records: number): void;
  /** Prints a line without spoiling the bar. */
  say(line: string): void;
  stop(): void;
}

/** `expected` is undefined if nobody can know how many records come. */
export function startProgress(expected: number | undefined): Progress {
  return process.stdout.isTTY ? bar(expected) : plainLines();
}

function bar(expected: number | undefined): Progress {
  const bars = new MultiBar(
    {
      stream: process.stdout,
      format:
        expected === undefined
          ? '  {value} records · {duration_formatted}'
          : '  {bar} {value} of {total} records · {duration_formatted}',
      formatValue: (value, _options, type) => (type === 'percentage' ? String(value) : value.toLocaleString('en-US')),
      // The bar changes no setting of the terminal, so that Ctrl-C leaves nothing to restore.
      linewrap: true,
      forceRedraw: true,
    },
    Presets.shades_classic,
  );
  const records = bars.create(expected ?? 0, 0);
  return {
    add: (count) => records.increment(count),
    say: (line) => bars.log(`${line}\n`),
    stop: () => {
      // Draws what `say` still holds back.
      bars.update();
      bars.stop();
    },
  };
}

function plainLines(): Progress {
  const startedAtMs = performance.now();
  let saidAtMs = startedAtMs;
  let records = 0;
  const print = (): void => {
    saidAtMs = performance.now();
    const seconds = Math.ceil((saidAtMs - startedAtMs) / 1000);
    console.log(`  ${records.toLocaleString('en-US')} records read in ${seconds} s`);
  };
  return {
    add: (count) => {
      records += count;
      if (performance.now() - saidAtMs >= LINE_EVERY_MS) print();
    },
    say: (line) => console.log(line),
    stop: print,
  };
}
