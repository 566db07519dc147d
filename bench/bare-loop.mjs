// The least that any reader of this API must do: fetch, parse, stringify as RECORD lines, escape what Python takes for
// the end of a line, and write with back-pressure. Nothing is checked, retried, counted or read ahead.
import { once } from 'node:events';

const [baseUrl, ...streams] = process.argv.slice(2);
const toEscape = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

async function readStream(stream) {
  let body = { limit: 1000, start_time: '2026-01-01T00:00:00Z' };
  for (let hasMore = true; hasMore; ) {
    const request = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
    const { items, cursor, has_more } = await (await fetch(`${baseUrl}/api/v1/${stream}`, request)).json();
    const emitted_at = Date.now();
    let chunk = '';
    for (const data of items) chunk += `${JSON.stringify({ type: 'RECORD', record: { stream, data, emitted_at } })}\n`;
    if (!process.stdout.write(chunk.replace(/[\u0085\u2028\u2029]/g, toEscape))) await once(process.stdout, 'drain');
    body = { cursor };
    hasMore = has_more;
  }
}

await Promise.all(streams.map(readStream));
