import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Answers } from './answers.ts';
import type { OpSettings } from './options.ts';

/** Where an answer lies in the folder of a stand-in. */
export function answerFile(folder: string, question: string): string {
  return join(folder, 'answers', `${question.replaceAll(' ', '-')}.json`);
}

/**
 * Writes a folder with an executable `op`, which gives the answers and keeps `requests.log` beside itself. `program` is the bundle of
 * `main.ts`. Returns the path of the executable.
 */
export async function writeStandIn(
  folder: string,
  program: string,
  answers: Answers,
  settings: OpSettings,
): Promise<string> {
  for (const question of ['group user list', 'vault user list', 'vault group list']) {
    await mkdir(answerFile(folder, question).replace('.json', ''), { recursive: true });
  }
  for (const [question, answer] of answers) await writeFile(answerFile(folder, question), JSON.stringify(answer));
  await writeFile(join(folder, 'options.json'), JSON.stringify(settings));
  const op = join(folder, 'op');
  await symlink(resolve(program), op);
  return op;
}
