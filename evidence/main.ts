import { EvidenceError } from './evidence-error.ts';
import { run } from './run.ts';

async function main(): Promise<void> {
  const stop = new AbortController();
  // A second signal ends the process at once.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, () => stop.abort(new EvidenceError(`Stopped by ${name} before the end.`)));
  }
  const environment = {
    dist: __dirname,
    path: process.env['PATH'] ?? '',
    now: () => new Date(),
    log: (line: string) => console.log(line),
    signal: stop.signal,
  };
  process.exitCode = await run(process.argv.slice(2), environment, (line) => console.error(line));
}

void main();
