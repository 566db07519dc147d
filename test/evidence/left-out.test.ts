import { expect, test } from '@jest/globals';
import { parseHTML } from 'linkedom/worker';
import { readText, reportOf } from './folder.ts';
import { type Marts, wholeMarts } from './marts.ts';

/** The marts of a project that does not build some of them: the package leaves their queries out, and says so. */
function without(leftOut: Record<string, string[]>): Marts {
  const { about, rows } = wholeMarts({}, { left_out: leftOut });
  const kept = Object.entries(rows).filter(([query]) => !(query in leftOut));
  return { about, rows: Object.fromEntries(kept) as Marts['rows'] };
}

async function pageOf(marts: Marts): Promise<{ text: (selector: string) => string; links: string[] }> {
  const { document } = parseHTML(readText(await reportOf(marts), 'report.html'));
  const text = (selector: string): string =>
    [...document.querySelectorAll(selector)].map(({ textContent }) => textContent?.trim()).join(' ');
  return {
    text,
    links: [...document.querySelectorAll('[data-csv]')].map((link) => link.getAttribute('data-csv') ?? ''),
  };
}

test('leaves out the section of a mart that the project does not build, and says so there and on the first screen', async () => {
  const leftOut = { findings: ['onepassword__findings'], controls: ['onepassword__control_evidence'] };

  const { text } = await pageOf(without(leftOut));

  expect(text('#findings p')).toBe('Left out: the dbt project does not build onepassword__findings.');
  expect(text('#controls p')).toBe('Left out: the dbt project does not build onepassword__control_evidence.');
  expect(text('#summary .notice')).toContain(
    'Parts of this report are left out: the dbt project does not build onepassword__control_evidence, onepassword__findings.',
  );
  expect(text('#summary .verdicts')).toBe('');
  expect(text('#summary .tiles')).not.toContain('findings');
});

test('counts nothing that it has not read', async () => {
  const leftOut = {
    'access gained and lost': ['onepassword__access_changes'],
    reconciliation: ['onepassword__reconciliation'],
    'unclassified events': ['onepassword__unclassified_events'],
    'population administrative changes': ['onepassword__admin_changes'],
    'population item access': ['onepassword__item_access'],
    'population sign-ins': ['onepassword__sign_ins'],
  };

  const { text, links } = await pageOf(without(leftOut));

  expect(text('#access')).not.toContain('gained');
  expect(text('#access .none')).toContain('does not build onepassword__access_changes');
  expect(text('#lists .none')).toContain('does not build onepassword__reconciliation');
  expect(text('#limits .none')).toContain('does not build onepassword__unclassified_events');
  expect(text('#items')).toContain('does not build onepassword__item_access');
  expect(text('#summary')).not.toContain('The period has no events');
  expect(
    links.filter((path) => /gained|reconciliation|unclassified|administrative|item-access|sign-ins/.test(path)),
  ).toEqual([]);
});

test('tells of disabled rules by themselves, not as rules that lack an input', async () => {
  const variables = { ...wholeMarts().about.variables, onepassword_disabled_rules: ['new_app'] };

  const { text } = await pageOf(wholeMarts({}, { variables }));

  expect(text('#summary .notice')).toContain('1 rule is disabled: new app.');
  expect(text('#summary .notice')).not.toContain('could not be applied');
});
