import { setTimeout as sleep } from 'node:timers/promises';
import { run } from './entrypoint.ts';
import { toConnectorError } from './errors.ts';
import { Output } from './output.ts';
import { errorMessage, logMessage } from './protocol.ts';
import type { Source } from './source.ts';

/** What a shell reports for a process that the signal ended. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Runs the source as this process: its arguments, its stdout, its signals and its exit code. Success is said, never
 * assumed: whatever ends the process before the run has come to its end, the exit code is not 0.
 * The exit code is set and never forced while something may be unwritten: `process.exit()` would drop it.
 */
export async function launch(source: Source, process: NodeJS.Process): Promise<void> {
  process.exitCode = 1;
  const end = new AbortController();
  const output = new Output(process.stdout, end.signal);
  // Epoch time that never runs backwards, even if the system clock is set back.
  const now = () => performance.timeOrigin + performance.now();

  // The reader is gone, which is how Airbyte cancels a sync. Nothing can be written any more.
  process.stdout.on('error', () => process.exit(1));

  // Airbyte shows each line of stderr as an error, so Node's warnings become log messages.
  process.removeAllListeners('warning');
  process.on('warning', (warning) => output.post(logMessage('WARN', `${warning.name}: ${warning.message}`)));

  process.on('uncaughtException', (error) => {
    output.post(errorMessage(toConnectorError(error), Math.floor(now())));
    end.abort();
    process.exitCode = 1;
  });

  let hasEnded = false;
  // Nothing is left that the process could wait for. A promise that never settles would be the end of it in silence.
  process.once('beforeExit', () => {
    if (hasEnded || end.signal.aborted) return;
    const error = new Error('nothing is left to wait for, but the run has not come to its end');
    output.post(errorMessage(toConnectorError(error), Math.floor(now())));
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      end.abort();
      process.exitCode = EXIT_CODES[signal];
      // `once` has restored the default action, so this ends the process by the signal. As process 1 of a container
      // it survives: then it has a second to end by itself.
      process.kill(process.pid, signal);
      setTimeout(() => process.exit(EXIT_CODES[signal]), 1000).unref();
    });
  }

  const exitCode = await run(source, process.argv.slice(2), output, {
    now,
    sleep: (ms, signal) =>
      sleep(ms, undefined, { signal }).catch(() => {
        throw signal.reason;
      }),
    random: Math.random,
    signal: end.signal,
  });
  hasEnded = true;
  if (!end.signal.aborted) process.exitCode = exitCode;
}
