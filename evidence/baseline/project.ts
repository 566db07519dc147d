import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { EvidenceError } from '../evidence-error.ts';
import { INPUT_NAMES, type InputName, seedOf } from './inputs.ts';

/** Which inputs of the package a dbt project does not supply yet. Throws an EvidenceError for a folder that is no dbt project. */
export async function missingInputs(projectDir: string): Promise<InputName[]> {
  const file = join(projectDir, 'dbt_project.yml');
  let content: string;
  try {
    content = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') throw new EvidenceError(`${file} may not be read.`);
    throw new EvidenceError(`${projectDir} is no dbt project: it has no dbt_project.yml.`);
  }
  // dbt says what is wrong with a file that is no YAML.
  const document = parseDocument(content, { logLevel: 'silent' });
  const supplied = (input: InputName): boolean =>
    document.hasIn(['vars', 'onepassword_inputs', input]) ||
    document.hasIn(['vars', 'onepassword', 'onepassword_inputs', input]);
  return INPUT_NAMES.filter((input) => !supplied(input));
}

/** What names the seeds to the package. */
export function varsBlock(inputs: readonly InputName[]): string {
  return `vars:
  onepassword_inputs:
${inputs.map((input) => `    ${input}: ${seedOf(input)}`).join('\n')}`;
}
