import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { parseHTML } from 'linkedom/worker';
import type { Environment } from '../../evidence/environment.ts';
import { writeReport } from '../../evidence/write/report.ts';
import { type Marts, readingsOf } from './marts.ts';

/** Writes a report over what the warehouse answers, into a new folder. */
export async function reportOf(marts: Marts, writtenAt = new Date('2026-10-08T06:00:00Z')): Promise<string> {
  const out = join(temporaryFolder(), 'report');
  await writeReport(readingsOf(marts), out, environmentAt(writtenAt));
  return out;
}

/** What a section of the page says, without its mark-up. */
export async function sectionOf(id: string, marts: Marts): Promise<string> {
  const { document } = parseHTML(readText(await reportOf(marts), 'report.html'));
  return document.querySelector(`#${id}`)?.textContent?.replaceAll(/\s+/g, ' ') ?? '';
}

/** What is outside of a command, but for where it is and whom it talks to. It never waits. */
export function environmentAt(time = new Date()): Omit<Environment, 'dist' | 'path' | 'log'> {
  const { signal } = new AbortController();
  return { env: process.env, now: () => time, wait: async () => undefined, terminal: undefined, signal };
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A new folder that is gone after the tests of this file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'evidence-test-'));
  folders.push(folder);
  return folder;
}

/** A program, alone in its folder, out of a script of Node. */
export function programOf(script: string): string {
  const program = join(temporaryFolder(), 'dbt');
  writeFileSync(program, `#!${process.execPath}\n${script}`, { mode: 0o755 });
  return program;
}

/** Every file of a folder, with slashes, in order. */
export function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}

export function readText(folder: string, path: string): string {
  return readFileSync(join(folder, path), 'utf8');
}

/** The rows of a CSV as any reader of the format sees them. */
export function readCsv(folder: string, path: string): Record<string, string>[] {
  return parse(readText(folder, path), { columns: true, bom: true });
}

/** Counts again what a figure of the page shows, as its attributes say. */
export function recount(folder: string, figure: Record<'csv' | 'where' | 'distinct' | 'sum', string>): number {
  const rows = readCsv(folder, figure.csv).filter((row) => figure.where.split(' & ').every((test) => meets(row, test)));
  if (figure.sum !== '') return rows.reduce((sum, row) => sum + Number(row[figure.sum]), 0);
  if (figure.distinct === '') return rows.length;
  const columns = figure.distinct.split(',');
  return new Set(rows.map((row) => JSON.stringify(columns.map((column) => row[column])))).size;
}

function meets(row: Record<string, string>, test: string): boolean {
  if (test === '') return true;
  const [, column = '', operator, value = ''] = /^(\w+)(>=|<|=)(.*)$/.exec(test) ?? [];
  const cell = row[column];
  if (cell === undefined) throw new Error(`the CSV has no column ${column}`);
  if (operator === '=') return value.split('|').includes(cell);
  return cell !== '' && (operator === '<' ? cell < value : cell >= value);
}
