import { resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { parseFlags } from '../../evidence/flags.ts';

test('takes a dbt project as dbt does, and where the report goes', () => {
  const argv = [
    '--project-dir',
    'warehouse',
    '--profiles-dir',
    '/profiles',
    '--target',
    'prod',
    '--vars',
    '{a: 1}',
    '--out',
    'q3',
  ];

  expect(parseFlags(argv)).toEqual({
    name: 'report',
    project: { projectDir: resolve('warehouse'), profilesDir: '/profiles', target: 'prod', vars: '{a: 1}' },
    out: resolve('q3'),
    dbt: 'dbt',
  });
});

test.each([
  [['--project-dir', 'x'], 'Say with --out where the report goes.'],
  [['--out', 'x'], 'Say which dbt project, or --demo.'],
  [['--demo', '--target', 'x'], '--target does not go with --demo.'],
  [['--verify', 'x', '--out', 'y'], '--out does not go with --verify.'],
  [['--out', ''], '--out lacks a value.'],
  [['--quarter', '3'], "Unknown option '--quarter'"],
])('says what is wrong with %j', (argv, sentence) => {
  expect(() => parseFlags(argv)).toThrow(sentence);
});
