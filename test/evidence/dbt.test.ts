import { expect, test } from '@jest/globals';
import { EvidenceError } from '../../evidence/evidence-error.ts';
import { type Dbt, findDbt } from '../../evidence/read/dbt.ts';
import { environmentAt, programOf, temporaryFolder } from './folder.ts';

const WANTED =
  'The report needs dbt 1.11, 1.12 or v2: activate the environment that has it, or give its path with --dbt.';

/** What is found where a program stands for dbt. */
function found(program: string): Promise<Dbt> {
  const project = { projectDir: temporaryFolder(), profilesDir: undefined, target: undefined, vars: undefined };
  return findDbt(program, project, { path: '', ...environmentAt() });
}

/** A program that answers every command with this text. */
function answering(text: string): string {
  return programOf(`console.log(${JSON.stringify(text)})`);
}

test.each([
  ['Core:\n  - installed: 1.10.23\n  - latest:    1.12.6 - Update available!\n', '1.10.23'],
  ['Core:\n  - installed: 1.9.0\n', '1.9.0'],
  ['dbt-core 3.0.0-alpha.1', '3.0.0-alpha.1'],
])('refuses a dbt that no report can be made with, before anything is built: %j', async (printed, version) => {
  const program = answering(printed);

  await expect(found(program)).rejects.toThrow(new EvidenceError(`${program} is dbt ${version}. ${WANTED}`));
});

test('refuses what is no dbt, and a dbt 1.x that hides its Python, in a sentence', async () => {
  const [other, wrapper] = [answering('1.11.16'), answering('Core:\n  - installed: 1.11.16\n')];

  await expect(found(other)).rejects.toThrow(`${other} does not say which dbt it is. ${WANTED}`);
  await expect(found(wrapper)).rejects.toThrow(`${wrapper} does not show in which Python it runs. ${WANTED}`);
});

test.each(['dbt-fusion 2.0.0-preview.196', 'dbt-core 2.0.0-alpha.4', 'dbt Core v2.0.9 (October)'])(
  'takes %s',
  async (printed) => {
    expect(await found(answering(printed))).toBeDefined();
  },
);

test('dbt reports to nobody, and finds no way to a newer version when it is asked for its own', async () => {
  const names = ['DO_NOT_TRACK', 'DBT_SEND_ANONYMOUS_USAGE_STATS', 'DBT_DISABLE_VERSION_CHECK'];
  const program = programOf(`
const { HTTPS_PROXY, https_proxy } = process.env;
if (process.argv.includes('build')) console.log(${JSON.stringify(names)}.map((name) => process.env[name]).join());
else if (HTTPS_PROXY === 'http://127.0.0.1:9' && https_proxy === HTTPS_PROXY) console.log('dbt 2.0.9');
process.exitCode = process.argv.includes('build') ? 1 : 0;`);

  const dbt = await found(program);

  await expect(dbt.run('build')).rejects.toThrow('dbt build failed, so no report was written.\n\n1,false,true');
});
