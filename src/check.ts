import { ConnectorError } from './airbyte/errors.ts';
import type { Runtime } from './airbyte/source.ts';
import type { Config } from './config.ts';
import type { EventsApiClient } from './events-api/client.ts';
import { type ApiVersion, eventsPath } from './events-api/cursor-endpoint.ts';
import { type ApiError, isApiError } from './events-api/errors.ts';
import { BEFORE_ALL_EVENTS_MS } from './events-api/limits.ts';
import { fetchGrants, type Grants, mayRead } from './grants.ts';
import { type StreamDefinition, streams } from './streams.ts';
import { adviseOfExpiry, WHERE_TO_ISSUE } from './token-advice.ts';

/**
 * Tests the connection and resolves to the sentence that the user sees. Succeeds with only some of the event types, and
 * then names the missing ones; throws if there are none, or if the API cannot be reached.
 */
export async function check(client: EventsApiClient, config: Config, runtime: Runtime): Promise<string> {
  const grants = await fetchGrants(client, config.claims, runtime.log);
  const readable = grants.isConfirmed
    ? streams.filter(({ feature }) => mayRead(grants, feature))
    : await findReadable(client, grants, config.apiVersion);
  const missing = streams.filter((stream) => !readable.includes(stream));

  const host = new URL(config.baseUrl).host;
  if (readable.length === 0) {
    throw new ConnectorError(
      'config_error',
      `${host} accepts the token, but it has none of the event types ${titles(streams)}, so nothing can be read. Issue ` +
        `a new token with all event types ${WHERE_TO_ISSUE}.`,
    );
  }
  return [`Connected to ${host}.`, describe(readable, missing), adviseOfExpiry(config.claims, runtime.now())]
    .filter((sentence) => sentence !== undefined)
    .join(' ');
}

function describe(readable: readonly StreamDefinition[], missing: readonly StreamDefinition[]): string {
  if (missing.length === 0) return 'The token may read all three event types.';
  return (
    `The token may read ${titles(readable)}. It lacks ${titles(missing)}: deselect ` +
    `${missing.map(({ name }) => name).join(' and ')}, or issue a new token with all event types.`
  );
}

function titles(of: readonly StreamDefinition[]): string {
  return new Intl.ListFormat('en').format(of.map(({ title }) => title));
}

/** Without introspection only the endpoints themselves can tell: each is requested for one event. */
async function findReadable(
  client: EventsApiClient,
  grants: Grants,
  apiVersion: ApiVersion,
): Promise<StreamDefinition[]> {
  const refusals: ApiError[] = [];
  const candidates = streams.filter(({ feature }) => mayRead(grants, feature));
  const probes = candidates.map(async (stream) => {
    try {
      await client.probe(eventsPath(apiVersion, stream.feature), BEFORE_ALL_EVENTS_MS);
      return [stream];
    } catch (error) {
      if (!isApiError(error, 'unauthorized', 'forbidden')) throw error;
      refusals.push(error);
      return [];
    }
  });
  const readable = (await Promise.all(probes)).flat();
  // A token that every endpoint refuses does not merely lack an event type.
  const [refusal] = refusals;
  if (readable.length === 0 && refusal !== undefined) throw refusal;
  return readable;
}
