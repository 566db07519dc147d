import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { parseReadings, type Reading, readMarts } from '../../evidence/read/reading.ts';

async function all(readings: AsyncIterable<Reading>): Promise<Reading[]> {
  const listed: Reading[] = [];
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

  await expect(all(readMarts(process.execPath, '--eval', [script], '.'))).rejects.toThrow(
    'The marts could not be read.\nThe dbt project does not have the package.',
  );
});
