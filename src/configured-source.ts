import manifest from '../package.json' with { type: 'json' };
import type { ConnectorError } from './airbyte/errors.ts';
import type { ConfiguredStream } from './airbyte/protocol.ts';
import type { ConfiguredSource, Runtime, StreamReader } from './airbyte/source.ts';
import { check } from './check.ts';
import { type Config, parseConfig } from './config.ts';
import { EventsApiClient } from './events-api/client.ts';
import { REQUESTS_PER_HOUR } from './events-api/limits.ts';
import { CHECK_POLICY, READ_POLICY, type RetryPolicy } from './events-api/retry.ts';
import { explainFailure } from './failures.ts';
import { openRead } from './read.ts';

/** The most requests that a connection test needs, so that no budget is too small for one. */
const REQUESTS_PER_CHECK = 10;

/** The 1Password source with its configuration: one client, so that all streams share one request budget. */
export class OnePasswordSource implements ConfiguredSource {
  readonly #config: Config;
  readonly #runtime: Runtime;
  #client: EventsApiClient | undefined;

  /** Throws a config_error that names the broken field, never its value. */
  constructor(rawConfig: unknown, runtime: Runtime) {
    this.#config = parseConfig(rawConfig, runtime.now());
    this.#runtime = runtime;
    for (const warning of this.#config.warnings) runtime.log('WARN', warning);
  }

  check(): Promise<string> {
    return check(this.#connect(CHECK_POLICY, REQUESTS_PER_CHECK), this.#config, this.#runtime);
  }

  open(streams: readonly ConfiguredStream[]): Promise<StreamReader> {
    return openRead(this.#connect(READ_POLICY), this.#config, this.#runtime, streams);
  }

  explain(error: unknown, stream?: string): ConnectorError {
    return explainFailure(error, this.#config, this.#runtime.now(), stream);
  }

  close(): void {
    this.#client?.close();
  }

  #connect(retryPolicy: RetryPolicy, fewestPerMinute = 1): EventsApiClient {
    const { token, baseUrl, requestsPerMinute } = this.#config;
    const { signal, log, rateLimited, resumed } = this.#runtime;
    this.#client = new EventsApiClient({
      baseUrl,
      token,
      userAgent: `${manifest.name}/${manifest.version}`,
      budget: { perMinute: Math.max(requestsPerMinute, fewestPerMinute), perHour: REQUESTS_PER_HOUR },
      retryPolicy,
      clock: this.#runtime,
      signal,
      observer: {
        onWait: (untilMs, stream) => {
          const until = new Date(untilMs).toISOString();
          log('INFO', `Waiting until ${until}: the rate limit is reached, or 1Password has asked to wait.`);
          rateLimited(untilMs, stream);
        },
        onResume: resumed,
        onRetry: ({ message }, delayMs) => log('INFO', `Trying again in ${(delayMs / 1000).toFixed(1)} s: ${message}.`),
      },
    });
    return this.#client;
  }
}
