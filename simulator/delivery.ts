import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from './answers.ts';
import type { Fault } from './faults.ts';

const SLICES = 10;

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

async function trickle(response: ServerResponse, body: Buffer, totalMs: number, signal: AbortSignal): Promise<void> {
  const size = Math.ceil(body.length / SLICES);
  for (let slice = 0; slice < SLICES; slice += 1) {
    await sleep(totalMs / SLICES, undefined, { signal });
    response.write(body.subarray(slice * size, (slice + 1) * size));
  }
  response.end();
}
