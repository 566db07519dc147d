import { demonstrate } from './demo.ts';
import type { Environment } from './environment.ts';
import { EvidenceError } from './evidence-error.ts';
import { parseCommand, USAGE } from './flags.ts';
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
    const command = parseCommand(argv);
    if (command.name === 'verify') return await verifyReport(command.folder, environment);
    if (command.name === 'help') environment.log(USAGE);
    else if (command.name === 'demo') await demonstrate(command.out, environment);
    else await makeReport(findDbt(command.dbt, environment.path), command.project, command.out, environment);
    return 0;
  } catch (error) {
    if (!(error instanceof EvidenceError)) throw error;
    fail(error.message);
    return 1;
  }
}
