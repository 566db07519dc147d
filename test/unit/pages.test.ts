import { expect, test } from '@jest/globals';
import { type NextStep, PageWalk, parsePage } from '../../src/events-api/pages.ts';

const PATH = '/api/v1/auditevents';
const some = [{ uuid: 'a' }];
const none: never[] = [];

/** The step after one page that came in answer to the cursor `sent`. */
function stepAfter(body: object, sent: string | undefined = 'sent'): NextStep {
  return new PageWalk(sent).step(parsePage(body, PATH));
}

test.each<[boolean | undefined, string, object[], string, string | undefined, NextStep]>([
  [false, 'some', some, 'new', 'new', 'end'],
  [false, 'some', some, 'the same', 'sent', 'end'],
  [false, 'some', some, 'no', undefined, 'end'],
  [false, 'no', none, 'new', 'new', 'end'],
  [false, 'no', none, 'the same', 'sent', 'end'],
  [false, 'no', none, 'no', undefined, 'end'],
  [true, 'some', some, 'new', 'new', 'continue'],
  [true, 'some', some, 'the same', 'sent', 'stuck'],
  [true, 'some', some, 'no', undefined, 'stuck'],
  [true, 'no', none, 'new', 'new', 'continue'],
  [true, 'no', none, 'the same', 'sent', 'end'],
  [true, 'no', none, 'no', undefined, 'end'],
  [undefined, 'some', some, 'new', 'new', 'continue'],
  [undefined, 'some', some, 'the same', 'sent', 'end'],
  [undefined, 'some', some, 'no', undefined, 'end'],
  [undefined, 'no', none, 'new', 'new', 'end'],
  [undefined, 'no', none, 'the same', 'sent', 'end'],
  [undefined, 'no', none, 'no', undefined, 'end'],
])('has_more %s with %s items and %s cursor', (hasMore, _items, items, _cursor, cursor, expected) => {
  expect(stepAfter({ has_more: hasMore, items, cursor })).toBe(expected);
});

test('every cursor is new after a reset', () => {
  const walk = new PageWalk(undefined);

  expect(walk.step({ items: some, cursor: 'a', hasMore: true })).toBe('continue');
  expect(walk.step({ items: some, cursor: 'b', hasMore: true })).toBe('continue');
  expect(walk.step({ items: some, cursor: 'b', hasMore: true })).toBe('stuck');
});

test('a thousand empty pages in a row are too many', () => {
  const walk = new PageWalk(undefined);

  const steps = Array.from({ length: 1000 }, (_, page) => walk.step({ items: [], cursor: `c${page}`, hasMore: true }));

  expect(steps).toEqual([...Array(999).fill('continue'), 'stuck']);
});

test('a page with items begins the count of empty pages anew', () => {
  const walk = new PageWalk(undefined);
  const pages = Array.from({ length: 3000 }, (_, page) => ({
    items: page % 999 === 0 ? some : none,
    cursor: `c${page}`,
    hasMore: true,
  }));

  expect(new Set(pages.map((page) => walk.step(page)))).toEqual(new Set(['continue']));
});

test.each([1, 2, 3, 7, 40])('cursors that go round in a circle of %i never loop for ever', (length) => {
  const walk = new PageWalk(undefined);

  const steps = Array.from({ length: 50 * (length + 2) }, (_, page) =>
    walk.step({ items: some, cursor: `c${page % length}`, hasMore: true }),
  );

  expect(steps).toContain('stuck');
});

test('a hundred thousand pages with a new cursor each go on', () => {
  const walk = new PageWalk(undefined);
  const steps = new Set<NextStep>();

  for (let page = 0; page < 100_000; page += 1)
    steps.add(walk.step({ items: some, cursor: `c${page}`, hasMore: true }));

  expect(steps).toEqual(new Set(['continue']));
});

test.each(['true', 1, 0, null, {}, 'false'])('has_more %j counts as missing', (hasMore) => {
  expect(parsePage({ items: some, cursor: 'c', has_more: hasMore }, PATH)).toEqual({ items: some, cursor: 'c' });
});

test.each(['', null, 7, {}, ['c']])('the cursor %j counts as none', (cursor) => {
  expect(parsePage({ items: some, cursor, has_more: true }, PATH)).toEqual({ items: some, hasMore: true });
});

test.each([null, [], {}, 'text', 7, { items: null }, { items: {} }, { items: 'none' }, { Items: [] }])(
  '%j is a body of the wrong shape',
  (body) => {
    expect(() => parsePage(body, PATH)).toThrow(
      expect.objectContaining({ kind: 'wrong_shape', detail: { path: PATH, reason: 'has no list named "items"' } }),
    );
  },
);

test.each([null, 'item', 7, true, [], [{}]])('an item that is %j makes the body one of the wrong shape', (item) => {
  expect(() => parsePage({ items: [{ uuid: 'a' }, item], cursor: 'c', has_more: false }, PATH)).toThrow(
    expect.objectContaining({ kind: 'wrong_shape' }),
  );
});
