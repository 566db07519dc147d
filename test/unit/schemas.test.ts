import { expect, test } from '@jest/globals';
import { Ajv, type SchemaObject } from 'ajv';
import type { JSONSchema7 } from 'json-schema';
import specification from '../../schemas/spec.json' with { type: 'json' };
import { SimulatedAccount } from '../../simulator/account/simulated-account.ts';
import { exampleItems } from '../../simulator/example-items.ts';
import type { ApiItem, Feature } from '../../simulator/options.ts';
import { Simulator } from '../../simulator/server.ts';
import { RecordMapper } from '../../src/records.ts';
import { type StreamDefinition, streams } from '../../src/streams.ts';

const USER = ['uuid', 'name', 'email'];
const USER_V2 = [...USER, 'user_type', 'user_account_uuid'];
const LOCATION = ['country', 'region', 'city', 'latitude', 'longitude'];
const CLIENT = ['app_name', 'app_version', 'platform_name', 'platform_version', 'os_name', 'os_version', 'ip_address'];

const inside = (parent: string, fields: readonly string[]) => [parent, ...fields.map((field) => `${parent}.${field}`)];

/** Every field that 1Password documents or sends, of either version, and the one that is ours. */
const documented: Record<string, string[]> = {
  audit_events: [
    ...['uuid', 'timestamp', 'actor_uuid', 'action', 'object_type', 'object_uuid', 'aux_id', 'aux_uuid', 'aux_info'],
    ...['actor_type', 'actor_account_uuid', 'account_uuid', 'additional_fields'],
    ...inside('actor_details', USER_V2),
    ...inside('object_details', USER),
    ...inside('aux_details', USER),
    ...inside('session', ['uuid', 'login_time', 'device_uuid', 'ip']),
    ...inside('location', LOCATION),
  ],
  item_usages: [
    ...['uuid', 'timestamp', 'used_version', 'vault_uuid', 'item_uuid', 'action', 'account_uuid', 'additional_fields'],
    ...inside('user', USER_V2),
    ...inside('client', CLIENT),
    ...inside('location', LOCATION),
  ],
  sign_in_attempts: [
    ...['uuid', 'timestamp', 'session_uuid', 'category', 'type', 'country', 'account_uuid', 'additional_fields'],
    ...inside('details', ['value']),
    ...inside('target_user', [...USER_V2, 'type']),
    ...inside('client', CLIENT),
    ...inside('location', LOCATION),
  ],
};

const INTEGERS = ['aux_id', 'used_version'];
const NUMBERS = ['location.latitude', 'location.longitude'];
const DATE_TIMES = ['timestamp', 'session.login_time'];

/** What Airbyte's tools or destinations cannot read. */
const FORBIDDEN = [
  ...['$ref', '$defs', 'definitions', 'allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else', 'enum', 'const'],
  ...['required', 'patternProperties', 'prefixItems', 'dependencies', 'dependentSchemas', 'pattern'],
];

/** Every property of a schema by its dotted path. */
function propertiesOf(schema: JSONSchema7, prefix = ''): [string, JSONSchema7][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => [
    [`${prefix}${name}`, property as JSONSchema7] as [string, JSONSchema7],
    ...propertiesOf(property as JSONSchema7, `${prefix}${name}.`),
  ]);
}

function typeOf(path: string, schema: JSONSchema7): unknown {
  if (path === 'uuid') return 'string';
  if (INTEGERS.includes(path)) return ['null', 'integer'];
  if (NUMBERS.includes(path)) return ['null', 'number'];
  return ['null', schema.properties === undefined && path !== 'additional_fields' ? 'string' : 'object'];
}

/** The records of these items, and whether they keep to the schema. */
function mapAll(stream: StreamDefinition, items: readonly ApiItem[]) {
  const warnings: string[] = [];
  const mapper = new RecordMapper(stream, (message) => warnings.push(message));
  const validate = new Ajv({ validateFormats: false, strict: false }).compile(stream.jsonSchema as SchemaObject);
  const records = structuredClone(items).map((item) => mapper.map(item as ApiItem));
  const invalid = records.filter(({ data }) => !validate(data));
  return { records, invalid, warnings };
}

test.each(streams)('$name declares every documented field and no other', ({ name, jsonSchema }) => {
  const paths = propertiesOf(jsonSchema).map(([path]) => path);

  expect(paths.toSorted()).toEqual(documented[name]?.toSorted());
});

test.each(streams)('$name describes itself and every field in a sentence', ({ jsonSchema }) => {
  const descriptions = [['', jsonSchema] as const, ...propertiesOf(jsonSchema)].map(([path, { description }]) => [
    path,
    description,
  ]);

  expect(descriptions.filter(([, description]) => !/^[A-Z].{3,}\.$/s.test(description ?? ''))).toEqual([]);
});

test.each(streams)('$name gives every field its type, and lets all but the key be null', ({ jsonSchema }) => {
  const types = propertiesOf(jsonSchema).map(([path, { type }]) => [path, type]);

  expect(types).toEqual(propertiesOf(jsonSchema).map(([path, schema]) => [path, typeOf(path, schema)]));
});

test.each(streams)('$name marks date-times, and only those, as timestamps with a time zone', ({ jsonSchema }) => {
  const formatted = propertiesOf(jsonSchema)
    .filter(([, schema]) => 'format' in schema || 'airbyte_type' in schema)
    .map(([path, schema]) => [path, schema.format, (schema as { airbyte_type?: string }).airbyte_type]);
  const dateTimes = propertiesOf(jsonSchema).filter(([path]) => DATE_TIMES.includes(path));

  expect(formatted).toEqual(dateTimes.map(([path]) => [path, 'date-time', 'timestamp_with_timezone']));
});

test.each(streams)('$name uses no keyword that Airbyte cannot read, and closes no object', ({ jsonSchema }) => {
  const schemas = [jsonSchema, ...propertiesOf(jsonSchema).map(([, schema]) => schema)];
  const keywords = schemas.flatMap((schema) => Object.keys(schema));
  const objects = schemas.filter(({ type }) => [type].flat().includes('object'));

  expect(keywords.filter((keyword) => FORBIDDEN.includes(keyword))).toEqual([]);
  expect(jsonSchema).toMatchObject({ $schema: 'http://json-schema.org/draft-07/schema#', type: 'object' });
  expect(objects.map(({ additionalProperties }) => additionalProperties)).toEqual(objects.map(() => true));
});

test.each(streams)('the documented examples of $feature keep to the schema, and leave nothing over', (stream) => {
  const { records, invalid, warnings } = mapAll(stream, exampleItems[stream.feature as Feature]);

  expect(invalid).toEqual([]);
  expect(warnings).toEqual([]);
  expect(records.filter(({ data, changes }) => 'additional_fields' in data || changes !== undefined)).toEqual([]);
});

test.each(streams)('a realistic history of $feature keeps to the schema, and leaves nothing over', async (stream) => {
  const api = await Simulator.start();
  new SimulatedAccount(api).generate({ [stream.feature]: 2000 });
  const history = api.served(stream.feature as Feature, 'v2');
  await api.stop();

  const { records, invalid, warnings } = mapAll(stream, history);

  expect(records).toHaveLength(2000);
  expect(invalid).toEqual([]);
  expect(warnings).toEqual([]);
});

test('the specification asks for the token alone, hides it, and orders its fields', () => {
  const { connectionSpecification: form } = specification;
  const fields = Object.entries(form.properties);

  expect(form.required).toEqual(['api_token']);
  expect(form.additionalProperties).toBe(true);
  expect(fields.map(([name, { type, order }]) => [name, type, order])).toEqual([
    ['api_token', 'string', 0],
    ['region', 'string', 1],
    ['start_date', 'string', 2],
    ['api_version', 'string', 3],
    ['requests_per_minute', 'integer', 4],
    ['base_url', 'string', 5],
  ]);
  expect(fields.filter(([, property]) => 'airbyte_secret' in property).map(([name]) => name)).toEqual(['api_token']);
  expect(fields.filter(([, property]) => 'airbyte_hidden' in property).map(([name]) => name)).toEqual(['base_url']);
  expect(fields.filter(([, { title, description }]) => title === '' || !description.endsWith('.'))).toEqual([]);
});
