import { expect, test } from '@jest/globals';
import { sectionOf } from './folder.ts';
import { access, baseline, confirmation, finding, wholeMarts } from './marts.ts';

test('says that without a list nothing outside the log tells whether it is whole', async () => {
  const said = await sectionOf('lists', wholeMarts({ baselines: [], 'log confirmation': [], reconciliation: [] }));

  expect(said).toContain('Nobody supplied a dated list (a baseline)');
});

test('says that one list alone cannot show what the log has missed since', async () => {
  const said = await sectionOf('lists', wholeMarts({ baselines: [baseline()], 'log confirmation': [] }));

  expect(said).toContain('One list alone cannot show what the log has missed since.');
});

test('counts what two lists tell differently, and names what is not in the log', async () => {
  const sentence = 'Olu Park got the vault Finance, and the log does not say when';

  const marts = wholeMarts({
    'log confirmation': [
      confirmation(),
      confirmation({ kind: 'member', changes: 2, explained: 1, unexplained: 1, verdict: 'not confirmed' }),
    ],
    findings: [finding(), finding({ rule: 'change_not_in_log', sentence })],
  });

  const said = await sectionOf('lists', marts);
  expect(said).toContain('Of 5 differences 4 are there and 1 are not');
  expect(said).toContain(`Not in the log ${sentence}`);
  expect(await sectionOf('summary', marts)).toContain('1 change is not in the log.');
});

test('says that what is missing may still come while the log was not loaded, and gives no notice of it', async () => {
  const marts = wholeMarts({
    'log confirmation': [
      confirmation({ changes: 1, explained: 0, unexplained: 1, is_log_loaded: false, verdict: 'not confirmed' }),
    ],
  });

  expect(await sectionOf('lists', marts)).toContain('so some of this may still come');
  expect(await sectionOf('summary', marts)).not.toContain('not in the log');
});

test('tells of every list who made it, when and with what, and what its maker did not tell', async () => {
  const said = await sectionOf(
    'lists',
    wholeMarts({
      baselines: [baseline(), baseline({ taken_by_uuid: null, taken_by_email: null, tool: null, vaults_count: null })],
    }),
  );

  expect(said).toContain('olu.park@example.com1password-evidence 0.1.0 with op 2.32.0');
  expect(said).toContain('not recorded');
});

test('says along how many access paths items can be viewed, cannot be, and of how many nobody knows', async () => {
  const said = await sectionOf(
    'access',
    wholeMarts({
      'population vault access': [
        access(),
        access({ path: 'group', permissions: 'manage_vault', may_view_items: false }),
        access({ user_uuid: 'ANOTHER', permissions: null, may_view_items: null }),
      ],
    }),
  );

  expect(said).toContain('1 of these paths allow viewing items and 1 do not; for 1 the permissions are unknown');
});
