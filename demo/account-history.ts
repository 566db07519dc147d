import { createWriteStream } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { type History, type HistoryOptions, type LoadedRecord, tellHistory } from '../simulator/account/history.ts';
import { answersOf } from '../simulator/op/answers.ts';
import { opSettingsOf } from '../simulator/op/options.ts';
import { writeStandIn } from '../simulator/op/stand-in.ts';
import { parseRfc3339 } from '../simulator/rfc3339.ts';
import { loadHistory } from './load-history.ts';

const DAY_MS = 86_400_000;

const USAGE = `Writes the history of an invented account: what the connector would emit, and what was true meanwhile.

  node dist/account-history.js --seed N --people N --days N --until TIME --api-version v1|v2 --out DIR
    [--baseline-at TIME] [--op-at TIME]… [--op-options FILE.json] [--without-grant-since TIME] [--audit-events N] [--item-usages N] [--sign-in-attempts N] [--account-uuid UUID] [--to FILE.duckdb]

With --op-at, which may be given several times, DIR/op/1/op and so on stand in for 1Password's command line at that time; the file
has the options of simulator/op/options.ts.
With --without-grant-since, one grant to a person that came after that time and lasts is missing from the events, as if it had never
been captured.
With --to, a new DuckDB file gets the events as a destination of Airbyte would have loaded them.
Times are RFC 3339, 2026-11-20T00:00:00Z for instance.`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string' },
      people: { type: 'string', default: '26' },
      days: { type: 'string', default: '120' },
      until: { type: 'string' },
      'api-version': { type: 'string', default: 'v2' },
      'baseline-at': { type: 'string' },
      'op-at': { type: 'string', multiple: true, default: [] },
      'op-options': { type: 'string' },
      'without-grant-since': { type: 'string' },
      'audit-events': { type: 'string' },
      'item-usages': { type: 'string' },
      'sign-in-attempts': { type: 'string' },
      'account-uuid': { type: 'string', default: '6TRLV4ZKHNDB7QWJX2CYOE5AGM' },
      out: { type: 'string' },
      to: { type: 'string' },
    },
  });
  const { out, to, 'api-version': apiVersion } = values;
  if (out === undefined) throw new Error('--out is missing.');
  if (apiVersion !== 'v1' && apiVersion !== 'v2') throw new Error('--api-version is v1 or v2.');
  const people = wholeNumber('people', values.people);
  if (people < 5) throw new Error('--people is at least 5.');
  const untilMs = time('until', values.until);
  const baselineAt = values['baseline-at'];
  const opTimes = values['op-at'].map((text) => time('op-at', text));
  const opOptions = values['op-options'];

  const told = tellHistory({
    seed: wholeNumber('seed', values.seed),
    accountUuid: values['account-uuid'],
    people,
    from: new Date(untilMs - wholeNumber('days', values.days) * DAY_MS),
    until: new Date(untilMs),
    apiVersion,
    counts: {
      auditevents: wholeNumber('audit-events', values['audit-events'] ?? String(Math.max(4_000, 15 * people))),
      itemusages: wholeNumber('item-usages', values['item-usages'] ?? String(Math.max(2_000, 20 * people))),
      signinattempts: wholeNumber(
        'sign-in-attempts',
        values['sign-in-attempts'] ?? String(Math.max(1_000, 5 * people)),
      ),
    },
    baselineAtMs: baselineAt === undefined ? undefined : time('baseline-at', baselineAt),
  } satisfies HistoryOptions);
  const lostSince = values['without-grant-since'];
  const history = lostSince === undefined ? told : withoutGrant(told, time('without-grant-since', lostSince));

  await mkdir(out, { recursive: true });
  for (const [stream, records] of Object.entries(history.records)) {
    await pipeline(Readable.from(lines(records)), createWriteStream(join(out, `${stream}.jsonl`)));
  }
  await writeFile(join(out, 'truth.json'), `${JSON.stringify(history.truth)}\n`);
  for (const [name, rows] of Object.entries(history.baseline ?? {})) {
    await writeFile(join(out, `${name}.csv`), csvOf(name, rows));
  }
  const settings = opSettingsOf(opOptions === undefined ? {} : JSON.parse(await readFile(opOptions, 'utf8')));
  for (const [index, atMs] of opTimes.entries()) {
    const folder = join(out, 'op', String(index + 1));
    await writeStandIn(folder, join(__dirname, 'op.js'), answersOf(history.account, atMs, settings), settings);
  }
  if (to !== undefined) await loadHistory(history, to);
}

/** The history without the events of one person's access to one vault, the first that began since and lasts. */
function withoutGrant(history: History, sinceMs: number): History {
  const lost = history.truth.direct_access.find(
    ({ since, ended_at }) => since !== null && Date.parse(since) > sinceMs && ended_at === null,
  );
  if (lost === undefined) throw new Error('No access began since the time of --without-grant-since and lasts.');
  const isOfLost = ({ data }: LoadedRecord): boolean => {
    const { object_type, object_uuid, aux_uuid, timestamp } = data as Record<string, unknown>;
    const isOfPair = object_type === 'uva' && object_uuid === lost.vault_uuid && aux_uuid === lost.user_uuid;
    return isOfPair && Date.parse(String(timestamp)) > sinceMs;
  };
  const audits = (history.records['audit_events'] ?? []).filter((record) => !isOfLost(record));
  return { ...history, records: { ...history.records, audit_events: audits } };
}

function* lines(records: readonly LoadedRecord[]): Generator<string> {
  for (const record of records) yield `${JSON.stringify(record)}\n`;
}

/** The columns of the baselines, which have to be there even if a baseline lists nobody. */
const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  baseline_members: ['user_uuid', 'email', 'name', 'status', 'as_of'],
  baseline_group_members: ['group_uuid', 'user_uuid', 'role', 'as_of'],
  baseline_vault_access: ['vault_uuid', 'grantee_type', 'grantee_uuid', 'as_of'],
};

function csvOf(name: string, rows: readonly Record<string, string>[]): string {
  const columns = COLUMNS[name] ?? [];
  return [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))]
    .map((cells) => `${cells.map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join()}\n`)
    .join('');
}

function wholeNumber(flag: string, text: string | undefined): number {
  if (text === undefined || !/^\d+$/.test(text)) throw new Error(`--${flag} is missing or no whole number.`);
  return Number(text);
}

function time(flag: string, text: string | undefined): number {
  const atMs = parseRfc3339(text);
  if (atMs === undefined) throw new Error(`--${flag} is missing or no RFC 3339 time.`);
  return atMs;
}

main().catch((error: unknown) => {
  console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exitCode = 1;
});
