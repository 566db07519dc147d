import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from '@jest/globals';
import { findDbtCore } from '../../evidence/read/dbt.ts';
import { temporaryFolder } from './folder.ts';

function environment(shebang: string): string {
  const folder = temporaryFolder();
  for (const [name, text] of [
    ['python', ''],
    ['dbt', shebang.replace('HERE', folder)],
  ] as const) {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

test('finds dbt on the PATH and the Python that its script names', () => {
  const folder = environment('#!HERE/python\nimport dbt');

  expect(findDbtCore('dbt', `/nowhere:${folder}`)).toEqual({
    program: join(folder, 'dbt'),
    python: join(folder, 'python'),
  });
});

test('follows a link into the environment, as pipx makes one', () => {
  const folder = environment('#!/usr/bin/env dash\n');
  const bin = temporaryFolder();
  symlinkSync(join(folder, 'dbt'), join(bin, 'dbt'));

  expect(findDbtCore(join(bin, 'dbt'), '').python).toBe(join(folder, 'python'));
});

test('takes a path relative to where the command is given', () => {
  const folder = environment('#!HERE/python\nimport dbt');

  expect(findDbtCore(relative(process.cwd(), join(folder, 'dbt')), '').program).toBe(join(folder, 'dbt'));
});

test('says so where there is no dbt', () => {
  expect(() => findDbtCore('dbt', '/nowhere')).toThrow('dbt was not found. Activate the environment that has dbt');
});
