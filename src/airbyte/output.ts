import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { mayNeedRepair, repairText } from './portable-text.ts';
import type { AirbyteMessage } from './protocol.ts';

/** Python's `splitlines`, which Airbyte's test tools use, ends a line at these too; JSON.stringify leaves them raw. */
const LINE_SEPARATORS = /[\u0085\u2028\u2029]/g;

/** About the capacity of a pipe. A string of a whole page would stay in memory longer than it is needed. */
const CHARACTERS_PER_WRITE = 64 * 1024;

/** Shorter pieces of a secret occur by chance, and masking them would garble the messages. */
const SHORTEST_MASKED = 8;

/** Writes Airbyte messages to stdout, one JSON line each, with secrets masked and with back-pressure. */
export class Output {
  readonly #stream: Writable;
  readonly #signal: AbortSignal;
  #secrets: string[] = [];

  /** Once `signal` is aborted nothing more is written. */
  constructor(stream: Writable, signal: AbortSignal) {
    this.#stream = stream;
    this.#signal = signal;
  }

  /** From now on this secret and its dot-separated parts appear in no message other than records and states. */
  mask(secret: string): void {
    const parts = [secret.trim(), ...secret.split(/[\s.]+/)].filter((part) => part.length >= SHORTEST_MASKED);
    // The longest first: a part may begin with the whole of a shorter one.
    this.#secrets = [...this.#secrets, ...parts].sort((a, b) => b.length - a.length);
  }

  /** Writes without waiting: for the few messages that are not data. */
  post(message: AirbyteMessage): void {
    if (!this.#signal.aborted) this.#send(this.#toLine(message));
  }

  /** Writes the messages, waiting whenever there is no room for more. Throws if the run was aborted. */
  async write(messages: Iterable<AirbyteMessage>): Promise<void> {
    let lines = '';
    for (const message of messages) {
      lines += this.#toLine(message);
      if (lines.length < CHARACTERS_PER_WRITE) continue;
      await this.#sendAndWait(lines);
      lines = '';
    }
    if (lines !== '') await this.#sendAndWait(lines);
  }

  async #sendAndWait(lines: string): Promise<void> {
    this.#signal.throwIfAborted();
    this.#send(lines);
    if (this.#stream.writableNeedDrain) await once(this.#stream, 'drain', { signal: this.#signal });
  }

  #send(lines: string): void {
    this.#stream.write(lines.replace(LINE_SEPARATORS, toUnicodeEscape));
  }

  #toLine(message: AirbyteMessage): string {
    // Data stay as they are: a cursor that contains the (public) first part of a token would be useless if masked.
    const isData = message.type === 'RECORD' || message.type === 'STATE';
    const replacer = isData ? undefined : this.#maskValue;
    const line = JSON.stringify(message, replacer);
    return `${mayNeedRepair(line) ? JSON.stringify(repairText(message), replacer) : line}\n`;
  }

  /** A replacer for JSON.stringify. Keys belong to the protocol and are never masked. */
  readonly #maskValue = (_key: string, value: unknown): unknown =>
    typeof value === 'string' ? this.#secrets.reduce((text, secret) => text.replaceAll(secret, '****'), value) : value;
}

function toUnicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
