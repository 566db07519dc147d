import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import specification from '../../schemas/spec.json' with { type: 'json' };
import { source } from '../../src/source.ts';
import { STREAMS } from '../support/catalog.ts';
import { BUNDLE, readBundle, runBundle, runProcess } from '../support/process.ts';
import { useSimulator } from '../support/use-simulator.ts';

const { api, config, generate } = useSimulator({ now: Date.now });

test('the bundle is one executable file of less than 1.5 MB', () => {
  const { mode, size } = statSync(BUNDLE);

  expect(readFileSync(BUNDLE, 'utf8').split('\n', 1)).toEqual(['#!/usr/bin/env node']);
  expect((mode & 0o777).toString(8)).toBe('755');
  expect(size).toBeLessThan(1_500_000);
});

test('the bundle runs by itself, far from any node_modules', () => {
  const directory = mkdtempSync(join(tmpdir(), 'bundle-'));
  const copy = join(directory, 'main.js');
  copyFileSync(BUNDLE, copy);

  const stdout = execFileSync(process.execPath, [copy, 'spec'], { cwd: directory, encoding: 'utf8' });

  expect(JSON.parse(stdout)).toEqual({ type: 'SPEC', spec: specification });
});

test('spec prints exactly one line', async () => {
  const { exitCode, stdout, stderr } = await runProcess('spec');

  expect([exitCode, stderr]).toEqual([0, '']);
  expect(stdout).toBe(`${JSON.stringify({ type: 'SPEC', spec: specification })}\n`);
});

test('check prints its status and ends', async () => {
  const output = await runBundle('check', { config });

  expect(output.exitCode).toBe(0);
  expect(output.messages).toEqual([
    {
      type: 'CONNECTION_STATUS',
      connectionStatus: {
        status: 'SUCCEEDED',
        message: `Connected to ${new URL(api.url).host}. The token may read all three event types.`,
      },
    },
  ]);
});

test('a failed check prints its status and exits with 0', async () => {
  const output = await runBundle('check', { config: { ...config, api_token: 'opaque' } });

  expect([output.exitCode, output.connectionStatus()?.status]).toEqual([0, 'FAILED']);
});

test('discover prints the catalog', async () => {
  const output = await runBundle('discover', { config });

  expect(output.exitCode).toBe(0);
  expect(output.messages).toEqual([{ type: 'CATALOG', catalog: { streams: source.streams } }]);
});

test('read delivers 2,500, 3,100 and no events behind a trailing empty page, and the next sync only what is new', async () => {
  api.options.trailingEmptyPage = true;
  generate({ auditevents: 2500, itemusages: 3100 });

  const first = await readBundle({ config });
  const added = api.add('signinattempts', { uuid: 'new', timestamp: new Date().toISOString() });
  const second = await readBundle({ config, state: first.lastState() });

  expect([first.exitCode, second.exitCode]).toEqual([0, 0]);
  expect(STREAMS.map((stream) => first.records(stream).length)).toEqual([2500, 3100, 0]);
  expect(STREAMS.flatMap((stream) => second.uuids(stream))).toEqual(added.map(({ uuid }) => uuid));
  expect(STREAMS.map((stream) => first.statuses(stream))).toEqual(Array(3).fill(['STARTED', 'RUNNING', 'COMPLETE']));
});

test('a read with a stream that fails exits with 1', async () => {
  const token = api.issueToken({ features: ['auditevents'] });

  const output = await readBundle({ config: { ...config, api_token: token } });

  expect(output.exitCode).toBe(1);
  expect(output.statuses('audit_events')).toEqual(['STARTED', 'RUNNING', 'COMPLETE']);
  expect(output.errors().map(({ failure_type }) => failure_type)).toEqual(['config_error', 'config_error']);
});

test('a configuration that is not JSON is one clear error without its content, and exit code 1', async () => {
  const { stdout, exitCode, messages } = await runBundle('check', { config: 'api_token: hunter2-hunter2' });

  expect([exitCode, messages.length]).toEqual([1, 1]);
  expect(messages[0]?.trace?.error).toEqual({
    message: expect.stringContaining('The file given with --config is not JSON'),
    failure_type: 'config_error',
  });
  expect(stdout).not.toContain('hunter2');
});
