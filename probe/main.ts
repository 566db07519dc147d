import { setTimeout as sleep } from 'node:timers/promises';
import { run } from './run.ts';

async function main(): Promise<void> {
  process.exitCode = await run(process.argv.slice(2), {
    now: () => performance.timeOrigin + performance.now(),
    sleep: (ms) => sleep(ms),
    print: (line) => console.log(line),
    fail: (line) => console.error(line),
  });
}

void main();
