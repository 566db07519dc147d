import type { Environment } from './environment.ts';
import { manifestHash, verify } from './write/manifest.ts';

/** Says what was changed in a report, or that nothing was. Resolves to the exit code. */
export async function verifyReport(folder: string, { log, signal }: Environment): Promise<0 | 1> {
  const complaints = await verify(folder, signal);
  for (const complaint of complaints) log(complaint);
  if (complaints.length > 0) return 1;
  log(`Every file is as the manifest says. The manifest's own SHA-256 is ${await manifestHash(folder)}.`);
  return 0;
}
