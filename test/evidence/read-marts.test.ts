import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import type { MartLine } from '../../evidence/evidence.ts';
import { EvidenceError } from '../../evidence/evidence-error.ts';
import { parseMartLines, readMarts } from '../../evidence/read/read-marts.ts';

async function all(lines: AsyncIterable<MartLine>): Promise<MartLine[]> {
  const listed: MartLine[] = [];
  for await (const line of lines) listed.push(line);
  return listed;
}

/** Reads what a script of Node prints in the place of Python. */
function linesOf(script: string, signal = new AbortController().signal): AsyncGenerator<MartLine> {
  return readMarts(process.execPath, ['--eval', script], { cwd: '.', signal });
}

/** Says its process number, and would then run for ever. */
const ENDLESS = 'console.log(JSON.stringify({ about: { as_of: String(process.pid) } })); setInterval(() => {}, 1000);';

/** The process number that it says. */
function pidOf(line: MartLine): number {
  return 'about' in line ? Number(line.about.as_of) : 0;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('reads what was read, then each query and its rows, from JSON lines', async () => {
  const query = { name: 'findings', sql: 'select 1', columns: ['a', 'b'] };
  const lines = [{ about: { as_of: 'x' } }, { query }].map((line) => `${JSON.stringify(line)}\n`);

  expect(await all(parseMartLines(new PassThrough().end(`${lines.join('')}["\\u2028",null]\n`)))).toEqual([
    { about: { as_of: 'x' } },
    { query },
    { row: ['\u2028', null] },
  ]);
});

test('says why the marts could not be read, in the words of what reads them', async () => {
  const script = 'console.error("The dbt project does not have the package."); process.exitCode = 1;';

  await expect(all(linesOf(script))).rejects.toThrow(
    new EvidenceError('The marts could not be read.\nThe dbt project does not have the package.'),
  );
});

test('says that a row was cut off, and that Python is nowhere, in a sentence', async () => {
  const { signal } = new AbortController();
  const missing = readMarts('/nowhere/python', [], { cwd: '.', signal });

  await expect(all(linesOf(`process.stdout.write('["half of')`))).rejects.toThrow(EvidenceError);
  await expect(all(missing)).rejects.toThrow(
    new EvidenceError('The marts could not be read.\nspawn /nowhere/python ENOENT'),
  );
});

test('a reader that stops early leaves no program running', async () => {
  let pid = 0;

  for await (const line of linesOf(ENDLESS)) {
    pid = pidOf(line);
    break;
  }

  expect(pid).toBeGreaterThan(0);
  expect(isRunning(pid)).toBe(false);
});

test('a reader that is told to stop ends with the reason, and leaves no program running', async () => {
  const stop = new AbortController();
  let pid = 0;

  const reading = (async () => {
    for await (const line of linesOf(ENDLESS, stop.signal)) {
      pid = pidOf(line);
      stop.abort(new EvidenceError('Stopped.'));
    }
  })();

  await expect(reading).rejects.toThrow('Stopped.');
  expect(isRunning(pid)).toBe(false);
});

test('what reads the marts ends when nobody holds its input any more', async () => {
  // A package of that name stands in for a dbt that waits for its warehouse.
  const modules = ['dbt', 'dbt.adapters', 'dbt.adapters.factory', 'dbt.cli', 'dbt.cli.main', 'dbt.version'];
  const stand = `
import sys, time, types
for name in ${JSON.stringify(modules)}: sys.modules[name] = types.ModuleType(name)
sys.modules['dbt.adapters.factory'].FACTORY = sys.modules['dbt.version'].__version__ = None
sys.modules['dbt.cli.main'].dbtRunner = lambda: (print('waiting', file=sys.stderr, flush=True), time.sleep(600))
exec(open('${join(__dirname, '../../evidence/read/read_marts.py')}').read())`;
  const child = spawn('python3', ['-c', stand], { stdio: ['pipe', 'ignore', 'pipe'] });
  await once(child.stderr, 'data');

  child.stdin.end();

  expect(await once(child, 'close')).toEqual([1, null]);
});
