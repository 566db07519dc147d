import type { JSONSchema7 } from 'json-schema';
import auditEvents from '../schemas/audit_events.json' with { type: 'json' };
import itemUsages from '../schemas/item_usages.json' with { type: 'json' };
import signInAttempts from '../schemas/sign_in_attempts.json' with { type: 'json' };
import type { AirbyteStream } from './airbyte/protocol.ts';

/** One stream of 1Password's events. Streams differ by these data alone. */
export interface StreamDefinition {
  name: string;
  /** 1Password's name of the event type, as tokens, introspection and the paths of the API spell it. */
  feature: string;
  /** The event type as 1Password's console calls it. */
  title: string;
  jsonSchema: JSONSchema7;
}

/** The three streams, in the order in which the catalog lists them. */
export const streams: readonly StreamDefinition[] = [
  {
    name: 'audit_events',
    feature: 'auditevents',
    title: 'audit events',
    jsonSchema: auditEvents as JSONSchema7,
  },
  {
    name: 'item_usages',
    feature: 'itemusages',
    title: 'item usages',
    jsonSchema: itemUsages as JSONSchema7,
  },
  {
    name: 'sign_in_attempts',
    feature: 'signinattempts',
    title: 'sign-in attempts',
    jsonSchema: signInAttempts as JSONSchema7,
  },
];

/** The stream of that name. Throws if there is none: only streams that the source lists are ever read. */
export function findStream(name: string): StreamDefinition {
  const stream = streams.find((candidate) => candidate.name === name);
  if (stream === undefined) throw new Error(`no stream is named ${name}`);
  return stream;
}

/** A stream's entry in the catalog. The list never depends on the token: Airbyte drops a stream that a catalog omits. */
export function toAirbyteStream({ name, jsonSchema }: StreamDefinition): AirbyteStream {
  return {
    name,
    json_schema: jsonSchema,
    supported_sync_modes: ['full_refresh', 'incremental'],
    source_defined_cursor: true,
    default_cursor_field: ['timestamp'],
    source_defined_primary_key: [['uuid']],
    is_resumable: true,
  };
}
