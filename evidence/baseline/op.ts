import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Environment } from '../environment.ts';
import { EvidenceError } from '../evidence-error.ts';
import { type Failure, failureOf } from './failure.ts';

/**
 * Everything that is ever asked of 1Password's CLI, beside `--version`. All of it lists who and what there is; none of it can return
 * an item or a secret. The last word of some questions is the identifier of a group or vault.
 */
export const QUESTIONS = [
  'whoami',
  'account get',
  'user list',
  'group list',
  'group user list',
  'vault list',
  'vault list --permission manage_vault',
  'vault user list',
  'vault group list',
] as const;

export type Question = (typeof QUESTIONS)[number];

/** The CLI has a cache of its own, which may be older than `as_of`. */
const FLAGS = ['--format=json', '--iso-timestamps', '--cache=false'];

/**
 * With these the CLI would ask a Connect server, or as a service account. Both see only part of the account, and can read what is in
 * its vaults.
 */
const NOT_PASSED_ON = new Set(['OP_CONNECT_HOST', 'OP_CONNECT_TOKEN', 'OP_SERVICE_ACCOUNT_TOKEN']);

/** The first version that has every one of the questions, and the flags. */
const OLDEST = { major: 2, minor: 25 };

/** The pauses before each further attempt. */
const PAUSES_S = [2, 4, 8, 16, 32, 64];

/** Somebody may have to unlock 1Password first. */
const PATIENCE_MS = 120_000;

/** An answer that 1Password refuses to whoever is signed in. */
export class RefusedError extends EvidenceError {}

interface Answer {
  code: number;
  stdout: string;
  stderr: string;
}

export interface OpOptions {
  /** A path, or a name on the PATH. */
  program: string;
  /** As `op --account` takes it; undefined leaves the choice to `op`. */
  account: string | undefined;
  /** How long one answer may take. */
  patienceMs?: number;
}

/** 1Password's own CLI. The one place that runs it. */
export class Op {
  readonly #program: string;
  readonly #flags: readonly string[];
  readonly #patienceMs: number;
  readonly #env: Record<string, string | undefined>;
  readonly #environment: Pick<Environment, 'signal' | 'wait'>;
  readonly #say: (line: string) => void;

  /** `say` hears of attempts that failed. */
  constructor(
    { program, account, patienceMs = PATIENCE_MS }: OpOptions,
    environment: Pick<Environment, 'env' | 'signal' | 'wait'>,
    say: (line: string) => void,
  ) {
    this.#program = program.includes('/') ? resolve(program) : program;
    this.#flags = account === undefined ? FLAGS : [...FLAGS, '--account', account];
    this.#patienceMs = patienceMs;
    this.#env = Object.fromEntries(Object.entries(environment.env).filter(([name]) => !NOT_PASSED_ON.has(name)));
    this.#environment = environment;
    this.#say = say;
  }

  /** The version, once it is one that can answer. */
  async version(): Promise<string> {
    const answer = await this.#run(['--version']);
    const [version, major, minor] = /^(\d+)\.(\d+)\S*/.exec(answer?.stdout.trim() ?? '') ?? [];
    if (answer?.code !== 0 || version === undefined) {
      throw new EvidenceError(
        `${this.#program} --version does not answer as 1Password's CLI does. Give its path with --op.`,
      );
    }
    if (Number(major) < OLDEST.major || (Number(major) === OLDEST.major && Number(minor) < OLDEST.minor)) {
      throw new EvidenceError(
        `${this.#program} is version ${version}. The lists need version ${OLDEST.major}.${OLDEST.minor} or later: update 1Password's CLI.`,
      );
    }
    return version;
  }

  /**
   * Asks until there is an answer; what seems to pass is asked again. Throws a RefusedError if 1Password refuses it to whoever is
   * signed in, and an EvidenceError for everything else.
   */
  async ask(question: Question, id?: string): Promise<unknown> {
    const argv = [...question.split(' '), ...(id === undefined ? [] : [id])];
    const asked = `op ${argv.join(' ')}`;
    for (let attempt = 0; ; attempt += 1) {
      const answer = await this.#run([...argv, ...this.#flags]);
      if (answer?.code === 0) return parse(answer.stdout, asked);
      const failure: Failure = answer === undefined ? this.#silence() : failureOf(answer.stderr);
      if (failure.kind === 'refused') {
        throw new RefusedError(
          `1Password refuses ${asked} to whoever is signed in. Sign in as an owner. (${failure.words})`,
        );
      }
      const pauseS = PAUSES_S[attempt];
      if (failure.kind === 'final' || pauseS === undefined) throw new EvidenceError(`${failure.sentence} (${asked})`);
      this.#environment.signal.throwIfAborted();
      this.#say(`${asked}: ${failure.words}. Trying again in ${pauseS} s`);
      await this.#environment.wait(pauseS * 1000, this.#environment.signal);
    }
  }

  #silence(): Failure {
    const words = `no answer in ${this.#patienceMs / 1000} s`;
    const sentence = `${this.#program} gave ${words}, again and again. Is it waiting for you to unlock 1Password? Run this again.`;
    return { kind: 'passing', words, sentence };
  }

  /**
   * Nothing, if the answer takes too long. It stays in the session of the terminal, unlike other programs that this tool runs: to a
   * process in a session of its own the desktop app would ask for permission each time.
   */
  async #run(argv: readonly string[]): Promise<Answer | undefined> {
    const { signal } = this.#environment;
    signal.throwIfAborted();
    const child = spawn(this.#program, argv, { env: this.#env, stdio: ['ignore', 'pipe', 'pipe'] });
    // Whatever it may have started holds its outputs open.
    const stop = (): void => {
      child.kill('SIGKILL');
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const impatience = AbortSignal.timeout(this.#patienceMs);
    signal.addEventListener('abort', stop);
    impatience.addEventListener('abort', stop);
    const outputs = Promise.allSettled([text(child.stdout), text(child.stderr)]);
    try {
      const [code] = (await once(child, 'close')) as [number | null];
      signal.throwIfAborted();
      if (impatience.aborted && code === null) return undefined;
      const [stdout, stderr] = (await outputs).map((output) => (output.status === 'fulfilled' ? output.value : ''));
      return { code: code ?? 1, stdout: stdout ?? '', stderr: stderr ?? '' };
    } catch (error) {
      signal.throwIfAborted();
      throw notRun(this.#program, error as NodeJS.ErrnoException);
    } finally {
      signal.removeEventListener('abort', stop);
      impatience.removeEventListener('abort', stop);
    }
  }
}

function parse(stdout: string, asked: string): unknown {
  try {
    return JSON.parse(stdout);
  } catch {
    throw new EvidenceError(`${asked} did not answer with JSON. Does --op or the PATH point to 1Password's CLI?`);
  }
}

function notRun(program: string, { code, message }: NodeJS.ErrnoException): EvidenceError {
  if (code === 'ENOENT') {
    return new EvidenceError(`${program} was not found. Install 1Password's CLI, or give its path with --op.`);
  }
  return new EvidenceError(`${program} cannot be run: ${message}.`);
}
