import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { buildSync } from 'esbuild';
import { catalogOf } from '../support/catalog.ts';
import { writeInputs } from '../support/connector.ts';
import { ConnectorOutput } from '../support/output.ts';
import { readBundle, runBundle } from '../support/process.ts';
import { RawServer } from '../support/raw-server.ts';

/** A source that waits for something that never comes, with nothing that would keep the process alive meanwhile. */
const STUCK = `
  import { launch } from './src/airbyte/launch.ts';
  const never = new Promise(() => {});
  void launch({
    spec: { connectionSpecification: { type: 'object', properties: {} } },
    streams: [{ name: 'audit_events' }],
    configure: async () => ({
      check: () => never,
      open: async () => async function* () { yield { records: [{ data: { uuid: 'a' } }], state: { cursor: 'b' } }; await never; },
      explain: (error) => error,
      close: () => {},
    }),
  }, process);
`;

test.each(['check', 'read'])(
  'a %s that waits for what never comes ends with an error and exit code 1',
  async (command) => {
    const folder = mkdtempSync(join(tmpdir(), 'stuck-'));
    const program = join(folder, 'stuck.js');
    const stdin = { contents: STUCK, resolveDir: join(__dirname, '../..'), loader: 'ts' } as const;
    buildSync({ stdin, bundle: true, platform: 'node', outfile: program, logLevel: 'silent' });
    const { argv, dispose } = writeInputs(command, {
      config: {},
      ...(command === 'read' && { catalog: catalogOf(['audit_events']) }),
    });

    const child = spawn(process.execPath, [program, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
    const [stdout, stderr, [exitCode]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    dispose();
    rmSync(folder, { recursive: true });

    const output = new ConnectorOutput(stdout, exitCode as number);
    expect([output.exitCode, stderr]).toEqual([1, '']);
    expect(output.errors().map((error) => error.failure_type)).toEqual(['system_error']);
    expect(output.messages.some(({ trace }) => trace?.stream_status?.status === 'COMPLETE')).toBe(false);
    expect(output.connectionStatus()).toBeUndefined();
  },
);

test.each([
  ['asked for', 'Connection: Upgrade\r\nUpgrade: websocket\r\n'],
  ['with no protocol', ''],
])(
  'an answer of 101 (%s) is a failure that is said, like any other status that the API does not document',
  async (_how, headers) => {
    const server = await RawServer.start(`HTTP/1.1 101 Switching Protocols\r\n${headers}\r\n`);
    const config = { api_token: 'token', base_url: server.url };

    const check = await runBundle('check', { config });
    const read = await readBundle({ config });
    await server.stop();

    expect([check.exitCode, read.exitCode]).toEqual([1, 1]);
    for (const output of [check, read]) {
      expect(output.errors()).toMatchObject([
        { failure_type: 'system_error', message: expect.stringContaining('HTTP 101') },
      ]);
    }
    expect(read.statuses('audit_events')).toEqual(['STARTED', 'INCOMPLETE']);
  },
);
