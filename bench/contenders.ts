/** Who is measured, and the command lines that make them work. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandLine } from './measure.ts';

export type SourceName = 'ours' | 'manifest';

const ENVIRONMENT = '.venv-bench';
const MANIFEST_RUNNER = join(ENVIRONMENT, 'bin/source-declarative-manifest');
const FEATURES = ['auditevents', 'itemusages', 'signinattempts'];
const STREAMS = ['audit_events', 'item_usages', 'sign_in_attempts'];

/** Node with the flags that the image gives it. */
const [, entrypoint = '[]'] = /^ENTRYPOINT (\[.*\])$/m.exec(readFileSync('Dockerfile', 'utf8')) ?? [];
const node = [process.execPath, ...(JSON.parse(entrypoint) as string[]).slice(1, -1)] as const;

const folder = mkdtempSync(join(tmpdir(), 'bench-'));
process.on('exit', () => rmSync(folder, { recursive: true }));
const config = join(folder, 'config.json');
const catalog = write('catalog.json', {
  streams: STREAMS.map((name) => ({
    stream: { name, json_schema: {}, supported_sync_modes: ['full_refresh', 'incremental'] },
    sync_mode: 'incremental',
    destination_sync_mode: 'append',
  })),
});

/** Points both sources at an API. */
export function configure(baseUrl: string, token: string): void {
  write('config.json', { api_token: token, base_url: baseUrl });
}

export function spec(source: SourceName): CommandLine {
  return command(source, 'spec');
}

export function check(source: SourceName): CommandLine {
  return command(source, 'check', '--config', config);
}

export function read(source: SourceName, state?: readonly unknown[]): CommandLine {
  const files = ['--config', config, '--catalog', catalog];
  if (state !== undefined) files.push('--state', write('state.json', state));
  return command(source, 'read', ...files);
}

export function bareLoop(baseUrl: string): CommandLine {
  return [process.execPath, 'bench/bare-loop.mjs', baseUrl, ...FEATURES];
}

/** Installs Airbyte's Python CDK for the manifest if it may; whether it is there. */
export function hasManifest(mayInstall: boolean): boolean {
  try {
    if (mayInstall && !existsSync(ENVIRONMENT)) execFileSync('python3', ['-m', 'venv', ENVIRONMENT]);
    if (mayInstall) execFileSync(join(ENVIRONMENT, 'bin/pip'), ['install', '--quiet', '-r', 'bench/requirements.txt']);
  } catch (error) {
    console.error(`The manifest is not measured: ${(error as Error).message}`);
  }
  return existsSync(MANIFEST_RUNNER);
}

function command(source: SourceName, ...args: string[]): CommandLine {
  if (source === 'ours') return [...node, 'dist/main.js', ...args];
  return [MANIFEST_RUNNER, ...args, '--manifest-path', 'bench/manifest.yaml'];
}

function write(name: string, content: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(content), { mode: 0o600 });
  return file;
}
