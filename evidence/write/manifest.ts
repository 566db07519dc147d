import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Evidence, FileFacts } from '../evidence.ts';
import { EvidenceError } from '../evidence-error.ts';
import type { About } from '../marts.ts';

const MANIFEST = 'manifest.json';

/** What a report is, and the hash of every file of it. Times are UTC. */
interface Manifest {
  /** The only thing that differs between two reports over the same marts. */
  written_at: string;
  period: { from: string; to: string };
  as_of: string;
  account_uuid: string | null;
  baseline_as_of: string | null;
  log_start: string | null;
  versions: { package: string; connector: string; dbt: string; adapter: string };
  variables: Readonly<Record<string, unknown>>;
  /** What the project does not build, and the report therefore lacks. */
  left_out: About['left_out'];
  sample: { seed: string; rows: number; order: string } | undefined;
  files: readonly FileFacts[];
}

export function manifestOf(
  { about, sample }: Evidence,
  files: readonly FileFacts[],
  connector: string,
  writtenAt: Date,
): string {
  const manifest: Manifest = {
    written_at: writtenAt.toISOString(),
    period: { from: about.evidence_from, to: about.evidence_to },
    as_of: about.as_of,
    account_uuid: about.account_uuid,
    baseline_as_of: about.baseline_as_of,
    log_start: about.log_start,
    versions: {
      package: about.package_version,
      connector,
      dbt: about.dbt_version,
      adapter: about.adapter,
    },
    variables: about.variables,
    left_out: about.left_out,
    sample: sample && { ...sample, order: "least md5(key || '|' || seed), the columns of the key separated by '|'" },
    files: [...files].sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** Compares a report with its manifest. Resolves to a sentence for each file that was changed, is missing or was added. */
export async function verify(folder: string, signal?: AbortSignal): Promise<string[]> {
  const expected = new Map((await filesOf(folder)).map(({ path, sha256 }) => [path, sha256]));
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => path !== MANIFEST);

  const complaints: string[] = [];
  for (const path of found) {
    const sha256 = expected.get(path);
    if (sha256 === undefined) complaints.push(`added: ${path}`);
    else if (sha256 !== (await hashOf(join(folder, path), signal))) complaints.push(`changed: ${path}`);
  }
  for (const path of expected.keys()) if (!found.includes(path)) complaints.push(`missing: ${path}`);
  return complaints.sort();
}

/** The SHA-256 of the manifest itself: who notes it down can tell later that nothing was changed, the manifest included. */
export async function manifestHash(folder: string): Promise<string> {
  return hashOf(join(folder, MANIFEST));
}

async function filesOf(folder: string): Promise<readonly Pick<FileFacts, 'path' | 'sha256'>[]> {
  try {
    const { files } = JSON.parse(await readFile(join(folder, MANIFEST), 'utf8')) as Partial<Manifest>;
    if (Array.isArray(files)) return files;
  } catch (error) {
    throw new EvidenceError(`${join(folder, MANIFEST)} cannot be read: ${(error as Error).message}`);
  }
  throw new EvidenceError(`${join(folder, MANIFEST)} lists no files: it is not the manifest of a report.`);
}

/** In pieces: a file may be larger than what Node reads at once. */
async function hashOf(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
  return hash.digest('hex');
}
