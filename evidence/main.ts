import { join } from 'node:path';
import { run } from './run.ts';

async function main(): Promise<void> {
  process.exitCode = await run(process.argv.slice(2), {
    // The bundle lies in dist/.
    repository: join(__dirname, '..'),
    path: process.env['PATH'] ?? '',
    now: () => new Date(),
    say: (line) => console.log(line),
  });
}

void main();
