import { expect, test } from '@jest/globals';
import type { PageBody } from '../../src/events-api/cursor-endpoint.ts';
import { Paginator } from '../../src/events-api/pages.ts';

/** A page that says that more follows behind its cursor. */
function pageOf(items: PageBody['items'], cursor: string): PageBody {
  return { items, cursor, hasMore: true, mayHoldUnportableText: false };
}

/** So many pages without events, each with a new cursor; what follows from each. */
function stepsOfEmptyPages(paginator: Paginator, count: number, prefix: string): unknown[] {
  return Array.from({ length: count }, (_, index) => paginator.step(pageOf([], `${prefix}${index}`)));
}

test('the thousandth empty page in a row, each with a new cursor, is one too many', () => {
  const steps = stepsOfEmptyPages(new Paginator(undefined), 1000, 'c');

  expect(steps).toEqual([...Array(999).fill('continue'), 'stuck']);
});

test('999 empty pages in a row are followed to the events after them, and those begin the count anew', () => {
  const paginator = new Paginator(undefined);
  const before = stepsOfEmptyPages(paginator, 999, 'c');
  const between = paginator.step(pageOf([{ uuid: 'a' }], 'middle'));
  const after = stepsOfEmptyPages(paginator, 999, 'd');

  expect([...before, between, ...after]).toEqual(Array(1999).fill('continue'));
});
