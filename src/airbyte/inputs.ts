/**
 * The files that Airbyte names on the command line: configuration, configured catalog and saved state.
 * Test harnesses write explicit nulls and extra keys, so both are ignored wherever a field is optional.
 */
import { readFileSync } from 'node:fs';
import { ConnectorError } from './errors.ts';
import { isObject, type JsonObject } from './json.ts';
import type { ConfiguredStream, SyncMode } from './protocol.ts';

/**
 * The JSON value in the file that `flag` names. Throws a config_error if it cannot be read or is not JSON; an empty
 * file is undefined where it may be empty. The parser's own text is left out: it quotes the file, and the file may
 * hold a secret.
 */
export function readJsonFile(flag: string, path: string, options: { mayBeEmpty?: boolean } = {}): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'does not exist' : 'cannot be read';
    throw new ConnectorError('config_error', `The file given with ${flag} ${reason}: ${path}`);
  }
  if (text.trim() === '' && options.mayBeEmpty) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new ConnectorError('config_error', `The file given with ${flag} is not JSON: ${path}`);
  }
}

/** The streams of a configured catalog, without their state. Throws a config_error if it is not one. */
export function parseCatalog(catalog: unknown): Omit<ConfiguredStream, 'state'>[] {
  if (!isObject(catalog) || !Array.isArray(catalog.streams)) {
    throw invalidCatalog('it is not an object with a list of "streams"');
  }
  const names = new Set<string>();
  return catalog.streams.map((configured: unknown, index) => {
    const stream = isObject(configured) ? configured.stream : undefined;
    const name = isObject(stream) ? stream.name : undefined;
    if (!isObject(configured) || typeof name !== 'string' || name === '') {
      throw invalidCatalog(`entry ${index + 1} of "streams" names no stream`);
    }
    if (names.has(name)) throw invalidCatalog(`it lists the stream ${name} twice`);
    names.add(name);
    return { name, syncMode: parseSyncMode(name, configured.sync_mode) };
  });
}

/** The default is incremental, because it overwrites nothing. */
function parseSyncMode(stream: string, mode: unknown): SyncMode {
  if (mode === undefined || mode === null) return 'incremental';
  if (mode === 'full_refresh' || mode === 'incremental') return mode;
  throw invalidCatalog(`the sync mode of ${stream} is neither "full_refresh" nor "incremental"`);
}

/**
 * The saved state of each stream, by name, as it stands in the file. A missing file, an empty one, null, `[]` and `{}`
 * are no state. Throws a config_error for anything that is not a list of per-stream states: silently reading
 * everything again would hide the mistake.
 */
export function parseState(state: unknown): Map<string, unknown> {
  if (state === undefined || state === null) return new Map();
  if (isObject(state) && Object.keys(state).length === 0) return new Map();
  if (!Array.isArray(state))
    throw invalidState('it has a legacy or unknown form, not that of a list of per-stream states');

  const entries = state.flatMap((entry: unknown) => (isObject(entry) ? streamEntries(entry) : [entry]));
  return new Map(entries.map(parseStateEntry));
}

/** A GLOBAL state holds the states of its streams; PyAirbyte spells the key `global_`. */
function streamEntries(entry: JsonObject): unknown[] {
  const global = entry.global ?? entry.global_;
  if (!isObject(global)) return [entry.stream];
  return Array.isArray(global.stream_states) ? global.stream_states : [undefined];
}

function parseStateEntry(stream: unknown): [string, unknown] {
  const descriptor = isObject(stream) ? stream.stream_descriptor : undefined;
  const name = isObject(descriptor) ? descriptor.name : undefined;
  if (!isObject(stream) || typeof name !== 'string') throw invalidState('one of its entries names no stream');
  return [name, stream.stream_state];
}

function invalidCatalog(why: string): ConnectorError {
  return new ConnectorError(
    'config_error',
    `The configured catalog cannot be used: ${why}. Refresh the source schema of the connection.`,
  );
}

function invalidState(why: string): ConnectorError {
  return new ConnectorError(
    'config_error',
    `The saved state cannot be used: ${why}. Restore the connection's last state, or clear the state to start over.`,
  );
}
