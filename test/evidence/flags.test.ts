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

test.each([
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
