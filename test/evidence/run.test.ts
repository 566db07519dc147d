import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { run } from '../../evidence/run.ts';
import { environmentAt, reportOf, temporaryFolder } from './folder.ts';
import { wholeMarts } from './marts.ts';

const REPOSITORY = join(__dirname, '../..');

/** The exit code and what is said. */
async function ran(...argv: readonly string[]): Promise<[number, string[]]> {
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  return [await run(argv, { dist: join(REPOSITORY, 'dist'), path: '', ...environmentAt(), log }, log), lines];
}

test('verify tells the hash of the manifest of a report as it was written', async () => {
  const folder = await reportOf(wholeMarts());

  expect(await ran('verify', folder)).toEqual([
    0,
    [expect.stringMatching(/^Every file is as the manifest says\. The manifest's own SHA-256 is [0-9a-f]{64}\.$/)],
  ]);
});

test('verify names each file that was changed, is missing or was added, and ends with 1', async () => {
  const folder = await reportOf(wholeMarts());
  appendFileSync(join(folder, 'report.html'), ' ');
  rmSync(join(folder, 'populations/findings.csv'));
  writeFileSync(join(folder, 'notes.txt'), '');

  expect(await ran('verify', folder)).toEqual([
    1,
    ['added: notes.txt', 'changed: report.html', 'missing: populations/findings.csv'],
  ]);
});

test('verify says in a sentence that a folder holds no report', async () => {
  const folder = temporaryFolder();

  const [exitCode, [line]] = await ran('verify', folder);

  expect([exitCode, line]).toEqual([1, expect.stringContaining('manifest.json cannot be read')]);
});

test('a dbt that is nowhere is said in a sentence', async () => {
  expect(await ran('report', '--project-dir', '.', '--out', join(tmpdir(), 'evidence-never'))).toEqual([
    1,
    ['dbt was not found. Activate the environment that has dbt, or give its path with --dbt.'],
  ]);
});
