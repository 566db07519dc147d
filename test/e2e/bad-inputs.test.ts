import { tmpdir } from 'node:os';
import { expect, test } from '@jest/globals';
import { catalogOf } from '../support/catalog.ts';
import { runBundle } from '../support/process.ts';

const config = { api_token: 'hunter2-hunter2', base_url: 'http://127.0.0.1:9' };
const catalog = catalogOf();

test.each([
  ['no command', { argv: [] }, 'Expected one command: spec, check, discover, read.'],
  ['an unknown command', { argv: ['write'] }, 'Expected one command: spec, check, discover, read.'],
  ['a question for help', { argv: ['--help'] }, 'Expected one command: spec, check, discover, read.'],
  ['a command and a half', { argv: ['check', 'read'] }, 'Expected one command: spec, check, discover, read.'],
  ['no configuration', { argv: ['check'] }, 'The command check needs a file: --config FILE.'],
  ['no catalog', { config }, 'The command read needs a file: --catalog FILE.'],
  [
    'a configuration that is missing',
    { argv: ['read', '--config', '/none', '--catalog', '/none'] },
    '--config does not',
  ],
  ['a configuration that is a directory', { argv: ['check', '--config', tmpdir()] }, '--config cannot be read'],
  ['a configuration that is empty', { config: '', catalog }, '--config is not JSON'],
  ['a catalog that is no JSON', { config, catalog: '{"streams":[hunter2-hunter2]}' }, '--catalog is not JSON'],
  ['a catalog of another type', { config, catalog: [] }, 'The configured catalog cannot be used'],
  ['a state that is no JSON', { config, catalog, state: 'cursor=hunter2-hunter2' }, '--state is not JSON'],
  ['a legacy state', { config, catalog, state: { cursor: 'hunter2-hunter2' } }, 'The saved state cannot be used'],
])('one clear error and exit code 1 for %s', async (_case, inputs, says) => {
  const output = await runBundle('read', inputs);

  expect({ exitCode: output.exitCode, messages: output.messages }).toEqual({
    exitCode: 1,
    messages: [
      {
        type: 'TRACE',
        trace: {
          type: 'ERROR',
          emitted_at: expect.any(Number),
          error: { message: expect.stringContaining(says), failure_type: 'config_error' },
        },
      },
    ],
  });
  expect(output.stdout).not.toContain('hunter2');
});
