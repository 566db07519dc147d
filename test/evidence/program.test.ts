import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from '@jest/globals';
import { findProgram, pythonOf } from '../../evidence/read/program.ts';
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

  const program = findProgram('dbt', `/nowhere:${folder}`);

  expect([program, pythonOf(program)]).toEqual([join(folder, 'dbt'), join(folder, 'python')]);
});

test('follows a link into the environment, as pipx makes one', () => {
  const folder = environment('#!/usr/bin/env dash\n');
  const bin = temporaryFolder();
  symlinkSync(join(folder, 'dbt'), join(bin, 'dbt'));

  expect(pythonOf(join(bin, 'dbt'))).toBe(join(folder, 'python'));
});

test('takes a path relative to where the command is given', () => {
  const folder = environment('#!HERE/python\nimport dbt');

  expect(findProgram(relative(process.cwd(), join(folder, 'dbt')), '')).toBe(join(folder, 'dbt'));
});

test('says so where there is no dbt', () => {
  expect(() => findProgram('dbt', '/nowhere')).toThrow('dbt was not found. Activate the environment that has dbt');
});
