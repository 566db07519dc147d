import { expect, test } from '@jest/globals';
import { parseHTML } from 'linkedom/worker';
import type { Row } from '../../evidence/marts.ts';
import { readCsv, readText, reportOf } from './folder.ts';
import { hostileMarts } from './hostile-marts.ts';
import { access, control, finding, signIn, wholeMarts } from './marts.ts';

test('takes every name for text, whatever it holds', async () => {
  const page = readText(await reportOf(hostileMarts()), 'report.html');
  const { document } = parseHTML(page);

  expect([...document.querySelectorAll('script')]).toHaveLength(1);
  expect([...document.querySelectorAll('style')]).toHaveLength(1);
  expect([...document.querySelectorAll('img')]).toHaveLength(0);
  expect(page.includes('<script>document.title')).toBe(false);
  expect(page.includes('&lt;script&gt;document.title = &quot;taken&quot;&lt;/script&gt;')).toBe(true);
});

test('keeps a name of 10,000 characters whole in the CSV and short on the page', async () => {
  const folder = await reportOf(hostileMarts());

  expect(readCsv(folder, 'populations/vault-access.csv').map(({ vault_name }) => vault_name)).toContain(
    'x'.repeat(10_000),
  );
  expect(readText(folder, 'report.html').includes('x'.repeat(200))).toBe(false);
});

test('lets no cell of a CSV begin as a formula', async () => {
  const folder = await reportOf(hostileMarts());

  const [cell] = readCsv(folder, 'populations/vault-access.csv').filter(({ vault_uuid }) => vault_uuid === 'vault-6');

  expect(cell?.['vault_name']).toBe('\'=HYPERLINK("http://example.com";"click")');
});

test('stays below 3 MB with 100,000 findings, says how many it shows, and has all in the CSV', async () => {
  const number = 100_000;
  const findings = Array.from({ length: number }, (_, n) =>
    finding({ finding_id: `finding-${n}`, sentence: `A sentence of an ordinary length, number ${n}` }),
  );

  const folder = await reportOf(wholeMarts({ controls: [control({ exceptions: number })], findings }));

  const page = readText(folder, 'report.html');
  expect(page.length).toBeLessThan(3_000_000);
  expect(page.includes('The first 500 of 100,000 rows')).toBe(true);
  expect(readCsv(folder, 'populations/findings.csv')).toHaveLength(number);
});

test.each([
  ['no event', 0],
  ['one event', 1],
])('is a readable page with %s', async (_, count) => {
  const some = (rows: Row[]): Row[] => rows.slice(0, count);
  const folder = await reportOf(
    wholeMarts({
      'daily coverage': [],
      'access gained and lost': [],
      'joiners and leavers': [],
      findings: [],
      reconciliation: [],
      'population vault access': [],
      'population team members': [],
      'population item access': [],
      'population administrative changes': [],
      'population sign-ins': some([signIn({ country: null, stage: null, outcome: 'unknown' })]),
    }),
  );

  const { document } = parseHTML(readText(folder, 'report.html'));

  expect([...document.querySelectorAll('section')].map(({ id }) => id)).toEqual([
    ...[
      'summary',
      'controls',
      'coverage',
      'lists',
      'access',
      'people',
      'changes',
      'items',
      'sign-ins',
      'findings',
      'limits',
      'files',
    ],
  ]);
  expect(document.querySelector('main')?.textContent?.match(/.{20}(?:NaN|undefined|Infinity).{20}/g) ?? []).toEqual([]);
});

test('names nobody who has neither a name nor an e-mail, and shows the identifier', async () => {
  const nameless = access({ user_name: null, user_email: null, vault_name: null });
  const { document } = parseHTML(
    readText(await reportOf(wholeMarts({ 'population vault access': [nameless] })), 'report.html'),
  );

  expect(document.querySelector('#access tbody')?.textContent).toContain('M7QZ2TXKNHJ5VRWYD4LBCGE3AU');
});
