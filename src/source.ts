import specification from '../schemas/spec.json' with { type: 'json' };
import type { ConnectorSpecification } from './airbyte/protocol.ts';
import type { Source } from './airbyte/source.ts';
import { streams, toAirbyteStream } from './streams.ts';

/** The 1Password source at a glance. */
export const source: Source = {
  spec: specification as ConnectorSpecification,
  streams: streams.map(toAirbyteStream),
  configure: async (rawConfig, runtime) => {
    // Loaded only now: `spec` needs neither the validator nor the HTTP client, and starts far sooner without them.
    const { OnePasswordSource } = await import('./configured-source.ts');
    return new OnePasswordSource(rawConfig, runtime);
  },
};
