/** Measures the built connector beside its peers and prints one Markdown table. `--small` only shows that it completes. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { bareLoop, check, configure, hasManifest, read, type SourceName, spec } from './contenders.ts';
import type { Settings } from './fast-api.ts';
import { killed, lateArrivals } from './losses.ts';
import { type CommandLine, inTurn, measure, type Usage } from './measure.ts';

const RECORDS_A_PAGE = 3 * 1000;
const KILLED_AFTER = 10.5 * RECORDS_A_PAGE;
const LATENCY_MS = 250;
/** Chosen so that all stay within the 600 requests of one minute: beyond, the budget would be measured. */
const FULL = { rounds: 5, pages: 40, latencyPages: 40, few: 20, many: 199 };
const SMALL = { rounds: 1, pages: 4, latencyPages: 4, few: 2, many: 4 };

async function main(isSmall: boolean): Promise<void> {
  const { rounds, pages, latencyPages, few, many } = isSmall ? SMALL : FULL;
  // A small run measures the manifest only where its environment is there already.
  const withManifest = hasManifest(!isSmall);
  const manifest = <T>(measurement: T) => (withManifest ? measurement : undefined);
  const api = fork(join(__dirname, 'fast-api.js'));
  process.on('exit', () => api.kill());
  const [url] = (await once(api, 'message')) as [string];
  const serve = (settings: Settings) => {
    api.send(settings);
    return once(api, 'message');
  };
  const run = (command: CommandLine, settings: Settings) => async (): Promise<Usage> => {
    await serve(settings);
    return measure(command);
  };
  console.log(`Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim()}. Medians of ${rounds}.\n`);
  console.log('| figure | ours | beside | ours ÷ beside | reach |\n| --- | --- | --- | --- | --- |');
  configure(url, fakeToken());

  for (const [name, command] of Object.entries({ spec, check })) {
    const start = await inTurn(3 * rounds, {
      ours: run(command('ours'), { pages }),
      manifest: manifest(run(command('manifest'), { pages })),
    });
    print(`\`${name}\`, from cold`, start.ours.wallMs, 'manifest', start.manifest.wallMs, seconds, '≤ 1/8');
  }

  const speed = await inTurn(rounds, {
    ours: run(read('ours'), { pages }),
    loop: run(bareLoop(url), { pages }),
    manifest: manifest(run(read('manifest'), { pages })),
  });
  const { ours, loop } = speed;
  const records = `${thousands(pages * RECORDS_A_PAGE)} records`;
  print(`${records}, no latency`, ours.wallMs, 'bare loop', loop.wallMs, seconds, '≤ 1.2');
  print(`${records}, CPU time`, ours.cpuMs, 'bare loop', loop.cpuMs, seconds, '≤ 1.3');
  print(`${records}, no latency`, ours.wallMs, 'manifest', speed.manifest.wallMs, seconds, '≤ 1/5');
  print(`${records}, CPU time`, ours.cpuMs, 'manifest', speed.manifest.cpuMs, seconds, '≤ 1/5.5');

  const slow = { pages: latencyPages, latencyMs: LATENCY_MS };
  const backfill = await inTurn(rounds, { ours: run(read('ours'), slow) });
  const title = `backfill of three streams of ${latencyPages} pages, ${LATENCY_MS} ms each`;
  print(title, backfill.ours.wallMs, 'latency alone', latencyPages * LATENCY_MS, seconds, '≤ 1.1');

  const peak = await inTurn(rounds, {
    few: run(read('ours'), { pages: few }),
    many: run(read('ours'), { pages: many }),
  });
  const sizes = [many, few].map((count) => `${thousands(count * RECORDS_A_PAGE)} records`);
  print(`peak memory, ${sizes[0]}`, peak.many.peakMb, sizes[1] ?? '', peak.few.peakMb, megabytes, '≤ 256 MB, flat');

  const lossesOf = async (source: SourceName) => {
    const late = await lateArrivals(source);
    configure(url, fakeToken());
    await serve({ pages: 20, latencyMs: 20 });
    return { late, again: await killed(source, KILLED_AFTER) };
  };
  const mine = await lossesOf('ours');
  const theirs = withManifest ? await lossesOf('manifest') : undefined;
  const lateTitle = `lost of ${mine.late.sent} events, a minute, an hour and a day late`;
  print(lateTitle, mine.late.lost, 'manifest', theirs?.late.lost, thousands, '0');
  const killTitle = `to read again after a kill at ${thousands(KILLED_AFTER)} records`;
  print(killTitle, mine.again, 'manifest', theirs?.again, thousands, 'a page a stream');
  process.exit();
}

/** Prints a row. What could not be measured is NaN, and said to be so. */
function print(
  figure: string,
  ours: number,
  name: string,
  beside: number | undefined,
  toText: (value: number) => string,
  reach: string,
): void {
  const other = beside === undefined || Number.isNaN(beside) ? 'not measured' : toText(beside);
  const quotient = ours / (beside ?? Number.NaN);
  const ratio = quotient >= 0.5 ? quotient.toFixed(2) : `1/${(1 / quotient).toFixed(1)}`;
  console.log(
    `| ${figure} | ${toText(ours)} | ${name}: ${other} | ${Number.isFinite(1 / quotient) ? ratio : ''} | ${reach} |`,
  );
}

/** The fast API asks for no token, but the connector reads the claims of the one it has. */
function fakeToken(): string {
  const parts = [{ alg: 'ES256' }, { aud: ['events.1password.com'] }, {}];
  return parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
const megabytes = (count: number) => `${count.toFixed(0)} MB`;
const thousands = (count: number) => count.toLocaleString('en-US');

main(process.argv.includes('--small')).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
