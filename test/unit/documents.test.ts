import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { scripts, version } from '../../package.json' with { type: 'json' };

const ROOT = join(__dirname, '../..');

/** The files that have to repeat the version, beside the lock file, which npm writes. */
const REPEATS = {
  Dockerfile: /io\.airbyte\.version=(.*)/,
  'metadata.yaml': /dockerImageTag: (.*)/,
  'dbt/dbt_project.yml': /^version: (.*)/m,
  'dbt/macros/onepassword_settings.sql': /macro onepassword_version\(\) -%\}\{\{ return\('(.*?)'\)/,
};

test('a link in a document leads to a file and to a heading that are there', () => {
  const broken = filesOf('*.md').flatMap((file) =>
    linksIn(textOf(file))
      .filter((link) => !leadsSomewhere(file, link))
      .map((link) => `${file}: ${link}`),
  );

  expect(broken).toEqual([]);
});

test('every npm script that a document or a workflow names is there', () => {
  const named = filesOf('*.md', '*.yml', '*.sh', '.ci/run').flatMap((file) =>
    [...textOf(file).matchAll(/\bnpm run (?:-\S+ )*([a-z][\w:]*)/g)].map(([, name = '']) => name),
  );

  expect([...new Set(named)].filter((name) => !(name in scripts))).toEqual([]);
});

test('no address stands for one that is still to be chosen', () => {
  const published = filesOf('*.md', '*.json', '*.yaml', '*.yml', 'Dockerfile', 'src/**').filter(
    (file) => !file.startsWith('test/'),
  );
  const placeholder = /https?:\/\/[^\s"'`)]*(?:\bexample\b|your-|owner\/|<)[^\s"'`)]*/gi;
  const found = published.flatMap((file) => textOf(file).match(placeholder) ?? []);

  // The reader's own Airbyte and proxy, in commands of the documentation. RFC 2606 keeps these names for that.
  expect(new Set(found)).toEqual(
    new Set(['https://airbyte.example.com/api/public/v1', 'http://proxy.example.com:3128']),
  );
});

test.each(Object.entries(REPEATS))('%s repeats the version of package.json', (file, repeat) => {
  expect(repeat.exec(textOf(file))?.[1]).toBe(version);
});

test('npm version carries a new version to every file that repeats it, and dates the release', () => {
  const copy = copyOf('package.json', 'CHANGELOG.md', 'dbt/CHANGELOG.md', ...Object.keys(REPEATS));
  const manifest = textOf('package.json').replace(`"version": "${version}"`, '"version": "9.8.7"');
  writeFileSync(join(copy, 'package.json'), manifest);

  runScript('version.mjs', copy);

  const copied = (file: string) => readFileSync(join(copy, file), 'utf8');
  expect(Object.entries(REPEATS).map(([file, repeat]) => repeat.exec(copied(file))?.[1])).toEqual(
    Object.keys(REPEATS).map(() => '9.8.7'),
  );
  for (const changelog of ['CHANGELOG.md', 'dbt/CHANGELOG.md']) {
    expect(copied(changelog)).toMatch(/^## Unreleased\n\n## 9\.8\.7 \(\d{4}-\d\d-\d\d\)\n\n- /m);
  }
});

/** What Git knows or would add, by patterns of its own. */
function filesOf(...patterns: string[]): string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', ...patterns];
  const files = execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
  return files.filter((file) => existsSync(join(ROOT, file)));
}

function textOf(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

/** The targets of the links that stay inside the repository. */
function linksIn(markdown: string): string[] {
  const prose = markdown.replaceAll(/^ *```.*?^ *```/gms, '').replaceAll(/`[^`\n]*`/g, '');
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$/gm)].map(
    ([, inline, listed]) => inline ?? listed,
  );
  return targets.filter((target): target is string => target !== undefined && !/^[a-z]+:/.test(target));
}

function leadsSomewhere(file: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? file : join(dirname(file), path);
  if (!existsSync(join(ROOT, target))) return false;
  return anchor === undefined || anchorsOf(textOf(target)).has(anchor);
}

/** A heading's anchor as GitHub makes it. */
function anchorsOf(markdown: string): Set<string> {
  const prose = markdown.replaceAll(/^ *```.*?^ *```/gms, '');
  const headings = [...prose.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

function copyOf(...files: string[]): string {
  const copy = mkdtempSync(join(tmpdir(), 'release-'));
  for (const file of files) cpSync(join(ROOT, file), join(copy, file), { recursive: true });
  return copy;
}

function runScript(name: string, cwd: string, ...args: string[]): void {
  execFileSync(process.execPath, [join(ROOT, 'scripts', name), ...args], { cwd });
}
