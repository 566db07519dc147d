import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { wholeMarts } from './marts.ts';

test('reads from the package every query that the page needs', () => {
  const analysis = readFileSync(join(__dirname, '../../dbt/analyses/onepassword__evidence.sql'), 'utf8');
  const populations = readFileSync(join(__dirname, '../../dbt/macros/onepassword_population.sql'), 'utf8');

  const needed = Object.keys(wholeMarts().rows);

  const read = [...analysis.matchAll(/^-- query: (.+)$/gm)].map(([, name]) => name);
  const named = [...populations.matchAll(/^ {4}'([a-z -]+)': \{/gm)].map(([, name]) => `population ${name}`);
  expect(needed.filter((name) => ![...read, ...named].includes(name))).toEqual([]);
});

test('the package tells the report every variable that it has', () => {
  const project = readFileSync(join(__dirname, '../../dbt/dbt_project.yml'), 'utf8');
  const settings = readFileSync(join(__dirname, '../../dbt/macros/onepassword_settings.sql'), 'utf8');

  const variables = [...project.matchAll(/^ {2}onepassword_(\w+):/gm)].map(([, name = '']) => name);
  const [, told = ''] = /macro onepassword_variables\(\) -%\}([\s\S]*?)endmacro/.exec(settings) ?? [];

  expect(variables.length).toBeGreaterThan(10);
  expect(variables.filter((name) => !told.includes(`'${name}'`))).toEqual([]);
});
