import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { OpSettings } from './options.ts';
import { answerFile } from './stand-in.ts';

const FLAGS = ['--format=json', '--iso-timestamps', '--cache=false'];

/** The folder that holds this `op`, as it was called: it is a link to the bundle. */
const folder = dirname(process.argv[1] ?? '');
const settings = JSON.parse(readFileSync(join(folder, 'options.json'), 'utf8')) as OpSettings;

/** Answers one command, as 1Password's CLI would. */
function main(argv: readonly string[]): void {
  note({ started: argv });
  process.once('exit', () => note({ ended: argv }));
  const { words, account } = wordsOf(argv);
  const [command, id] = commandOf(words);
  if (settings.hangs.includes(command)) {
    setInterval(() => undefined, 60_000);
    return;
  }
  setTimeout(() => {
    try {
      process.stdout.write(`${answerTo(argv, command, id, account)}\n`);
    } catch (error) {
      process.stderr.write(`[ERROR] ${timestamp()} ${(error as Error).message}\n`);
      process.exitCode = 1;
    }
  }, settings.latencyMs);
}

/** Throws an Error with the words of the real one. */
function answerTo(
  argv: readonly string[],
  command: string,
  id: string | undefined,
  account: string | undefined,
): string {
  if (argv.join() === '--version') return settings.version;
  if ('OP_CONNECT_HOST' in process.env || 'OP_CONNECT_TOKEN' in process.env) {
    throw new Error(`"${command}" is not supported with 1Password Connect.`);
  }
  if (!FLAGS.every((flag) => argv.includes(flag))) throw new Error(`A list needs ${FLAGS.join(', ')}.`);
  if (settings.sessionEndsAfter !== null && requests() > settings.sessionEndsAfter) {
    throw new Error('You are not currently signed in. Please run `op signin --help` for instructions');
  }
  const whoami = JSON.parse(readFileSync(answerFile(folder, 'whoami'), 'utf8')) as Record<string, string>;
  if (account !== undefined && ![whoami['account_uuid'], 'example', 'example.1password.com'].includes(account)) {
    throw new Error(`no account found for filter ${account}`);
  }
  if (hasTrouble()) throw new Error(settings.trouble.words);
  if (settings.notJson.includes(command)) return '<!doctype html><title>Welcome</title>';
  if (command === 'whoami' && 'OP_SERVICE_ACCOUNT_TOKEN' in process.env) {
    return JSON.stringify({ ...whoami, user_type: 'SERVICE_ACCOUNT' });
  }
  const file = answerFile(folder, id === undefined ? command : `${command}/${id}`);
  if (id !== undefined && (settings.refused.includes(id) || !existsSync(file))) throw new Error(refusalOf(command, id));
  if (!existsSync(file)) throw new Error(`unknown command "${command}" for "op"`);
  return readFileSync(file, 'utf8');
}

/** The command line without the flags that come with every list. */
function wordsOf(argv: readonly string[]): { words: readonly string[]; account: string | undefined } {
  const place = argv.indexOf('--account');
  const isAccount = (index: number): boolean => place !== -1 && (index === place || index === place + 1);
  const words = argv.filter((word, index) => !FLAGS.includes(word) && !isAccount(index));
  return { words, account: place === -1 ? undefined : argv[place + 1] };
}

/** The command, and the identifier that some of them end in. */
function commandOf(words: readonly string[]): readonly [string, string | undefined] {
  const hasId = words.length === 4 && words[2] === 'list';
  return hasId ? [words.slice(0, 3).join(' '), words[3]] : [words.join(' '), undefined];
}

function refusalOf(command: string, id: string): string {
  if (settings.refusal === 'forbidden') return "(403) (Forbidden), You aren't authorized to perform this action.";
  const what = command.split(' ')[0];
  return `"${id}" isn't a ${what} in this account. Specify the ${what} with its ID or name.`;
}

/** Each trouble happens once, however many processes ask at the same time. */
function hasTrouble(): boolean {
  const troubles = join(folder, 'troubles');
  mkdirSync(troubles, { recursive: true });
  for (let number = 1; number <= settings.trouble.times; number += 1) {
    try {
      writeFileSync(join(troubles, String(number)), '', { flag: 'wx' });
      return true;
    } catch {
      // That one has happened.
    }
  }
  return false;
}

function note(what: object): void {
  appendFileSync(join(folder, 'requests.log'), `${JSON.stringify({ pid: process.pid, ...what })}\n`);
}

/** How many requests there were, this one among them. The version costs none. */
function requests(): number {
  const log = readFileSync(join(folder, 'requests.log'), 'utf8');
  return log.split('\n').filter((line) => line.includes('"started"') && !line.includes('["--version"]')).length;
}

/** `2026/11/20 08:00:00`. */
function timestamp(): string {
  return new Date().toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ');
}

main(process.argv.slice(2));
