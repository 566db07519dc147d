/** Airbyte's Python CDK in a virtual environment of its own, to run the manifest with. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const ENVIRONMENT = '.venv-bench';
const PYTHON = join(ENVIRONMENT, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
const REQUIREMENTS = 'bench/requirements.txt';
/** A copy of the requirements, laid down when they are all installed. */
const INSTALLED = join(ENVIRONMENT, 'installed.txt');

/** The start of every command line of the manifest; undefined, with a word on why, where it cannot be had. */
export function findPeer(mayInstall: boolean): readonly [string, ...string[]] | undefined {
  const isInstalled = existsSync(INSTALLED) && readFileSync(INSTALLED, 'utf8') === readFileSync(REQUIREMENTS, 'utf8');
  if (!isInstalled && !(mayInstall && install())) return undefined;
  return [PYTHON, 'bench/usage.py'];
}

function install(): boolean {
  console.error(`Installing Airbyte's Python CDK into ${ENVIRONMENT} …`);
  rmSync(ENVIRONMENT, { recursive: true, force: true });
  const python = process.platform === 'win32' ? 'python' : 'python3';
  const isDone =
    succeeds(python, ['-m', 'venv', ENVIRONMENT]) &&
    succeeds(PYTHON, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', REQUIREMENTS]);
  if (isDone) copyFileSync(REQUIREMENTS, INSTALLED);
  else console.error('That failed, so the manifest is not measured. It needs Python 3.10 to 3.13 with venv and pip.');
  return isDone;
}

function succeeds(program: string, args: string[]): boolean {
  return spawnSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}
