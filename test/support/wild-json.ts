import fc from 'fast-check';

/** Names that mean something to JavaScript, to the API or to us. */
const NAMES = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'toJSON', 'then', 'length', '0', ''],
  ...['uuid', 'timestamp', 'session', 'login_time', 'additional_fields', 'action', 'location', 'actor_details'],
  ...['cursor', 'has_more', 'items', 'features', 'Features', 'account_uuid', 'read_at', 'api_version', 'start_date'],
  ...['streams', 'stream', 'name', 'sync_mode', 'stream_descriptor', 'stream_state', 'global', 'region', 'type'],
];
const CHARACTERS = ['\ud800', '\udfff', '\u0000', '\u0085', '\u2028', '\u2029', '\n', '\r', '"', '\\', '<', '\ufeff'];
const NUMBERS = ['1e999', '-1e999', '-0', '1e-400', '123456789012345678901234567890', '0.1', '9007199254740993'];

const character = fc.oneof(fc.constantFrom(...CHARACTERS), fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }));
/** Strings that are hard to carry. */
export const text = fc.oneof(
  fc.string({ unit: character, maxLength: 8 }),
  fc.constantFrom(...NAMES, '2026-10-01T00:00:00Z'),
);
const name = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...NAMES) }, { weight: 1, arbitrary: text });
const deep = fc.integer({ min: 1, max: 400 }).map((depth) => `${'[{"a":'.repeat(depth)}null${'}]'.repeat(depth)}`);

/** JSON texts, since an object could hold neither a name twice nor a number out of range. */
export const json = fc.letrec<{ value: string; object: string; list: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom('null', 'true', 'false', '{}', '[]', ...NUMBERS),
    text.map((value) => JSON.stringify(value)),
    deep,
    tie('object'),
    tie('list'),
  ),
  object: fc
    .array(fc.tuple(name, tie('value')), { maxLength: 6 })
    .map((entries) => `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`),
  list: fc.array(tie('value'), { maxLength: 4 }).map((values) => `[${values.join(',')}]`),
}));
