import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parseHTML } from 'linkedom/worker';
import { page } from '../../evidence/page/page.ts';
import { manifestHash, verify } from '../../evidence/write/manifest.ts';
import { writeReport } from '../../evidence/write/report.ts';
import manifest from '../../package.json' with { type: 'json' };
import { environmentAt, filesOf, readCsv, readText, recount, reportOf, temporaryFolder } from './folder.ts';
import { access, control, finding, readingsOf, signIn, wholeMarts } from './marts.ts';

test('writes a page, a CSV for each population, samples and a manifest', async () => {
  const folder = await reportOf(wholeMarts());

  expect(filesOf(folder)).toEqual([
    'manifest.json',
    'populations/access-gained-and-lost.csv',
    'populations/administrative-changes.csv',
    'populations/baselines.csv',
    'populations/controls.csv',
    'populations/daily-coverage.csv',
    'populations/data-coverage.csv',
    'populations/findings.csv',
    'populations/item-access.csv',
    'populations/joiners-and-leavers.csv',
    'populations/log-confirmation.csv',
    'populations/reconciliation.csv',
    'populations/sign-ins.csv',
    'populations/team-members.csv',
    'populations/unclassified-events.csv',
    'populations/vault-access.csv',
    'report.html',
    'samples/administrative-changes.csv',
    'samples/findings.csv',
    'samples/item-access.csv',
    'samples/sign-ins.csv',
    'samples/team-members.csv',
    'samples/vault-access.csv',
  ]);
});

test('writes the same bytes from the same marts, save the time of writing in the manifest', async () => {
  const [first, second] = [
    await reportOf(wholeMarts(), new Date('2026-10-08T06:00:00Z')),
    await reportOf(wholeMarts(), new Date('2026-10-09T07:00:00Z')),
  ];

  const differing = filesOf(first).filter((path) => readText(first, path) !== readText(second, path));
  expect(differing).toEqual(['manifest.json']);
  const withoutTime = (folder: string): object => ({
    ...JSON.parse(readText(folder, 'manifest.json')),
    written_at: '',
  });
  expect(withoutTime(first)).toEqual(withoutTime(second));
});

test('shows no figure that its CSV does not give again', async () => {
  const people = Array.from({ length: 30 }, (_, number) =>
    access({ user_uuid: `user-${number % 20}`, vault_uuid: `vault-${number % 7}` }),
  );
  const attempts = Array.from({ length: 40 }, (_, number) =>
    signIn({ event_uuid: `e${number}`, outcome: number % 3 ? 'success' : 'failure' }),
  );
  const folder = await reportOf(
    wholeMarts({
      controls: [control({ population: people.length, exceptions: 1 })],
      'population vault access': people,
      'population sign-ins': attempts,
      findings: [finding(), finding({ rule: 'unknown_app', severity: 'low' })],
    }),
  );
  const { document } = parseHTML(readText(folder, 'report.html'));

  const figures = [...document.querySelectorAll('data.figure')].map((element) => ({
    title: element.getAttribute('title'),
    shown: Number(element.textContent?.replaceAll(',', '')),
    counted: recount(
      folder,
      (element as unknown as { dataset: Record<'csv' | 'where' | 'distinct' | 'sum', string> }).dataset,
    ),
  }));

  expect(figures.length).toBeGreaterThan(40);
  expect(figures.filter(({ shown, counted }) => shown !== counted)).toEqual([]);
});

test('lists every file with its hash, its rows and its SQL in the manifest, and the period, the versions and the variables', async () => {
  const folder = await reportOf(wholeMarts());

  const { files, ...facts } = JSON.parse(readText(folder, 'manifest.json'));

  expect(files.map(({ path }: { path: string }) => path)).toEqual(
    filesOf(folder).filter((path) => path !== 'manifest.json'),
  );
  expect(files.find(({ path }: { path: string }) => path === 'populations/findings.csv')).toEqual({
    path: 'populations/findings.csv',
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    bytes: readFileSync(join(folder, 'populations/findings.csv')).length,
    rows: 1,
    sql: 'select * from findings',
  });
  expect(facts).toEqual({
    written_at: '2026-10-08T06:00:00.000Z',
    period: { from: '2026-07-01T00:00:00.000000Z', to: '2026-10-01T00:00:00.000000Z' },
    as_of: '2026-10-08T00:00:00.000000Z',
    account_uuid: '6TRLV4ZKHNDB7QWJX2CYOE5AGM',
    baseline_as_of: '2026-06-29T08:00:00.000000Z',
    log_start: '2026-03-31T03:10:20.000000Z',
    versions: {
      package: '0.1.0',
      connector: manifest.version,
      dbt: '1.11.16',
      adapter: 'duckdb 1.11.1',
    },
    variables: wholeMarts().about.variables,
    sample: { seed: '2026-Q3', rows: 25, order: expect.stringContaining('md5') },
  });
});

test('notices a byte changed in any file, a file that is missing and one that was added', async () => {
  const folder = await reportOf(wholeMarts());
  const paths = filesOf(folder).filter((path) => path !== 'manifest.json');
  expect(await verify(folder)).toEqual([]);

  for (const path of paths) {
    const before = readFileSync(join(folder, path));
    appendFileSync(join(folder, path), ' ');
    expect(await verify(folder)).toEqual([`changed: ${path}`]);
    writeFileSync(join(folder, path), before);
  }
  rmSync(join(folder, 'samples/findings.csv'));
  mkdirSync(join(folder, 'populations/more'));
  writeFileSync(join(folder, 'populations/more/added.csv'), '');

  expect(await verify(folder)).toEqual(['added: populations/more/added.csv', 'missing: samples/findings.csv']);
});

test('gives the manifest a hash of its own, by which a change of the manifest is noticed', async () => {
  const folder = await reportOf(wholeMarts());
  const before = await manifestHash(folder);

  appendFileSync(join(folder, 'manifest.json'), ' ');

  expect(await manifestHash(folder)).not.toBe(before);
});

test('never overwrites a report', async () => {
  const folder = await reportOf(wholeMarts());

  const again = writeReport(readingsOf(wholeMarts()), folder, environmentAt());

  await expect(again).rejects.toThrow(
    `${folder} is not empty. A report is never overwritten: give another folder with --out.`,
  );
});

test('leaves nothing behind when reading fails half-way', async () => {
  const folder = await reportOf(wholeMarts());
  rmSync(folder, { recursive: true });
  async function* broken() {
    yield* readingsOf(wholeMarts());
    throw new Error('the warehouse went away');
  }

  const written = writeReport(broken(), folder, environmentAt());

  await expect(written).rejects.toThrow('the warehouse went away');
  expect(filesOf(join(folder, '..'))).toEqual([]);
});

test('draws a sample of 25 with empty columns for the reviewer', async () => {
  const findings = Array.from({ length: 300 }, (_, number) => finding({ finding_id: `finding-${number}` }));

  const folder = await reportOf(wholeMarts({ findings }));

  const sample = readCsv(folder, 'samples/findings.csv');
  expect(sample).toHaveLength(25);
  expect(Object.keys(sample[0] ?? {}).slice(-3)).toEqual(['reviewer', 'date', 'decision']);
  expect(sample.every(({ reviewer, date, decision }) => `${reviewer}${date}${decision}` === '')).toBe(true);
});

test('a folder that cannot be written is said in a sentence, and nothing is left', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'file'), '');

  const written = writeReport(readingsOf(wholeMarts()), join(folder, 'file', 'report'), environmentAt());

  await expect(written).rejects.toThrow('could not be written: a part of the path is a file');
  expect(filesOf(folder)).toEqual(['file']);
});

test('a CSV begins with the mark that tells a spreadsheet its encoding, and the manifest hashes it too', async () => {
  const folder = await reportOf(wholeMarts());

  const bytes = readFileSync(join(folder, 'populations/findings.csv'));

  expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  const { files } = JSON.parse(readText(folder, 'manifest.json')) as { files: { path: string; sha256: string }[] };
  const { sha256 } = files.find(({ path }) => path === 'populations/findings.csv') ?? {};
  expect(sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
});

test('warns beside every link to a list of more rows than a spreadsheet holds, and beside no other', async () => {
  const out = join(temporaryFolder(), 'report');
  const evidence = await writeReport(readingsOf(wholeMarts()), out, environmentAt());
  const linksOf = (rows: number): (string | undefined)[] => {
    const files = evidence.files.map((file) => ({ ...file, rows }));
    const links = [...parseHTML(page({ ...evidence, files })).document.querySelectorAll('a[href$=".csv"]')];
    return links.map((link) => link.nextElementSibling?.textContent ?? undefined);
  };
  const warning = '(more rows than the 1,048,576 that a spreadsheet holds: open it in a database)';

  expect(new Set(linksOf(1_048_576))).toEqual(new Set([warning]));
  expect(linksOf(1_048_575)).not.toContain(warning);
});
