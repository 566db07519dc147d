import { type ServerResponse, STATUS_CODES } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AlterablePage, Fault } from './faults.ts';
import type { Settings } from './options.ts';

const JSON_TYPE = 'application/json; charset=utf-8';
const SLICES = 10;
const HTML_TYPE = 'text/html; charset=utf-8';

/** A page of events; each event is a JSON text already. */
export interface Page {
  /** Undefined for a page without one. */
  readonly cursor: string | undefined;
  readonly hasMore: boolean;
  readonly items: readonly string[];
}

/** What goes back over the wire. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The events of a page. */
  readonly items?: readonly unknown[];
}

/** Faults that change what is said, not how it travels. */
export type ContentFault = Extract<
  Fault,
  { kind: 'status' | 'bad_json' | 'html' | 'body' | 'raw' | 'alter' | 'redirect' }
>;

/** A JSON answer with status 200. */
export function jsonAnswer(value: unknown): Answer {
  return { status: 200, headers: { 'Content-Type': JSON_TYPE }, body: JSON.stringify(value) };
}

/** A page of events with status 200. */
export function pageAnswer({ cursor, hasMore, items }: Page): Answer {
  const body = `{${cursor === undefined ? '' : `"cursor":${JSON.stringify(cursor)},`}"has_more":${hasMore},"items":[${items.join(',')}]}`;
  return { status: 200, headers: { 'Content-Type': JSON_TYPE }, body, items };
}

/** An error in the body shape that the options ask for. */
export function errorAnswer(status: number, { errorBody }: Settings, headers: Record<string, string> = {}): Answer {
  const message = STATUS_CODES[status] ?? 'Error';
  if (errorBody === 'text' || errorBody === 'none') {
    return { status, headers: { 'Content-Type': 'text/plain', ...headers }, body: errorBody === 'text' ? message : '' };
  }
  const body = errorBody === 'original' ? { Error: { Message: message } } : { status, message };
  return { status, headers: { 'Content-Type': JSON_TYPE, ...headers }, body: JSON.stringify(body) };
}

/** The answer with the fault in it. */
export function spoil(answer: Answer, fault: ContentFault, settings: Settings): Answer {
  switch (fault.kind) {
    case 'status': {
      const plain = errorAnswer(fault.status, settings, fault.headers);
      if (fault.body === undefined && fault.contentType === undefined) return plain;
      const headers = { ...plain.headers, 'Content-Type': fault.contentType ?? JSON_TYPE };
      return { status: fault.status, headers, body: fault.body ?? plain.body };
    }
    case 'redirect':
      return { status: fault.status ?? 302, headers: { Location: fault.location }, body: '' };
    case 'html':
      return { status: 200, headers: { 'Content-Type': HTML_TYPE }, body: '<!doctype html><title>Sign in</title>' };
    case 'raw':
      return { status: 200, headers: { 'Content-Type': fault.contentType ?? JSON_TYPE }, body: fault.body };
    case 'body':
      return jsonAnswer(fault.value);
    case 'bad_json':
      return { ...answer, body: answer.body.slice(0, Math.ceil(answer.body.length / 2)) };
    case 'alter':
      return altered(fault.alter(JSON.parse(answer.body) as AlterablePage));
  }
}

/** Faults of the way, not of the answer. */
export type DeliveryFault = Extract<Fault, { kind: 'cut_connection' | 'cut_body' | 'slow_body' | 'stall' | 'delay' }>;

/** Sends the answer, or what the fault leaves of it. Ends early when the client has gone. */
export async function deliver(
  response: ServerResponse,
  answer: Answer,
  fault: DeliveryFault | undefined,
  signal: AbortSignal,
): Promise<void> {
  const body = Buffer.from(answer.body);
  if (fault?.kind === 'stall') return;
  if (fault?.kind === 'cut_connection') {
    // Not `response.destroy()`: a response that still waits for the one before it has no socket to close.
    response.req.socket.destroy();
    return;
  }
  if (fault?.kind === 'delay') await sleep(fault.ms, undefined, { signal });

  response.writeHead(answer.status, { ...answer.headers, 'Content-Length': body.length });
  if (fault?.kind === 'cut_body') {
    // Destroyed only once the half has left, or the client would see no answer at all.
    response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
    return;
  }
  if (fault?.kind === 'slow_body') await trickle(response, body, fault.totalMs, signal);
  else response.end(body);
}

function altered(value: unknown): Answer {
  const items = (value as Partial<AlterablePage> | null | undefined)?.items;
  return { ...jsonAnswer(value), ...(Array.isArray(items) && { items }) };
}

async function trickle(response: ServerResponse, body: Buffer, totalMs: number, signal: AbortSignal): Promise<void> {
  const size = Math.ceil(body.length / SLICES);
  for (let slice = 0; slice < SLICES; slice += 1) {
    await sleep(totalMs / SLICES, undefined, { signal });
    response.write(body.subarray(slice * size, (slice + 1) * size));
  }
  response.end();
}
