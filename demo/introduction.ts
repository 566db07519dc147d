import type { AirbyteMessage, AirbyteStream } from '../src/airbyte/protocol.ts';
import { runConnector } from './connector.ts';
import { DemoError } from './demo-error.ts';

/** Runs spec, check and discover, says what each of them told, and resolves to the streams. */
export async function introduce(config: string): Promise<readonly AirbyteStream[]> {
  const spec = await answerOf(['spec'], 'SPEC');
  const { properties, required = [] } = spec.spec.connectionSpecification;
  const fields = Object.entries(properties)
    .filter(([, property]) => !('airbyte_hidden' in property))
    .map(([field]) => (required.includes(field) ? `${field} (required)` : field));
  console.log(`spec      the connection form asks for ${fields.join(', ')}`);

  const check = await answerOf(['check', '--config', config], 'CONNECTION_STATUS');
  const { status, message } = check.connectionStatus;
  console.log(`check     ${status}: ${message}`);
  if (status !== 'SUCCEEDED') throw new DemoError('The connection test failed, so nothing was read.');

  const { catalog } = await answerOf(['discover', '--config', config], 'CATALOG');
  console.log(
    `discover  ${catalog.streams.map(({ name, json_schema }) => `${name} (${widthOf(json_schema)})`).join(', ')}`,
  );
  return catalog.streams;
}

type MessageOf<T extends AirbyteMessage['type']> = Extract<AirbyteMessage, { type: T }>;

/** The one message of that type. Where it is missing, the connector's own words on the failure are thrown. */
async function answerOf<T extends AirbyteMessage['type']>(argv: readonly string[], type: T): Promise<MessageOf<T>> {
  let answer: MessageOf<T> | undefined;
  const errors: string[] = [];
  const endedWell = await runConnector(argv, (message) => {
    if (message.type === type) answer = message as MessageOf<T>;
    if (message.type === 'TRACE' && message.trace.type === 'ERROR') errors.push(message.trace.error.message);
    if (message.type === 'LOG' && message.log.level === 'WARN')
      console.log(`${argv[0]}: warning: ${message.log.message}`);
  });
  if (answer !== undefined && endedWell) return answer;
  throw new DemoError(errors.join('\n') || `The connector ended without an answer to ${argv[0]}.`);
}

function widthOf(jsonSchema: object): string {
  const { properties = {} } = jsonSchema as { properties?: object };
  return `${Object.keys(properties).length} columns`;
}
