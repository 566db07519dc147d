import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import type { Evidence, MartLine } from '../evidence.ts';
import { EvidenceError } from '../evidence-error.ts';
import { page } from '../page/page.ts';
import { collect } from './collect.ts';
import { EvidenceFolder } from './folder.ts';
import { manifestOf } from './manifest.ts';
import { isOfSystem, notWritten } from './refusal.ts';

const NOTHING_LEFT = 'Nothing was left there.';

/** Ends with a sentence if a report cannot be written there: what somebody keeps is never overwritten. */
export async function assertEmpty(out: string): Promise<void> {
  let entries: string[];
  try {
    entries = await readdir(out);
  } catch (error) {
    if (isOfSystem(error) && error.code === 'ENOENT') return;
    throw notWritten(error as NodeJS.ErrnoException, out, NOTHING_LEFT);
  }
  if (entries.length > 0) {
    throw new EvidenceError(`${out} is not empty. A report is never overwritten: give another folder with --out.`);
  }
}

/** Writes the report over what was read, whole or not at all: populations, samples, page and manifest. */
export async function writeReport(
  lines: AsyncIterable<MartLine>,
  out: string,
  { now, signal }: { now: () => Date; signal: AbortSignal },
): Promise<Evidence> {
  await assertEmpty(out);
  let made: string | undefined;
  let folder: EvidenceFolder | undefined;
  try {
    const partial = `${out}.partial-${randomUUID()}`;
    made = await mkdir(dirname(out), { recursive: true });
    await mkdir(partial);
    made ??= partial;
    folder = new EvidenceFolder(partial);
    const evidence = await collect(lines, folder);
    await folder.write('report.html', page(evidence));
    await folder.write('manifest.json', manifestOf(evidence, folder.files, manifest.version, now()));
    signal.throwIfAborted();
    // Takes the place of a folder only if that is empty.
    await rename(partial, out);
    return evidence;
  } catch (error) {
    await folder?.abandon();
    if (made !== undefined) await rm(made, { recursive: true, force: true });
    throw isOfSystem(error) ? notWritten(error, out, NOTHING_LEFT) : error;
  }
}
