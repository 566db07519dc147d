import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { EvidenceError } from './evidence-error.ts';

/** Where dbt finds the project; what is undefined dbt finds by itself. All paths are absolute. */
export interface DbtProject {
  projectDir: string;
  profilesDir: string | undefined;
  target: string | undefined;
  /** YAML or JSON, as dbt takes it. */
  vars: string | undefined;
}

export type Command =
  | { name: 'demo'; out: string | undefined }
  | { name: 'report'; project: DbtProject; out: string; dbt: string }
  | { name: 'verify'; folder: string };

const USAGE = `npm run evidence -- --demo [--out FOLDER]
npm run evidence -- --project-dir DIR [--profiles-dir DIR] [--target T] [--vars V] [--dbt PATH] --out FOLDER
npm run evidence -- --verify FOLDER`;

/** Throws an EvidenceError if the flags make no sense. */
export function parseFlags(argv: readonly string[]): Command {
  const flags = valuesOf(argv);
  const alone = (...allowed: string[]): void => {
    const foreign = Object.keys(flags).find((name) => !allowed.includes(name));
    if (foreign !== undefined) throw new EvidenceError(`--${foreign} does not go with --${allowed[0]}.\n\n${USAGE}`);
  };

  if (flags.verify !== undefined) {
    alone('verify');
    return { name: 'verify', folder: resolve(flags.verify) };
  }
  if (flags.demo) {
    alone('demo', 'out');
    return { name: 'demo', out: absolute(flags.out) };
  }
  const { 'project-dir': projectDir, 'profiles-dir': profilesDir, target, vars, out, dbt = 'dbt' } = flags;
  if (projectDir === undefined) throw new EvidenceError(`Say which dbt project, or --demo.\n\n${USAGE}`);
  if (out === undefined) throw new EvidenceError(`Say with --out where the report goes.\n\n${USAGE}`);
  const project = { projectDir: resolve(projectDir), profilesDir: absolute(profilesDir), target, vars };
  return { name: 'report', project, out: resolve(out), dbt };
}

function absolute(path: string | undefined): string | undefined {
  return path === undefined ? undefined : resolve(path);
}

function valuesOf(argv: readonly string[]) {
  try {
    const text = { type: 'string' } as const;
    const options = {
      demo: { type: 'boolean' },
      'project-dir': text,
      'profiles-dir': text,
      target: text,
      vars: text,
      dbt: text,
      out: text,
      verify: text,
    } as const;
    const { values } = parseArgs({ args: [...argv], options });
    const empty = Object.entries(values).find(([, value]) => value === '');
    if (empty !== undefined) throw new Error(`--${empty[0]} lacks a value.`);
    return values;
  } catch (error) {
    throw new EvidenceError(`${(error as Error).message}\n\n${USAGE}`);
  }
}
