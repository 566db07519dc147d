/**
 * An Events API that does as little as it can: pages are serialised before the first request, so that what is measured
 * is the client. Runs as a process of its own and tells its parent the address, and on request what it has counted.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventGenerator } from '../test/simulator/events.ts';
import { type Feature, features } from '../test/simulator/options.ts';

const PAGE_SIZE = 1000;
/** Enough variety that no cache of strings or shapes flatters anyone; then they come round again. */
const DISTINCT_PAGES = 25;
const DAY_MS = 86_400_000;

/** What the parent may ask for between two measurements. */
export interface FastApiSettings {
  /** Whole pages of a thousand events in each stream. */
  pages: number;
  latencyMs: number;
}

/** What the server has seen since it was set last. */
export interface FastApiCounts {
  requests: number;
  /** The most requests that were being answered at one time. */
  mostAtOnce: number;
}

let settings: FastApiSettings = { pages: 1, latencyMs: 0 };
let counts: FastApiCounts = { requests: 0, mostAtOnce: 0 };
let inFlight = 0;

const pagesOf = new Map(features.map((feature) => [`/api/v1/${feature}`, serialisePages(feature)]));
const introspection = Buffer.from(
  JSON.stringify({ uuid: 'bench', issued_at: '2026-01-01T00:00:00Z', features, account_uuid: 'bench' }),
);

function serialisePages(feature: Feature): Buffer[] {
  const now = Date.now();
  const items = new EventGenerator(1, 'BENCH').generate(
    feature,
    DISTINCT_PAGES * PAGE_SIZE,
    new Date(now - 100 * DAY_MS),
    new Date(now - DAY_MS),
  );
  return Array.from({ length: DISTINCT_PAGES }, (_, page) =>
    Buffer.from(JSON.stringify(items.slice(page * PAGE_SIZE, (page + 1) * PAGE_SIZE))),
  );
}

const server = createServer(async (request, response) => {
  counts.requests += 1;
  inFlight += 1;
  counts.mostAtOnce = Math.max(counts.mostAtOnce, inFlight);
  let text = '';
  try {
    for await (const chunk of request) text += chunk;
  } catch {
    // A reader that is killed at half time takes its request along: there is nobody left to answer.
    inFlight -= 1;
    return;
  }
  if (settings.latencyMs > 0) await sleep(settings.latencyMs);
  inFlight -= 1;
  answer(request.url ?? '', text, response);
});

function answer(path: string, text: string, response: ServerResponse): void {
  const pages = pagesOf.get(path);
  if (pages === undefined) {
    send(response, [introspection]);
    return;
  }
  const { cursor } = JSON.parse(text) as { cursor?: string };
  const place = cursor === undefined ? 0 : Number(cursor.slice('PAGE'.length));
  const next = `{"cursor":"PAGE${String(place + 1).padStart(24, '0')}","has_more":${place + 1 < settings.pages},"items":`;
  const items = place < settings.pages ? (pages[place % DISTINCT_PAGES] ?? Buffer.from('[]')) : Buffer.from('[]');
  send(response, [Buffer.from(next), items, Buffer.from('}')]);
}

function send(response: ServerResponse, parts: Buffer[]): void {
  const length = parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': length });
  for (const part of parts) response.write(part);
  response.end();
}

process.on('message', (message: FastApiSettings | 'counts') => {
  if (message === 'counts') {
    process.send?.(counts);
    return;
  }
  settings = message;
  counts = { requests: 0, mostAtOnce: 0 };
  process.send?.('set');
});

server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1', () => process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
