/** Who is measured, and the command lines that make them work. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandLine } from './measure.ts';

export type SourceName = 'ours' | 'manifest';

const STREAMS = ['audit_events', 'item_usages', 'sign_in_attempts'];
const FEATURES = ['auditevents', 'itemusages', 'signinattempts'];
const CONNECTOR = 'dist/main.js';
const USAGE = ['--require', './bench/usage.cjs'];

/** The files and command lines of one benchmark. */
export class Contenders {
  /** Where a measured program writes down what it has used. */
  readonly usageFile: string;
  readonly hasPeer: boolean;
  readonly #peer: CommandLine | undefined;
  readonly #folder = mkdtempSync(join(tmpdir(), 'bench-'));

  constructor(peer: CommandLine | undefined) {
    this.#peer = peer;
    this.hasPeer = peer !== undefined;
    this.usageFile = join(this.#folder, 'usage.json');
    this.#write('catalog.json', {
      streams: STREAMS.map((name) => ({
        stream: { name, json_schema: {}, supported_sync_modes: ['full_refresh', 'incremental'] },
        sync_mode: 'incremental',
        destination_sync_mode: 'append',
      })),
    });
  }

  /** Points both sources at an API. */
  configure(baseUrl: string, token: string): void {
    this.#write('config.json', { api_token: token, base_url: baseUrl });
  }

  spec(source: SourceName): CommandLine {
    return this.#command(source, [], 'spec');
  }

  check(source: SourceName): CommandLine {
    return this.#command(source, [], 'check', '--config', this.#path('config.json'));
  }

  read(source: SourceName, state?: readonly unknown[]): CommandLine {
    const files = ['--config', this.#path('config.json'), '--catalog', this.#path('catalog.json')];
    if (state !== undefined) files.push('--state', this.#write('state.json', state));
    return this.#command(source, USAGE, 'read', ...files);
  }

  bareLoop(baseUrl: string): CommandLine {
    return [process.execPath, ...USAGE, 'bench/bare-loop.mjs', baseUrl, ...FEATURES];
  }

  bareChain(baseUrl: string): CommandLine {
    return [process.execPath, ...USAGE, 'bench/bare-chain.mjs', baseUrl, ...FEATURES];
  }

  nothing(): CommandLine {
    return [process.execPath, '-e', '0'];
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }

  #command(source: SourceName, nodeFlags: string[], ...args: string[]): CommandLine {
    if (source === 'ours') return [process.execPath, ...nodeFlags, CONNECTOR, ...args];
    if (this.#peer === undefined) throw new Error('the manifest cannot be run without its Python environment');
    return [...this.#peer, ...args, '--manifest-path', 'bench/manifest.yaml'];
  }

  #write(name: string, content: unknown): string {
    writeFileSync(this.#path(name), JSON.stringify(content), { mode: 0o600 });
    return this.#path(name);
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }
}
