/** Measures the built connector beside its peers and prints one Markdown table. */
import { cpus } from 'node:os';
import { Contenders, type SourceName } from './contenders.ts';
import { FarEnd } from './far-end.ts';
import { type Bench, measureBackfill, measureMemory, measureSize, measureStart, measureThroughput } from './figures.ts';
import { countLateArrivals, killAtHalfTime, LATENESS, type Lateness } from './losses.ts';
import { findPeer } from './peer.ts';
import { FULL, SMALL } from './sizes.ts';
import { type Row, thousands, toMarkdown } from './table.ts';

const HOST = 'events.1password.com';

async function main(): Promise<void> {
  const isSmall = process.argv.includes('--small');
  const farEnd = await FarEnd.start();
  // A run that is small measures the manifest only where its environment is there already.
  const contenders = new Contenders(findPeer(!isSmall));
  const bench: Bench = { contenders, farEnd, sizes: isSmall ? SMALL : FULL };
  const rows: Row[] = [];
  const figures = [measureStart, measureThroughput, measureBackfill, measureMemory, measureSize, measureLosses];
  try {
    for (const figure of figures) {
      console.error(`${figure.name} …`);
      contenders.configure(farEnd.url, fakeToken());
      rows.push(...(await figure(bench)));
    }
  } finally {
    contenders.remove();
    farEnd.stop();
  }
  const [cpu] = cpus();
  console.log(`Node ${process.versions.node}, ${cpus().length} × ${cpu?.model.trim()}. Medians of runs in turn.\n`);
  console.log(toMarkdown(rows));
}

async function measureLosses({ contenders, farEnd, sizes }: Bench): Promise<Row[]> {
  const lateRows = Object.keys(LATENESS) as Lateness[];
  const rows: Row[] = [];
  for (const late of lateRows) {
    const tell = async (source: SourceName) => {
      const { sent, arrived } = await countLateArrivals(contenders, source, late);
      return `${sent - arrived} of ${sent}`;
    };
    const beside = contenders.hasPeer ? `manifest: ${await tell('manifest')}` : 'not measured';
    rows.push({
      figure: `lost of events that arrive ${late} late`,
      ours: await tell('ours'),
      beside,
      ratio: '',
      reach: 'none',
    });
  }
  contenders.configure(farEnd.url, fakeToken());
  const killed = async (source: SourceName) => {
    const { recordsRead, states, recordsToRepeat } = await killAtHalfTime(
      contenders,
      source,
      farEnd,
      sizes.killedPages,
    );
    return `${states} (${thousands(recordsToRepeat)} of ${thousands(recordsRead)} records to read again)`;
  };
  rows.push({
    figure: 'states written before a kill at half time',
    ours: await killed('ours'),
    beside: contenders.hasPeer ? `manifest: ${await killed('manifest')}` : 'not measured',
    ratio: '',
    reach: 'one a page',
  });
  return rows;
}

/** The fast API asks for no token, but the connector reads the claims of the one it has. */
function fakeToken(): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  return `${encode({ alg: 'ES256' })}.${encode({ aud: [HOST] })}.${encode({})}`;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
