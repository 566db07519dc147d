import { expect, test } from '@jest/globals';
import { type Command, parseCommand } from '../../src/airbyte/arguments.ts';

test.each<[string, Command]>([
  ['spec', { name: 'spec' }],
  ['check --config c.json', { name: 'check', config: 'c.json' }],
  ['discover --config=c.json', { name: 'discover', config: 'c.json' }],
  ['--config c.json check', { name: 'check', config: 'c.json' }],
  ['read --config c --catalog k', { name: 'read', config: 'c', catalog: 'k', state: undefined }],
  ['read --state s --catalog=k --config c', { name: 'read', config: 'c', catalog: 'k', state: 's' }],
  ['--state=s --catalog k read --config c', { name: 'read', config: 'c', catalog: 'k', state: 's' }],
  ['check --debug --config c', { name: 'check', config: 'c' }],
  ['--debug check --config c', { name: 'check', config: 'c' }],
  ['check --config c --unknown-flag', { name: 'check', config: 'c' }],
  ['check --config c --unknown=1 -v', { name: 'check', config: 'c' }],
  ['check --config c --unknown value', { name: 'check', config: 'c' }],
  ['--unknown value check --config c', { name: 'check', config: 'c' }],
  ['--unknown check --config c', { name: 'check', config: 'c' }],
  ['check --manifest-path m --components-path p --config c', { name: 'check', config: 'c' }],
])('%s', (line, command) => {
  expect(parseCommand(line.split(' '))).toEqual(command);
});

test.each<[string, string]>([
  ['', 'Expected one command: spec, check, discover, read.'],
  ['write', 'Expected one command: spec, check, discover, read.'],
  ['--help', 'Expected one command: spec, check, discover, read.'],
  ['check read --config c', 'Expected one command: spec, check, discover, read.'],
  ['check', 'The command check needs a file: --config FILE.'],
  ['check --config', 'The command check needs a file: --config FILE.'],
  ['check --config=', 'The command check needs a file: --config FILE.'],
  ['discover --catalog k', 'The command discover needs a file: --config FILE.'],
  ['read --catalog k', 'The command read needs a file: --config FILE.'],
  ['read --config c', 'The command read needs a file: --catalog FILE.'],
  ['read --config c --catalog k --state', 'The flag --state needs a file.'],
  ['read --config c --catalog k --state=', 'The flag --state needs a file.'],
])('%j makes no sense', (line, message) => {
  expect(() => parseCommand(line.split(' ').filter((word) => word !== ''))).toThrow(
    expect.objectContaining({ failureType: 'config_error', message }),
  );
});
