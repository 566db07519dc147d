import { run } from './run.ts';

async function main(): Promise<void> {
  const environment = {
    dist: __dirname,
    path: process.env['PATH'] ?? '',
    now: () => new Date(),
    log: (line: string) => console.log(line),
  };
  process.exitCode = await run(process.argv.slice(2), environment, (line) => console.error(line));
}

void main();
