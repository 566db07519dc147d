import { setTimeout as sleep } from 'node:timers/promises';
import type { Environment } from './environment.ts';
import { EvidenceError } from './evidence-error.ts';
import { run } from './run.ts';

async function main(): Promise<void> {
  const stop = new AbortController();
  // A second signal ends the process at once.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, () => stop.abort(new EvidenceError(`Stopped by ${name} before the end.`)));
  }
  const environment: Environment = {
    dist: __dirname,
    path: process.env['PATH'] ?? '',
    env: process.env,
    now: () => new Date(),
    // Whoever waits asks the signal next.
    wait: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined),
    log: (line) => console.log(line),
    terminal: process.stdout.isTTY ? process.stdout : undefined,
    signal: stop.signal,
  };
  process.exitCode = await run(process.argv.slice(2), environment, (line) => console.error(line));
}

void main();
