import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { SimulatedAccount } from './account/simulated-account.ts';
import { exampleItems } from './example-items.ts';
import { features } from './options.ts';
import { readOptions } from './options-file.ts';
import { Simulator } from './server.ts';

const HOUR_MS = 3_600_000;
const GROWTH_MS = 20_000;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8017' },
      address: { type: 'string', default: '127.0.0.1' },
      config: { type: 'string' },
      catalog: { type: 'string' },
      options: { type: 'string' },
    },
  });
  const { port, address } = values;
  const options = values.options === undefined ? {} : readOptions(values.options);
  const simulator = await Simulator.start(options, { port: Number(port), address });
  const account = new SimulatedAccount(simulator, options);
  account.generate({ auditevents: 7_000, itemusages: 3_100, signinattempts: 2_000 });
  addExamples(simulator);
  const growth = setInterval(() => grow(account), GROWTH_MS);

  const config = `${JSON.stringify({ api_token: simulator.issueToken(), base_url: simulator.url }, undefined, 2)}\n`;
  if (values.config) await writeFile(values.config, config, { mode: 0o600 });
  if (values.catalog) await writeFile(values.catalog, `${JSON.stringify(everyStream(), undefined, 2)}\n`);
  console.log(guide(simulator.url, config, values.config ?? 'CONFIG', values.catalog ?? 'CATALOG'));

  const stop = (): void => {
    clearInterval(growth);
    void simulator.stop();
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
}

/** The documented examples as yesterday's, because their own date leaves retention one day. */
function addExamples(simulator: Simulator): void {
  const yesterday = new Date(Date.now() - 24 * HOUR_MS).toISOString().slice(0, 10);
  for (const feature of features) {
    const items = JSON.stringify(exampleItems[feature]).replaceAll('2026-10-03', yesterday);
    simulator.add(feature, ...JSON.parse(items));
  }
}

/** A few events a minute, and one that arrives hours late. */
function grow(account: SimulatedAccount): void {
  const nowMs = Date.now();
  const to = new Date(nowMs);
  account.generate({ auditevents: 1, itemusages: 2, signinattempts: 1 }, { from: new Date(nowMs - GROWTH_MS), to });
  if (Math.random() < 0.1) {
    const late = { from: new Date(nowMs - 9 * HOUR_MS), to: new Date(nowMs - 2 * HOUR_MS) };
    account.generate({ itemusages: 1 }, late);
  }
}

function everyStream(): unknown {
  const streams = ['audit_events', 'item_usages', 'sign_in_attempts'].map((name) => ({
    stream: { name, json_schema: {}, supported_sync_modes: ['full_refresh', 'incremental'] },
    sync_mode: 'incremental',
    destination_sync_mode: 'append_dedup',
    cursor_field: ['timestamp'],
    primary_key: [['uuid']],
  }));
  return { streams };
}

function guide(url: string, config: string, configFile: string, catalogFile: string): string {
  return `A simulated 1Password Events API listens on ${url} and gets a few new events each minute.

The configuration for it${configFile === 'CONFIG' ? ' (--config FILE writes it to a file)' : `, also in ${configFile}`}:

${config}
To try${catalogFile === 'CATALOG' ? ' (--catalog FILE writes a catalog of every stream)' : ''}:

  node dist/main.js spec
  node dist/main.js check --config ${configFile}
  node dist/main.js discover --config ${configFile}
  node dist/main.js read --config ${configFile} --catalog ${catalogFile}

Ctrl-C stops it.`;
}

main().catch((error: unknown) => {
  console.error(`The simulator did not start: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
