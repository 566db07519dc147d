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

/** The dbt project that gets the lists, and how 1Password's CLI is run. */
export interface BaselineOptions {
  projectDir: string;
  account: string | undefined;
  op: string;
}

export type Command =
  | { name: 'baseline'; options: BaselineOptions }
  | { name: 'demo'; out: string | undefined }
  | { name: 'report'; project: DbtProject; out: string; dbt: string }
  | { name: 'verify'; folder: string }
  | { name: 'help' };

export const USAGE = `1password-evidence report --project-dir DIR --out FOLDER [--profiles-dir DIR] [--target T] [--vars V] [--dbt PATH]
    builds the dbt package in a project and writes the report into a new folder
1password-evidence baseline --project-dir DIR [--account ACCOUNT] [--op PATH]
    adds what 1Password lists now (people, groups, vaults and who may open them) to a dbt project, as seeds; asks 1Password's CLI,
    op 2.25 or later, as the person who is signed in, who should be an owner
1password-evidence verify FOLDER
    recomputes the hashes of a report and says what was changed
npm run evidence -- demo [--out FOLDER]
    makes the report of an invented account, from a clone of the repository`;

const TEXT = { type: 'string' } as const;

/** Each command's flags, and how many words follow it. */
const COMMANDS = {
  baseline: { options: { 'project-dir': TEXT, account: TEXT, op: TEXT }, words: 0 },
  demo: { options: { out: TEXT }, words: 0 },
  report: {
    options: { 'project-dir': TEXT, 'profiles-dir': TEXT, target: TEXT, vars: TEXT, dbt: TEXT, out: TEXT },
    words: 0,
  },
  verify: { options: {}, words: 1 },
} as const;

/** Throws an EvidenceError if the command line makes no sense. */
export function parseCommand([name, ...argv]: readonly string[]): Command {
  if (name === 'help' || [name, ...argv].some((word) => word === '--help' || word === '-h')) return { name: 'help' };
  if (!isCommand(name)) {
    throw unusable(name === undefined ? 'Which command?' : `There is no command ${name}.`);
  }
  const { flags, words } = valuesOf(name, argv);
  if (name === 'verify') return { name, folder: resolve(words[0] ?? '') };
  if (name === 'demo') return { name, out: absolute(flags['out']) };
  const { 'project-dir': projectDir, 'profiles-dir': profilesDir, target, vars, out, dbt = 'dbt' } = flags;
  if (projectDir === undefined) throw unusable('--project-dir is required: the dbt project that has the package.');
  if (name === 'baseline') {
    return { name, options: { projectDir: resolve(projectDir), account: flags['account'], op: flags['op'] ?? 'op' } };
  }
  if (out === undefined) throw unusable('--out is required: the folder that the report goes into.');
  const project = { projectDir: resolve(projectDir), profilesDir: absolute(profilesDir), target, vars };
  return { name, project, out: resolve(out), dbt };
}

function isCommand(name: string | undefined): name is keyof typeof COMMANDS {
  return name !== undefined && Object.hasOwn(COMMANDS, name);
}

function absolute(path: string | undefined): string | undefined {
  return path === undefined ? undefined : resolve(path);
}

function valuesOf(name: keyof typeof COMMANDS, argv: readonly string[]) {
  const { options, words } = COMMANDS[name];
  let parsed: { values: Record<string, string | undefined>; positionals: string[] };
  try {
    // Every flag is a text.
    parsed = parseArgs({ args: [...argv], options, allowPositionals: true }) as typeof parsed;
  } catch (error) {
    throw unusable((error as Error).message);
  }
  const { values: flags, positionals } = parsed;
  const empty = Object.entries(flags).find(([, value]) => value === '');
  if (empty !== undefined) throw unusable(`--${empty[0]} lacks a value.`);
  if (positionals.length < words) throw unusable(`${name} wants a folder.`);
  if (positionals.length > words) throw unusable(`${name} does not take ${positionals[words]}.`);
  return { flags, words: positionals };
}

function unusable(sentence: string): EvidenceError {
  return new EvidenceError(`${sentence}\n\n${USAGE}`);
}
