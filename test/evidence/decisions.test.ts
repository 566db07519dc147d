import { expect, test } from '@jest/globals';
import { sectionOf } from './folder.ts';
import { control, finding, wholeMarts } from './marts.ts';

const decided = {
  is_decided: true,
  decided_as: 'accepted',
  decision_reason: 'A drill',
  decided_by: 'Ada Lind',
  decided_at: '2026-10-10T00:00:00.000000Z',
  decided_until: null,
};

const undecided = {
  is_decided: false,
  decided_as: null,
  decision_reason: null,
  decided_by: null,
  decided_at: null,
  decided_until: null,
};

test('says beside a finding who decided what, when and why, and counts what is decided', async () => {
  const marts = wholeMarts({ findings: [finding(undecided), finding(decided)] });

  const said = await sectionOf('findings', marts);

  expect(said).toContain('Decided by Ada Lind on 2026-10-10: accepted. A drill');
  expect(said).toContain('Somebody has decided 1 of them.');
  expect(said.match(/Decided/g)).toHaveLength(1);
});

test('says that what happened after a decision is not covered by it', async () => {
  const marts = wholeMarts({
    findings: [finding({ ...decided, is_decided: false, decided_until: '2026-10-31T00:00:00.000000Z' })],
  });

  expect(await sectionOf('findings', marts)).toContain(
    'Decided before its last events by Ada Lind on 2026-10-10: accepted, until 2026-10-31. A drill',
  );
});

test('counts decided exceptions beside the others, and leaves the verdict as it is', async () => {
  const counts = { exceptions: 3, decided_exceptions: 2, other_findings: 1, decided_other_findings: 1, population: 9 };

  const said = await sectionOf('controls', wholeMarts({ controls: [control(counts)] }));

  expect(said).toContain('3 exceptions in the population (2 decided), and 1 finding outside it (1 decided)');
  expect(said).toContain('exceptions');
});

test('says nothing of decisions to a package that does not know them', async () => {
  const marts = wholeMarts({ findings: [finding()], controls: [control()] });

  expect(await sectionOf('findings', marts)).not.toContain('ecided');
});
