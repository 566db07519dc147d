import { expect, test } from '@jest/globals';
import { parseHTML } from 'linkedom/worker';
import { readText, reportOf } from './folder.ts';
import { control, coverage, type Marts, unclassified, wholeMarts } from './marts.ts';

/** What the first screen says before anything else. */
async function noticesOf(marts: Marts): Promise<string[]> {
  const { document } = parseHTML(readText(await reportOf(marts), 'report.html'));
  return [...document.querySelectorAll('#summary .notice li')].map((element) => element.textContent?.trim() ?? '');
}

test('says nothing of limits where there are none', async () => {
  expect(await noticesOf(wholeMarts())).toEqual([]);
});

test.each([
  ['not connected', 'The item usages are not connected.'],
  ['empty', 'The item usages are empty.'],
  ['stale', 'The item usages are stale.'],
  ['gap', 'The item usages are interrupted.'],
  ['quiet', 'The item usages are quiet.'],
])('says on the first screen that a stream is %s', async (verdict, sentence) => {
  const streams = [
    coverage('audit_events'),
    coverage('item_usages', { verdict, reason: 'Why.' }),
    coverage('sign_in_attempts'),
  ];

  expect(await noticesOf(wholeMarts({ 'data coverage': streams }))).toEqual([`${sentence} Why.`]);
});

test('says on the first screen that without a baseline the access shown is not everybody’s', async () => {
  const [notice, ...others] = await noticesOf(
    wholeMarts({}, { baseline_as_of: null, access_covered_from: null, members_covered_from: null }),
  );

  expect(notice).toContain('The access shown is access whose change was seen, not everybody’s.');
  expect(others).toEqual([]);
});

test('says on the first screen that a baseline does not reach', async () => {
  const [notice] = await noticesOf(wholeMarts({}, { access_covered_from: null }));

  expect(notice).toContain('The baseline of 29 June 2026 lacks one of its three lists');
});

test('says on the first screen which names were not supplied', async () => {
  const variables = { onepassword_inputs: { item_names: 'i' } };

  const [notice] = await noticesOf(wholeMarts({}, { variables }));

  expect(notice).toBe(
    'No names were supplied for vaults, groups. Events carry identifiers alone, so these are shown (inputs vault_names, group_names).',
  );
});

test('says on the first screen that the log begins after the period, and that the period is not over or not settled', async () => {
  const late = [coverage('audit_events', { first_event_at: '2026-07-20T10:00:00.000000Z' })];

  expect(await noticesOf(wholeMarts({ 'data coverage': late }))).toEqual([
    'The log starts after the start of the period: audit events on 20 July 2026. Nothing is known of the days before.',
  ]);
  expect(await noticesOf(wholeMarts({}, { as_of: '2026-09-15T00:00:00.000000Z' }))).toEqual([
    'The period is not over. It ends after 15 September 2026, the time of this evidence.',
  ]);
  expect(await noticesOf(wholeMarts({}, { as_of: '2026-10-02T00:00:00.000000Z' }))).toEqual([
    'The period is not settled. Its last days are so recent that events of them may still arrive.',
  ]);
});

test('says on the first screen which rules could not be applied, and how many events nobody can place or read', async () => {
  const marts = wholeMarts({
    controls: [control({ unjudged_rules: 'joined_privileged_group, leaver_cut_off_late' })],
    'data coverage': [coverage('audit_events', { undated_rows: 2 })],
    'unclassified events': [unclassified()],
  });

  expect(await noticesOf(marts)).toEqual([
    '2 rules could not be applied to the whole period, because an input, days on record or an earlier baseline is missing: joined privileged group, leaver cut off late.',
    '2 events have no time. They are on record, but in none of the lists, because they cannot be placed in the period.',
    'The meaning of 3 events is not known to the package. They are counted in the last but one section, and no rule is applied to them.',
  ]);
});

test('says on the first screen that the period has no events', async () => {
  const marts = wholeMarts({
    'population administrative changes': [],
    'population item access': [],
    'population sign-ins': [],
  });

  expect((await noticesOf(marts)).at(-1)).toContain('The period has no events.');
});

test('counts the controls that are not proven, and says why beside each', async () => {
  const reason = 'The stream is not among onepassword_streams, so nothing can be said of its events.';
  const { document } = parseHTML(
    readText(
      await reportOf(wholeMarts({ controls: [control({ verdict: 'not proven', coverage: reason })] })),
      'report.html',
    ),
  );

  expect(
    [...document.querySelectorAll('.verdicts li')].map((element) => element.textContent?.replaceAll(/\s+/g, ' ')),
  ).toEqual(['0! exceptions', '1? not proven', '0✓ no exceptions']);
  expect(document.querySelector('.control')?.textContent).toContain(reason);
  expect(document.querySelector('.control')?.textContent).toContain(
    'Cannot show: the review itself and its decisions.',
  );
});

test('says on the first screen how many rows a destination changed', async () => {
  const marts = wholeMarts({ 'data coverage': [coverage('audit_events', { changed_rows: 50 })] });

  expect(await noticesOf(marts)).toEqual([
    'The destination changed values of 50 rows while it loaded them, so parts of these events are missing here. The section on coverage says of which streams.',
  ]);
});
