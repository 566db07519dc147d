import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import type { Evidence } from '../evidence.ts';
import { EvidenceError } from '../evidence-error.ts';
import { page } from '../page/page.ts';
import type { MartLine } from '../read/reading.ts';
import { collect } from './collect.ts';
import { EvidenceFolder } from './folder.ts';
import { manifestOf } from './manifest.ts';

/** Ends with a sentence if a report cannot be written there: what somebody keeps is never overwritten. */
export async function assertEmpty(out: string): Promise<void> {
  if (existsSync(out) && (await readdir(out)).length > 0) {
    throw new EvidenceError(`${out} is not empty. A report is never overwritten: give another folder with --out.`);
  }
}

/** Writes the report over what was read, whole or not at all: populations, samples, page and manifest. */
export async function writeReport(readings: AsyncIterable<MartLine>, out: string, now: () => Date): Promise<Evidence> {
  await assertEmpty(out);
  const partial = `${out}.partial`;
  const folder = new EvidenceFolder(partial);
  try {
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial, { recursive: true });
    const evidence = await collect(readings, folder);
    await folder.write('report.html', page(evidence, folder.files));
    await folder.write('manifest.json', manifestOf(evidence, folder.files, manifest.version, now()));
    await rm(out, { recursive: true, force: true });
    await mkdir(dirname(out), { recursive: true });
    await rename(partial, out);
    return evidence;
  } catch (error) {
    throw sayable(error, out);
  } finally {
    await folder.abandon();
    if (existsSync(partial)) await rm(partial, { recursive: true });
  }
}

/** What the file system refuses is for the person at the terminal to mend. */
function sayable(error: unknown, out: string): unknown {
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return error;
  const reason = CAUSES[code] ?? `${syscall} failed with ${code}`;
  return new EvidenceError(
    `${out} could not be written: ${reason}${path ? ` (${path})` : ''}. Nothing was left there.`,
  );
}

const CAUSES: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the disk is read-only',
  ENOTDIR: 'a part of the path is no folder',
};
