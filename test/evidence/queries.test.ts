import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { SAMPLE_KEYS } from '../../evidence/evidence.ts';
import { wholeMarts } from './marts.ts';

test('reads from the package every query that the page needs', () => {
  const analysis = readFileSync(join(__dirname, '../../dbt/analyses/onepassword__evidence.sql'), 'utf8');
  const populations = readFileSync(join(__dirname, '../../dbt/macros/onepassword_population.sql'), 'utf8');

  const needed = Object.keys(wholeMarts().rows);

  const read = [...analysis.matchAll(/^-- query: (.+)$/gm)].map(([, name]) => name);
  const named = [...populations.matchAll(/^ {4}'([a-z -]+)': \{/gm)].map(([, name]) => `population ${name}`);
  expect(needed.filter((name) => ![...read, ...named].includes(name))).toEqual([]);
});

test('the macro draws from the model of every population, by the key that the report takes', () => {
  const macro = readFileSync(join(__dirname, '../../dbt/macros/onepassword_sample.sql'), 'utf8');
  const keys = new Map(
    [...macro.matchAll(/'((?:int_)?onepassword__\w+)': \[([^\]]*)\]/g)].map(([, model = '', columns = '']) => [
      model,
      columns.replaceAll("'", '').split(', '),
    ]),
  );
  const populations = readFileSync(join(__dirname, '../../dbt/macros/onepassword_population.sql'), 'utf8');
  const changes = /set changes = '(\w+)'/.exec(populations)?.[1] ?? '';
  const atTheEnd = new Map(
    [...populations.matchAll(/'(onepassword__\w+)': '(int_onepassword__\w+)'/g)].map(([, mart = '', model = '']) => [
      mart,
      model,
    ]),
  );
  const models = [...populations.matchAll(/'model': (?:'(\w+)'|changes)/g)].map(([, model]) => model ?? changes);

  expect(models.length).toBeGreaterThan(10);
  for (const model of [...models.map((mart) => atTheEnd.get(mart) ?? mart), 'onepassword__findings']) {
    expect([model, SAMPLE_KEYS]).toEqual([model, expect.arrayContaining([keys.get(model)])]);
  }
});
