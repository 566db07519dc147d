import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { type MartLine, parseReadings, readMarts } from '../../evidence/read/reading.ts';

async function all(readings: AsyncIterable<MartLine>): Promise<MartLine[]> {
  const listed: MartLine[] = [];
  for await (const reading of readings) listed.push(reading);
  return listed;
}

test('reads what was read, then each query and its rows, from JSON lines', async () => {
  const lines = [
    '{"about":{"as_of":"x"}}',
    '{"query":"findings","sql":"select 1","columns":["a","b"]}',
    '["\\u2028",null]',
  ];

  expect(await all(parseReadings(new PassThrough().end(`${lines.join('\n')}\n`)))).toEqual([
    { about: { as_of: 'x' } },
    { query: { name: 'findings', sql: 'select 1', columns: ['a', 'b'] } },
    { row: ['\u2028', null] },
  ]);
});

test('says why the marts could not be read, in the words of what reads them', async () => {
  const script = 'console.error("The dbt project does not have the package."); process.exitCode = 1;';

  await expect(all(readMarts(process.execPath, ['--eval', script], '.'))).rejects.toThrow(
    'The marts could not be read.\nThe dbt project does not have the package.',
  );
});

test('a reader that stops early leaves no Python running', async () => {
  const script = 'console.log(JSON.stringify({ about: { as_of: String(process.pid) } })); setInterval(() => {}, 1000);';
  let pid = 0;

  for await (const line of readMarts(process.execPath, ['--eval', script], '.')) {
    if ('about' in line) pid = Number(line.about.as_of);
    break;
  }

  await expect(endOf(pid)).resolves.toBe('ended');
});

/** Waits until a process is gone. */
async function endOf(pid: number): Promise<'ended'> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return 'ended';
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
