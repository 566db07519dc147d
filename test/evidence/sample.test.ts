import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { Sample } from '../../evidence/write/sample.ts';

const KEYS = Array.from({ length: 5_000 }, (_, number) => `event-${number}`);

function drawn(keys: readonly string[], seed: string): unknown[] {
  const sample = new Sample(25, seed);
  for (const key of keys) sample.offer([key], [key]);
  return sample.rows().map(([key]) => key);
}

test('draws the rows with the least MD5 of key and seed, in whatever order they come', () => {
  const byHash = KEYS.map((key) => ({ key, hash: createHash('md5').update(`${key}|2026-Q3`).digest('hex') }));
  const expected = byHash.sort((a, b) => (a.hash < b.hash ? -1 : 1)).slice(0, 25);

  expect(drawn(KEYS, '2026-Q3')).toEqual(expected.map(({ key }) => key));
  expect(drawn([...KEYS].reverse(), '2026-Q3')).toEqual(expected.map(({ key }) => key));
});

test('draws others by another seed, and all where there are few', () => {
  expect(drawn(KEYS, '2026-Q4')).not.toEqual(drawn(KEYS, '2026-Q3'));
  expect(drawn(KEYS.slice(0, 3), '2026-Q3').sort()).toEqual(['event-0', 'event-1', 'event-2']);
});
