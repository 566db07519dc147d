import { parseCommand } from './arguments.ts';
import { toConnectorError } from './errors.ts';
import { parseCatalog, parseState, readJsonFile } from './inputs.ts';
import { isObject } from './json.ts';
import type { Output } from './output.ts';
import { errorMessage, logMessage } from './protocol.ts';
import type { ConfiguredSource, Runtime, Source } from './source.ts';
import { StreamStatuses } from './stream-statuses.ts';
import { sync } from './sync.ts';

/** Time, chance and the signal that ends the run: the part of a Runtime that the process provides. */
export type Environment = Pick<Runtime, 'now' | 'sleep' | 'random' | 'signal'>;

/** Runs one Airbyte command and resolves to the exit code. Never throws: a failure becomes an ERROR trace and a 1. */
export async function run(
  source: Source,
  argv: readonly string[],
  output: Output,
  environment: Environment,
): Promise<0 | 1> {
  try {
    return await runCommand(source, argv, output, environment);
  } catch (error) {
    output.post(errorMessage(toConnectorError(error), Math.floor(environment.now())));
    return 1;
  }
}

async function runCommand(
  source: Source,
  argv: readonly string[],
  output: Output,
  environment: Environment,
): Promise<0 | 1> {
  const command = parseCommand(argv);
  if (command.name === 'spec') {
    output.post({ type: 'SPEC', spec: source.spec });
    return 0;
  }

  const rawConfig = readJsonFile('--config', command.config);
  for (const secret of secretsOf(source, rawConfig)) output.mask(secret);
  const statuses = new StreamStatuses(output, environment.now);
  const runtime: Runtime = {
    ...environment,
    log: (level, message) => output.post(logMessage(level, message)),
    rateLimited: (untilMs, stream) => statuses.rateLimited(untilMs, stream),
    resumed: (stream) => statuses.resumed(stream),
  };

  switch (command.name) {
    case 'check':
      return check(source, rawConfig, output, runtime);
    case 'discover': {
      (await source.configure(rawConfig, runtime)).close();
      output.post({ type: 'CATALOG', catalog: { streams: source.streams } });
      return 0;
    }
    case 'read': {
      const catalog = parseCatalog(readJsonFile('--catalog', command.catalog));
      const { state } = command;
      const saved = parseState(state === undefined ? undefined : readJsonFile('--state', state, { mayBeEmpty: true }));
      const streams = catalog.map((stream) => ({ ...stream, state: saved.get(stream.name) }));
      const configured = await source.configure(rawConfig, runtime);
      try {
        return await sync(source, configured, streams, { output, statuses, runtime });
      } finally {
        configured.close();
      }
    }
  }
}

/**
 * What the user can fix is a FAILED status. Anything else is an ERROR trace without a status, so that Airbyte may
 * retry; the sentence is logged as well, because PyAirbyte shows logs but no traces of a failed check.
 */
async function check(source: Source, rawConfig: unknown, output: Output, runtime: Runtime): Promise<0 | 1> {
  let configured: ConfiguredSource | undefined;
  try {
    configured = await source.configure(rawConfig, runtime);
    const message = await configured.check();
    output.post({ type: 'CONNECTION_STATUS', connectionStatus: { status: 'SUCCEEDED', message } });
    return 0;
  } catch (cause) {
    const error = configured?.explain(cause) ?? toConnectorError(cause);
    if (error.failureType === 'config_error') {
      output.post({ type: 'CONNECTION_STATUS', connectionStatus: { status: 'FAILED', message: error.message } });
      return 0;
    }
    output.post(logMessage('ERROR', error.message));
    throw error;
  } finally {
    configured?.close();
  }
}

/** The values of the fields that the specification marks as secret. */
function secretsOf({ spec }: Source, rawConfig: unknown): string[] {
  if (!isObject(rawConfig)) return [];
  return Object.entries(spec.connectionSpecification.properties)
    .filter(([, property]) => property.airbyte_secret === true)
    .map(([field]) => rawConfig[field])
    .filter((value) => typeof value === 'string');
}
