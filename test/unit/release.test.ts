import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const ROOT = join(__dirname, '../..');
const DOCUMENTATION = 'https://github.com/Someone/Copy/blob/v1.2.3/docs/1password.md';

let copy: string;

/** A clone in which a release has written its address. */
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'release-'));
  for (const file of ['package.json', 'metadata.yaml', 'schemas/spec.json']) cpSync(join(ROOT, file), join(copy, file));
  const script = join(ROOT, 'scripts/address.mjs');
  execFileSync(process.execPath, [script, 'https://github.com/Someone/Copy', 'v1.2.3'], { cwd: copy });
});

afterAll(() => rmSync(copy, { recursive: true }));

test('a release writes its own address into what is published', () => {
  expect(JSON.parse(released('package.json'))).toMatchObject({
    repository: { type: 'git', url: 'git+https://github.com/Someone/Copy.git' },
    bugs: 'https://github.com/Someone/Copy/issues',
    homepage: 'https://github.com/Someone/Copy#readme',
  });
  expect(released('metadata.yaml')).toContain(`\n  documentationUrl: ${DOCUMENTATION}\n`);
  expect(JSON.parse(released('schemas/spec.json'))).toMatchObject({ documentationUrl: DOCUMENTATION });
});

test('the metadata of a release names the image that the release publishes', () => {
  const workflow = readFileSync(join(ROOT, '.github/workflows/release.yml'), 'utf8');
  const command = /echo "image=.*"/.exec(workflow)?.[0] ?? '';

  const published = execFileSync('bash', ['-c', command], {
    env: { ...process.env, GITHUB_REPOSITORY: 'Someone/Copy' },
    encoding: 'utf8',
  });

  expect(`image=${/^ {2}dockerRepository: (.*)$/m.exec(released('metadata.yaml'))?.[1]}\n`).toBe(published);
});

test('everything that a release publishes is made after its address is written', () => {
  const workflow = readFileSync(join(ROOT, '.github/workflows/release.yml'), 'utf8');
  const jobs = workflow.split(/^ {2}(?=\w+:$)/m);
  const publishing = jobs.filter((job) => /build-push-action|npm publish|gh release create/.test(job));

  expect(publishing).toHaveLength(3);
  for (const job of publishing) {
    const order = [...job.matchAll(/address\.mjs|build-push-action|npm publish|gh release create/g)].map(
      ([step]) => step,
    );
    expect(order[0]).toBe('address.mjs');
  }
});

function released(file: string): string {
  return readFileSync(join(copy, file), 'utf8');
}
