import { resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { parseCommand } from '../../evidence/flags.ts';

test('takes a dbt project as dbt does, and where the report goes', () => {
  const argv = [
    'report',
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

  expect(parseCommand(argv)).toEqual({
    name: 'report',
    project: { projectDir: resolve('warehouse'), profilesDir: '/profiles', target: 'prod', vars: '{a: 1}' },
    out: resolve('q3'),
    dbt: 'dbt',
  });
});

test('takes the dbt project of a baseline, and how op is run', () => {
  const argv = ['baseline', '--project-dir', 'warehouse', '--account', 'example', '--op', '/opt/op'];

  expect(parseCommand(argv)).toEqual({
    name: 'baseline',
    options: { projectDir: resolve('warehouse'), account: 'example', op: '/opt/op' },
  });
  expect(parseCommand(argv.slice(0, 3))).toMatchObject({ options: { account: undefined, op: 'op' } });
});

test.each([
  [['baseline'], '--project-dir is required'],
  [['baseline', '--project-dir', 'x', '--out', 'y'], "Unknown option '--out'"],
  [['report', '--project-dir', 'x'], '--out is required'],
  [['report', '--out', 'x'], '--project-dir is required'],
  [['report', '--out', ''], '--out lacks a value.'],
  [['report', '--quarter', '3'], "Unknown option '--quarter'"],
  [['demo', '--target', 'x'], "Unknown option '--target'"],
  [['verify'], 'verify wants a folder.'],
  [['verify', 'x', 'y'], 'verify does not take y.'],
  [['publish'], 'There is no command publish.'],
  [[], 'Which command?'],
])('says what is wrong with %j', (argv, sentence) => {
  expect(() => parseCommand(argv)).toThrow(sentence);
});

test.each([[['--help']], [['help']], [['report', '--help']], [['verify', '-h']]])('takes %j for a question', (argv) => {
  expect(parseCommand(argv)).toEqual({ name: 'help' });
});
