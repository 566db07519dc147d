import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const EXPORT = join(__dirname, '../../dist/account-history.js');

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'source-1password-history-test-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function runExport(...flags: string[]): { exitCode: number | null; stderr: string } {
  const { status, stderr } = spawnSync(process.execPath, [EXPORT, ...flags], { encoding: 'utf8' });
  return { exitCode: status, stderr };
}

function filesIn(out: string): Record<string, string> {
  return Object.fromEntries(readdirSync(out).map((name) => [name, readFileSync(join(out, name), 'utf8')]));
}

test('the export writes records, truth and a baseline, and the same again for the same seed', () => {
  const flags = ['--seed', '4', '--until', '2026-11-20T00:00:00Z', '--baseline-at', '2026-10-01T00:00:00Z'];
  const runs = ['one', 'other'].map((name) => runExport(...flags, '--out', join(folder, name)));
  const [one, other] = ['one', 'other'].map((name) => filesIn(join(folder, name)));

  expect(runs).toEqual(runs.map(() => ({ exitCode: 0, stderr: '' })));
  expect(other).toEqual(one);
  const firstLines = Object.entries(one ?? {}).map(([name, text]) => [name, text.split('\n', 1)[0]]);
  const record = expect.stringMatching(/^\{"emitted_at":\d{13},"data":\{"uuid":".*\}\}$/);
  expect(Object.fromEntries(firstLines)).toEqual({
    'audit_events.jsonl': record,
    'item_usages.jsonl': record,
    'sign_in_attempts.jsonl': record,
    'truth.json': expect.stringMatching(/^\{"account_uuid":/),
    'baseline_members.csv': 'user_uuid,email,name,status,as_of',
    'baseline_group_members.csv': 'group_uuid,user_uuid,role,as_of',
    'baseline_vault_access.csv': 'vault_uuid,grantee_type,grantee_uuid,as_of',
  });
});

test("the export leaves a stand-in for 1Password's command line for each time that is asked for", () => {
  const options = join(folder, 'options.json');
  writeFileSync(options, JSON.stringify({ recoveryGroup: true }));
  const times = ['2026-09-01T00:00:00Z', '2026-11-01T00:00:00Z'].flatMap((time) => ['--op-at', time]);
  const flags = ['--seed', '4', '--until', '2026-11-20T00:00:00Z', ...times, '--op-options', options];
  const run = runExport(...flags, '--out', folder);

  const lists = ['1', '2'].map((place) => {
    const argv = [
      'vault',
      'list',
      '--permission',
      'manage_vault',
      '--format=json',
      '--iso-timestamps',
      '--cache=false',
    ];
    const { stdout } = spawnSync(join(folder, 'op', place, 'op'), argv, { encoding: 'utf8' });
    return (JSON.parse(stdout) as { id: string }[]).map(({ id }) => id);
  });

  expect(run).toEqual({ exitCode: 0, stderr: '' });
  expect(lists[0]).not.toEqual(lists[1]);
  expect(readFileSync(join(folder, 'op/1/answers/group-list.json'), 'utf8')).toContain('"name":"Recovery"');
});

test.each([
  [['--seed', '4'], '--out is missing.'],
  [['--seed', 'x', '--until', '2026-11-20T00:00:00Z'], '--seed is missing or no whole number.'],
  [['--seed', '4', '--until', 'soon'], '--until is missing or no RFC 3339 time.'],
  [['--seed', '4', '--api-version', 'v3'], '--api-version is v1 or v2.'],
])('the export explains flags that make no sense: %j', (flags, sentence) => {
  const out = sentence.startsWith('--out') ? [] : ['--out', folder];

  const { exitCode, stderr } = runExport(...flags, ...out);

  expect(exitCode).toBe(1);
  expect(stderr).toContain(sentence);
});
