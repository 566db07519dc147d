import { takeBaseline } from './baseline.ts';
import { demonstrate } from './demo.ts';
import type { Environment } from './environment.ts';
import { EvidenceError } from './evidence-error.ts';
import { type Command, parseCommand, USAGE } from './flags.ts';
import { findDbt } from './read/dbt.ts';
import { makeReport } from './report.ts';
import { verifyReport } from './verify.ts';

/** Runs one command and resolves to the exit code. `fail` hears of a failure, in a sentence. */
export async function run(
  argv: readonly string[],
  environment: Environment,
  fail: (line: string) => void,
): Promise<0 | 1> {
  try {
    return await runCommand(parseCommand(argv), environment);
  } catch (error) {
    fail(sentenceOf(error));
    return 1;
  }
}

async function runCommand(command: Command, environment: Environment): Promise<0 | 1> {
  switch (command.name) {
    case 'help':
      environment.log(USAGE);
      return 0;
    case 'baseline':
      await takeBaseline(command.options, environment);
      return 0;
    case 'verify':
      return await verifyReport(command.folder, environment);
    case 'demo':
      await demonstrate(command.out, environment);
      return 0;
    case 'report':
      await makeReport(await findDbt(command.dbt, command.project, environment), command.out, environment);
      return 0;
  }
}

/** What the operating system refuses names the file; anything else that was not expected is a defect. */
function sentenceOf(error: unknown): string {
  if (error instanceof EvidenceError) return error.message;
  const { message, syscall } = error as NodeJS.ErrnoException;
  if (syscall !== undefined) return message;
  return `This is a defect of 1password-evidence, please report it: ${message}`;
}
