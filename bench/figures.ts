/** The figures of speed, memory and size: each measures its contenders in turn and gives its rows of the table. */
import { statSync } from 'node:fs';
import type { Contenders } from './contenders.ts';
import type { FarEnd } from './far-end.ts';
import { type CommandLine, inTurn, measure, measureWallMs, median, medianUsage, type Reader } from './measure.ts';
import type { Sizes } from './sizes.ts';
import { type Row, seconds, thousands, times, unmeasured } from './table.ts';

const STREAMS = 3;
const PAGE_SIZE = 1000;
const LATENCY_MS = 250;
const REQUESTS_PER_MINUTE = 600;
const PEER_ROUNDS = 3;

export interface Bench {
  contenders: Contenders;
  farEnd: FarEnd;
  sizes: Sizes;
}

function run({ contenders, farEnd }: Bench, command: CommandLine, pages: number, reader: Reader = 'steady', ms = 0) {
  return async () => {
    await farEnd.set({ pages, latencyMs: ms });
    return measure(command, contenders.usageFile, reader);
  };
}

export async function measureBackfill(bench: Bench): Promise<Row[]> {
  const { contenders, farEnd, sizes } = bench;
  const pages = sizes.latencyPages;
  const rounds = Math.min(sizes.rounds, PEER_ROUNDS);
  const { chain, ours } = await inTurn(rounds, {
    chain: run(bench, contenders.bareChain(farEnd.url), pages, 'steady', LATENCY_MS),
    ours: run(bench, contenders.read('ours'), pages, 'steady', LATENCY_MS),
  });
  const { requests, mostAtOnce } = await farEnd.counts();
  const oursMs = medianUsage(ours).wallMs;
  const chainMs = medianUsage(chain).wallMs;
  const latencyMs = pages * LATENCY_MS;
  const floorMs = Math.max((requests / REQUESTS_PER_MINUTE) * 60_000, latencyMs);
  return [
    {
      figure: `backfill of three streams of ${pages} pages, ${LATENCY_MS} ms latency (${requests} requests, at most ${mostAtOnce} at once)`,
      ours: seconds(oursMs),
      beside: `floor, the larger of requests ÷ budget and pages × latency: ${seconds(floorMs)}`,
      ratio: times(oursMs / floorMs),
      reach: '≤ 1.05 times',
    },
    {
      figure: 'the same, as a burst that the budget allows',
      ours: seconds(oursMs),
      beside: `pages × latency alone: ${seconds(latencyMs)}`,
      ratio: times(oursMs / latencyMs),
      reach: '',
    },
    {
      figure: 'the same',
      ours: seconds(oursMs),
      beside: `a bare loop that fetches and parses, and writes nothing: ${seconds(chainMs)}`,
      ratio: times(oursMs / chainMs),
      reach: '≤ 1.05 times',
    },
  ];
}

export async function measureThroughput(bench: Bench): Promise<Row[]> {
  const { contenders, farEnd, sizes } = bench;
  const records = sizes.throughputPages * STREAMS * PAGE_SIZE;
  const results = await inTurn(sizes.rounds, {
    loop: run(bench, contenders.bareLoop(farEnd.url), sizes.throughputPages),
    ours: run(bench, contenders.read('ours'), sizes.throughputPages),
  });
  const ours = medianUsage(results.ours);
  const loop = medianUsage(results.loop);
  const perMillion = (cpuSeconds: number, of: number) => (cpuSeconds / of) * 1e6;
  const rate = records / (ours.wallMs / 1000);
  const oursCpu = perMillion(ours.cpuSeconds, records);
  const loopCpu = perMillion(loop.cpuSeconds, records);

  const speed = `${thousands(records)} records, no latency`;
  const rows: Row[] = [
    {
      figure: `${speed}: wall time`,
      ours: seconds(ours.wallMs),
      beside: `bare loop: ${seconds(loop.wallMs)}`,
      ratio: times(ours.wallMs / loop.wallMs),
      reach: '≤ 1.2 times',
    },
    {
      figure: 'CPU seconds a million records',
      ours: oursCpu.toFixed(1),
      beside: `bare loop: ${loopCpu.toFixed(1)}`,
      ratio: times(oursCpu / loopCpu),
      reach: '≤ 1.3 times',
    },
  ];
  const speedReach = '≥ 5 times as many';
  const cpuReach = '≥ 5.5 times less';
  if (!contenders.hasPeer) {
    rows.push(unmeasured('records a second', thousands(rate), speedReach));
    rows.push(unmeasured('CPU seconds a million records', oursCpu.toFixed(1), cpuReach));
    return rows;
  }
  const { manifest } = await inTurn(Math.min(sizes.rounds, PEER_ROUNDS), {
    manifest: run(bench, contenders.read('manifest'), sizes.peerPages),
  });
  const peer = medianUsage(manifest);
  const peerRecords = sizes.peerPages * STREAMS * PAGE_SIZE;
  const peerRate = peerRecords / (peer.wallMs / 1000);
  const peerCpu = perMillion(peer.cpuSeconds, peerRecords);
  rows.push(
    {
      figure: 'records a second',
      ours: thousands(rate),
      beside: `manifest, over ${thousands(peerRecords)}: ${thousands(peerRate)}`,
      ratio: times(rate / peerRate),
      reach: speedReach,
    },
    {
      figure: 'CPU seconds a million records',
      ours: oursCpu.toFixed(1),
      beside: `manifest: ${peerCpu.toFixed(1)}`,
      ratio: `${(peerCpu / oursCpu).toFixed(2)} times less`,
      reach: cpuReach,
    },
  );
  return rows;
}

export async function measureMemory(bench: Bench): Promise<Row[]> {
  const { contenders, farEnd, sizes } = bench;
  const { few, many } = sizes.memoryPages;
  const loop = contenders.bareLoop(farEnd.url);
  const read = contenders.read('ours');
  const rounds = Math.min(sizes.rounds, PEER_ROUNDS);
  const results = await inTurn(rounds, {
    loopFew: run(bench, loop, few),
    oursFew: run(bench, read, few),
    loopStalled: run(bench, loop, few, 'stalls'),
    oursStalled: run(bench, read, few, 'stalls'),
  });
  // Once only: that many requests take longer than a minute, by the budget of 600 a minute.
  const { loopMany, oursMany } = await inTurn(1, {
    loopMany: run(bench, loop, many),
    oursMany: run(bench, read, many),
  });
  const peak = (usages: Parameters<typeof medianUsage>[0]) => medianUsage(usages).peakMb;
  const mb = (value: number) => `${value.toFixed(0)} MB`;
  const records = (pages: number) => thousands(pages * STREAMS * PAGE_SIZE);
  const besideLoop = (figure: string, ours: number, loop: number): Row => ({
    figure,
    ours: mb(ours),
    beside: `bare loop: ${mb(loop)}`,
    ratio: `${ours >= loop ? '+' : ''}${mb(ours - loop)}`,
    reach: '≤ 25 MB over it',
  });
  return [
    {
      figure: `peak memory, ${records(many)} records`,
      ours: mb(peak(oursMany)),
      beside: `itself, ${records(few)} records: ${mb(peak(results.oursFew))}`,
      ratio: times(peak(oursMany) / peak(results.oursFew)),
      reach: '≤ 1.1 times',
    },
    besideLoop(`peak memory, ${records(many)} records`, peak(oursMany), peak(loopMany)),
    besideLoop(`peak memory, ${records(few)} records`, peak(results.oursFew), peak(results.loopFew)),
    besideLoop(`the same, with a reader that stalls`, peak(results.oursStalled), peak(results.loopStalled)),
  ];
}

export async function measureStart({ contenders, farEnd, sizes }: Bench): Promise<Row[]> {
  await farEnd.set({ pages: 1, latencyMs: 0 });
  const { nothing, spec, check } = await inTurn(sizes.startRounds, {
    nothing: () => measureWallMs(contenders.nothing()),
    spec: () => measureWallMs(contenders.spec('ours')),
    check: () => measureWallMs(contenders.check('ours')),
  });
  const nothingMs = median(nothing);
  const ours = { spec: median(spec), check: median(check) };
  const rows = (['spec', 'check'] as const).map((command) => ({
    figure: `\`${command}\` from cold`,
    ours: seconds(ours[command]),
    beside: `\`node -e 0\`: ${seconds(nothingMs)}`,
    ratio: times(ours[command] / nothingMs),
    reach: '≤ 1.5 times',
  }));
  const reach = '≥ 8 times faster';
  if (!contenders.hasPeer) {
    return [...rows, ...rows.map((row) => unmeasured(row.figure, row.ours, reach))];
  }
  const peer = await inTurn(Math.min(sizes.startRounds, PEER_ROUNDS), {
    spec: () => measureWallMs(contenders.spec('manifest')),
    check: () => measureWallMs(contenders.check('manifest')),
  });
  return [
    ...rows,
    ...(['spec', 'check'] as const).map((command) => ({
      figure: `\`${command}\` from cold`,
      ours: seconds(ours[command]),
      beside: `manifest: ${seconds(median(peer[command]))}`,
      ratio: `${(median(peer[command]) / ours[command]).toFixed(1)} times faster`,
      reach,
    })),
  ];
}

export function measureSize(): Row[] {
  const megabytes = statSync('dist/main.js').size / 1e6;
  return [
    { figure: 'size of `dist/main.js`', ours: `${megabytes.toFixed(2)} MB`, beside: '', ratio: '', reach: '≤ 5 MB' },
  ];
}
