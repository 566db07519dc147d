import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EvidenceError } from './evidence-error.ts';
import { page } from './page/page.ts';
import type { Reading } from './read/reading.ts';
import { collect, type Evidence } from './write/collect.ts';
import { EvidenceFolder } from './write/folder.ts';
import { manifestOf } from './write/manifest.ts';

/** Ends with a sentence if a report cannot be written there: what somebody keeps is never overwritten. */
export async function expectFree(out: string): Promise<void> {
  if (existsSync(out) && (await readdir(out)).length > 0) {
    throw new EvidenceError(`${out} is not empty. A report is never overwritten: give another folder with --out.`);
  }
}

/** Writes the report over what was read, whole or not at all: populations, samples, page and manifest. */
export async function writeReport(
  readings: AsyncIterable<Reading>,
  out: string,
  repository: string,
  now: () => Date,
): Promise<Evidence> {
  await expectFree(out);
  const partial = `${out}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  try {
    const folder = new EvidenceFolder(partial);
    const evidence = await collect(readings, folder);
    const parts = join(repository, 'evidence/page');
    const [style, script] = await Promise.all(
      ['style.css', 'script.js'].map((name) => readFile(join(parts, name), 'utf8')),
    );
    await folder.write('report.html', page(evidence, folder.files, { style: style ?? '', script: script ?? '' }));
    const { version } = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')) as { version: string };
    await folder.write('manifest.json', manifestOf(evidence, folder.files, version, now()));
    await rm(out, { recursive: true, force: true });
    await mkdir(dirname(out), { recursive: true });
    await rename(partial, out);
    return evidence;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}
