import type { Fault } from './faults.ts';
import { Random } from './random.ts';

const gatewayPage = '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>';

const mixture: readonly (readonly [weight: number, fault: Fault])[] = [
  [3, { kind: 'status', status: 429 }],
  [3, { kind: 'status', status: 429, headers: { 'Retry-After': '1' } }],
  [3, { kind: 'status', status: 500 }],
  [3, { kind: 'status', status: 502, body: gatewayPage, contentType: 'text/html' }],
  [3, { kind: 'status', status: 503, headers: { 'Retry-After': '1' } }],
  [3, { kind: 'cut_connection' }],
  [3, { kind: 'cut_body' }],
  [2, { kind: 'bad_json' }],
  [2, { kind: 'slow_body', totalMs: 50 }],
  [1, { kind: 'body', value: { cursor: '', has_more: true } }],
  [1, { kind: 'body', value: [] }],
];

/** A seeded mixture of everything that passes by itself, plus wrong shapes, for use with a probability. */
export function stormFaults(seed = 1): () => Fault {
  // Salted: with the generator of the rules, which fault it is would depend on whether there is one.
  const random = new Random(seed ^ 0x51071);
  return () => random.weighted(mixture);
}
