import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { AirbyteMessage } from '../src/airbyte/protocol.ts';

/** The bundle, seen from the bundled demo. */
const CONNECTOR = join(__dirname, 'main.js');

/**
 * Runs one command of the connector as Airbyte does: a process of its own, files as arguments, messages on stdout.
 * The next message is taken when `onMessage` is done with the last one, so a slow warehouse slows the connector down.
 * Resolves to whether the connector ended well.
 */
export async function runConnector(
  argv: readonly string[],
  onMessage: (message: AirbyteMessage, line: string) => void | Promise<void>,
): Promise<boolean> {
  const child = spawn(process.execPath, [CONNECTOR, ...argv], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  try {
    for await (const line of linesOf(child.stdout)) await onMessage(JSON.parse(line), line);
  } catch (error) {
    child.kill();
    // The failure that matters is the one at hand.
    await closed.catch(() => {});
    throw error;
  }
  const [exitCode] = await closed;
  return exitCode === 0;
}

/** Not `readline`: that one ends a line at U+2028 as well. */
async function* linesOf(stream: Readable): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of stream.setEncoding('utf8') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
