import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { EvidenceError } from '../evidence-error.ts';
import { INPUT_NAMES, type InputName, seedOf } from './inputs.ts';

/** What a dbt project supplies to the package. */
export interface Supplied {
  /** The inputs that it does not supply yet. */
  missing: readonly InputName[];
  /** What it names for an input instead of the seed of these lists. */
  otherwise: readonly (readonly [InputName, named: string])[];
}

/** Throws an EvidenceError for a folder that is not a dbt project. */
export async function readSupplied(projectDir: string): Promise<Supplied> {
  const file = join(projectDir, 'dbt_project.yml');
  let content: string;
  try {
    content = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') throw new EvidenceError(`${file} may not be read.`);
    throw new EvidenceError(`${projectDir} is not a dbt project: it has no dbt_project.yml.`);
  }
  // dbt says what is wrong with a file that is no YAML.
  const document = parseDocument(content, { logLevel: 'silent' });
  const named = (input: InputName): unknown =>
    document.getIn(['vars', 'onepassword', 'onepassword_inputs', input]) ??
    document.getIn(['vars', 'onepassword_inputs', input]);
  const inputs = INPUT_NAMES.map((input) => [input, named(input)] as const);
  return {
    missing: inputs.flatMap(([input, name]) => (name === undefined || name === null ? [input] : [])),
    otherwise: inputs.flatMap(([input, name]) =>
      name === undefined || name === null || name === seedOf(input) ? [] : [[input, String(name)] as const],
    ),
  };
}

/** What names the seeds to the package. */
export function varsBlock(inputs: readonly InputName[]): string {
  return `vars:
  onepassword_inputs:
${inputs.map((input) => `    ${input}: ${seedOf(input)}`).join('\n')}`;
}
