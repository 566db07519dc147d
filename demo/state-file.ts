import { copyFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { AirbyteMessage } from '../src/airbyte/protocol.ts';
import { DemoError } from './demo-error.ts';

/** What Airbyte keeps of a STATE message and hands to the next run. */
export type StreamState = Extract<AirbyteMessage, { type: 'STATE' }>['state'];

/** `warehouse.state.json` for `warehouse.duckdb`. */
export function stateFileOf(duckdbFile: string): string {
  return `${duckdbFile.replace(/\.duckdb$/, '')}.state.json`;
}

/** The last state of every stream, kept in a file. */
export class StateFile {
  readonly path: string;
  readonly #states: Map<string, StreamState>;

  constructor(path: string) {
    this.path = path;
    this.#states = new Map(readStates(path).map((state) => [nameOf(state), state]));
  }

  get isEmpty(): boolean {
    return this.#states.size === 0;
  }

  save(state: StreamState): void {
    this.#states.set(nameOf(state), state);
    this.#write();
  }

  copyTo(path: string): void {
    copyFileSync(this.path, path);
  }

  forget(stream: string): void {
    if (this.#states.delete(stream)) this.#write();
  }

  /** A rename is all or nothing: no crash leaves half a state behind. */
  #write(): void {
    writeFileSync(`${this.path}.new`, `${JSON.stringify([...this.#states.values()], undefined, 2)}\n`);
    renameSync(`${this.path}.new`, this.path);
  }
}

function readStates(path: string): StreamState[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new DemoError(`The saved state cannot be read: ${path}`);
  }
  try {
    const states: StreamState[] = JSON.parse(text);
    states.forEach(nameOf);
    return states;
  } catch {
    throw new DemoError(`The saved state is damaged; delete it to read everything anew: ${path}`);
  }
}

function nameOf(state: StreamState): string {
  return state.stream.stream_descriptor.name;
}
