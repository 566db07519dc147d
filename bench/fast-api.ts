/**
 * An Events API that does as little as it can: pages are serialised before the first request, so that what is measured
 * is the client. Runs as a process of its own, tells its parent the address and takes settings from it.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventGenerator } from '../simulator/account/event-generator.ts';
import { features } from '../simulator/options.ts';

/** What is served from now on: whole pages of a thousand events in each stream, each after a latency. */
export interface Settings {
  pages: number;
  latencyMs?: number;
}

const PAGE_SIZE = 1000;
/** Enough variety that no cache of strings or shapes flatters anyone; then they come round again. */
const DISTINCT_PAGES = 25;
const DAY_MS = 86_400_000;

let settings: Settings = { pages: 1 };

const span = [new Date(Date.now() - 100 * DAY_MS), new Date(Date.now() - DAY_MS)] as const;
const pagesOf = new Map(
  features.map((feature) => {
    const items = new EventGenerator(1, 'BENCH').generate(feature, DISTINCT_PAGES * PAGE_SIZE, ...span);
    const page = (number: number) => JSON.stringify(items.slice(number * PAGE_SIZE, (number + 1) * PAGE_SIZE));
    return [`/api/v1/${feature}`, Array.from({ length: DISTINCT_PAGES }, (_, number) => Buffer.from(page(number)))];
  }),
);
const introspection = JSON.stringify({ uuid: 'B', issued_at: '2026-01-01T00:00:00Z', features, account_uuid: 'B' });

const server = createServer(async (request, response) => {
  // A reader that is killed takes its request along: there is nobody left to answer.
  const body = await text(request).catch(() => undefined);
  if (body === undefined) return;
  await sleep(settings.latencyMs ?? 0);
  const pages = pagesOf.get(request.url ?? '');
  response.setHeader('Content-Type', 'application/json');
  if (pages === undefined) return response.end(introspection);
  const { cursor = 'PAGE0' } = JSON.parse(body) as { cursor?: string };
  const number = Number(cursor.slice('PAGE'.length));
  const items = number < settings.pages ? (pages[number % DISTINCT_PAGES] ?? '[]') : '[]';
  response.write(`{"cursor":"PAGE${number + 1}","has_more":${number + 1 < settings.pages},"items":`);
  response.write(items);
  return response.end('}');
});

process.on('message', (message: Settings) => {
  settings = message;
  process.send?.('set');
});
server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1', () => process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
