import { ConnectorError } from './errors.ts';
import type { Output } from './output.ts';
import {
  type AirbyteMessage,
  type ConfiguredStream,
  errorMessage,
  logMessage,
  recordMessage,
  stateMessage,
} from './protocol.ts';
import type { ConfiguredSource, Runtime, Source, StreamPage, StreamReader } from './source.ts';
import type { StreamStatuses } from './stream-statuses.ts';

interface SyncContext {
  output: Output;
  statuses: StreamStatuses;
  runtime: Runtime;
}

/** A failure that belongs to one stream. */
interface StreamFailure {
  stream: string;
  error: ConnectorError;
}

/**
 * Reads all configured streams at once and resolves to the exit code: 0 only if every one of them is COMPLETE.
 * A stream that fails does not stop the others, unless its failure ends the run.
 */
export async function sync(
  source: Source,
  configured: ConfiguredSource,
  streams: readonly ConfiguredStream[],
  context: SyncContext,
): Promise<0 | 1> {
  const { output, statuses, runtime } = context;
  if (streams.length === 0) {
    output.post(logMessage('WARN', 'The configured catalog selects no stream: there is nothing to read.'));
    return 0;
  }
  for (const { name } of streams) statuses.started(name);

  const known = streams.filter(({ name }) => source.streams.some((stream) => stream.name === name));
  const failures: StreamFailure[] = streams
    .filter((stream) => !known.includes(stream))
    .map(({ name }) => ({ stream: name, error: unknownStream(name) }));
  for (const { stream } of failures) statuses.ended(stream, 'INCOMPLETE');

  try {
    if (known.length > 0) failures.push(...(await readAll(configured, known, context)));
  } catch (error) {
    for (const { name } of streams) statuses.ended(name, 'INCOMPLETE');
    output.post(errorMessage(configured.explain(error), Math.floor(runtime.now())));
    return 1;
  }

  // Airbyte does not retry a run whose first ERROR is a config_error, so those are written last.
  for (const { stream, error } of failures.filter(({ error }) => error.failureType === 'config_error')) {
    output.post(errorMessage(error, Math.floor(runtime.now()), stream));
  }
  return failures.length === 0 ? 0 : 1;
}

/** Resolves to the failures of single streams; throws the one that ends the run. */
async function readAll(
  configured: ConfiguredSource,
  streams: readonly ConfiguredStream[],
  context: SyncContext,
): Promise<StreamFailure[]> {
  const reader = await configured.open(streams);
  const { output, statuses, runtime } = context;
  const failures: StreamFailure[] = [];
  let runEnding: ConnectorError | undefined;
  const reading = streams.map(async (stream) => {
    try {
      await readStream(reader, stream, context);
    } catch (cause) {
      // After the end of the run a stream stops because of that end; it is not a failure of its own.
      if (runEnding !== undefined || runtime.signal.aborted) return;
      const error = configured.explain(cause, stream.name);
      if (error.endsRun) {
        runEnding = error;
        configured.close();
        return;
      }
      statuses.ended(stream.name, 'INCOMPLETE');
      failures.push({ stream: stream.name, error });
      if (error.failureType !== 'config_error') {
        output.post(errorMessage(error, Math.floor(runtime.now()), stream.name));
      }
    }
  });
  await Promise.all(reading);
  runtime.signal.throwIfAborted();
  if (runEnding !== undefined) throw runEnding;
  return failures;
}

async function readStream(reader: StreamReader, stream: ConfiguredStream, context: SyncContext): Promise<void> {
  const { output, statuses, runtime } = context;
  let recordsSinceState = 0;
  let isRunning = false;

  function* toMessages({ records, state }: StreamPage): Generator<AirbyteMessage> {
    const emittedAt = Math.floor(runtime.now());
    for (const record of records) {
      recordsSinceState += 1;
      yield recordMessage(stream.name, record, emittedAt);
    }
    if (state === undefined) return;
    yield stateMessage(stream.name, state, recordsSinceState);
    recordsSinceState = 0;
  }
  for await (const page of reader(stream)) {
    if (!isRunning) statuses.running(stream.name);
    isRunning = true;
    await output.write(toMessages(page));
  }
  statuses.ended(stream.name, 'COMPLETE');
}

function unknownStream(name: string): ConnectorError {
  return new ConnectorError(
    'config_error',
    `The source has no stream named ${name}. Refresh the source schema of the connection and select its streams again.`,
  );
}
