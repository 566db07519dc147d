import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';

const ROOT = join(__dirname, '../..');
const QUIETLY = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier'];

let folder: string;
let packed: string[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'npm-package-'));
  const [result] = JSON.parse(run(ROOT, 'npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', folder)) as {
    filename: string;
    files: { path: string }[];
  }[];
  packed = (result?.files ?? []).map(({ path }) => path).sort();
  run(folder, 'npm', 'install', ...QUIETLY, `./${result?.filename}`);
});

test('the npm package is the two bundles and what npm adds to every package', () => {
  expect(packed).toEqual(['LICENSE', 'README.md', 'dist/evidence.js', 'dist/main.js', 'package.json']);
});

test('the npm package brings no other package along', () => {
  expect(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
    'source-1password',
  ]);
});

test('npx runs the installed package with nothing but Node', () => {
  const lines = run(folder, 'npx', '--no-install', 'source-1password', 'spec').trim().split('\n');

  expect(lines.map((line) => (JSON.parse(line) as { type: string }).type)).toEqual(['SPEC']);
});

test('npx runs the installed evidence tool with nothing but Node', () => {
  const usage = run(folder, 'npx', '--no-install', '1password-evidence', '--help');

  expect(usage).toContain('1password-evidence report --project-dir DIR --out FOLDER');
});

/** What the program wrote to stdout. Fails if the program does. */
function run(cwd: string, program: string, ...args: string[]): string {
  // npm tells the processes that it starts about the folder it was started for.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_(?!config_)/i.test(name)));
  return execFileSync(program, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
