import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Additions, DemoAccount } from './demo-account.ts';
import { DemoError } from './demo-error.ts';
import { parseFlags } from './flags.ts';
import { introduce } from './introduction.ts';
import { StateFile, stateFileOf } from './state-file.ts';
import { type Arrivals, type SyncOptions, sync } from './sync.ts';
import { printTable } from './table.ts';
import { Warehouse } from './warehouse.ts';

async function main(): Promise<void> {
  const { config, to } = parseFlags(process.argv.slice(2));
  await (config === undefined ? demonstrate(to) : trial(config, to));
}

/** The whole story, on a simulated account. The tables stay in `to`, or else in a temporary folder. */
async function demonstrate(to?: string): Promise<void> {
  console.log('Airbyte source for 1Password events: a demonstration\n');
  const account = await DemoAccount.start();
  const folder = mkdtempSync(join(tmpdir(), 'source-1password-demo-'));
  const config = join(folder, 'config.json');
  const file = to ?? join(folder, '1password.duckdb');
  try {
    writeFileSync(config, JSON.stringify(account.config), { mode: 0o600 });
    console.log('A simulated account on this machine stands in for 1Password, and DuckDB for your warehouse.\n');
    const streams = await introduce(config);
    await withWarehouse(file, async (warehouse) => {
      const target = { config, streams, warehouse, state: new StateFile(stateFileOf(file)) };
      await syncTwice(account, target);
      await showRows(warehouse);
    });
  } finally {
    rmSync(to === undefined ? config : folder, { recursive: true, force: true });
    await account.stop();
  }
  console.log(`\n${whereItIs(file)}
With your own account: npm run demo -- --config secrets/config.json --to 1password.duckdb`);
}

async function syncTwice(account: DemoAccount, target: SyncOptions): Promise<void> {
  const counts = new Map(target.streams.map(({ name }) => [name, account.count(name)]));
  const served = sum([...counts.values()].map((count) => count.served));
  const events = sum([...counts.values()].map((count) => count.events));
  heading('First sync: no saved state, so everything that the API still has');
  const first = await sync({ ...target, expected: served });
  for (const [name, count] of counts) {
    const held = await target.warehouse.count(name);
    if (held !== count.events || first.get(name) !== count.served) {
      throw new DemoError(`${name}: the API served ${count.events} different events, DuckDB holds ${held}.`);
    }
  }
  console.log(
    `The API served ${thousands(events)} events, and ${thousands(served - events)} repeats of them. Every event is in DuckDB, once.`,
  );

  const added = account.addLateAndRecent();
  heading(`Meanwhile ${added.recent} new events happen, and ${added.late} arrive late, dated two to six days ago`);
  console.log('Second sync: from the saved state');
  const second = await sync({ ...target, expected: added.recent + added.late });
  await expectExactly(added, second, target.warehouse);
  console.log(`Exactly those came: ${added.recent} new and ${added.late} late events, and nothing twice.`);
}

async function expectExactly({ uuids }: Additions, arrivals: Arrivals, warehouse: Warehouse): Promise<void> {
  for (const [stream, expected] of uuids) {
    const came = arrivals.get(stream) ?? 0;
    const held = await warehouse.countOf(stream, expected);
    if (came !== expected.length || held !== expected.length) {
      throw new DemoError(`${stream}: ${expected.length} events were added, ${came} came, ${held} are in DuckDB.`);
    }
  }
}

/** One sync of the user's own account. The next run goes on where this one ended. */
async function trial(config: string, to: string): Promise<void> {
  const streams = await introduce(config);
  await withWarehouse(to, async (warehouse) => {
    const state = new StateFile(stateFileOf(to));
    heading(
      state.isEmpty ? 'Sync: no saved state, so everything that the API still has' : 'Sync: from the saved state',
    );
    await sync({ config, streams, warehouse, state });
    await showRows(warehouse);
  });
  console.log(`\n${whereItIs(to)}
Run the same command again: it goes on from ${stateFileOf(to)} and brings only what is new.`);
}

async function withWarehouse(file: string, use: (warehouse: Warehouse) => Promise<void>): Promise<void> {
  const warehouse = await Warehouse.open(file);
  try {
    await use(warehouse);
  } finally {
    warehouse.close();
  }
}

/** Three rows, so that a reader sees what a table holds. */
async function showRows(warehouse: Warehouse): Promise<void> {
  heading('The newest grants of vault access, as they are in the table audit_events');
  const { columns, rows } = await warehouse.ask(`
    SELECT strftime(timestamp, '%Y-%m-%d %H:%M') AS timestamp, actor_details->>'name' AS actor, object_type, action,
           object_uuid, coalesce(aux_details->>'name', aux_uuid) AS aux
    FROM audit_events
    WHERE object_type IN ('uva', 'gva') AND action = 'grant'
    ORDER BY timestamp DESC LIMIT 3`);
  printTable(columns, rows);
  console.log(
    'The dbt package turns the tables into evidence: who can open what, what was changed, what deserves a look (dbt/README.md).',
  );
}

function whereItIs(file: string): string {
  return `The tables are in ${resolve(file)}
Open them with DuckDB (https://duckdb.org): duckdb ${resolve(file)}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function thousands(number: number): string {
  return number.toLocaleString('en-US');
}

function heading(text: string): void {
  console.log(`\n${text}\n${'─'.repeat(text.length)}`);
}

main().catch((error: unknown) => {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
