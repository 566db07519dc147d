import { beforeEach, expect, test } from '@jest/globals';
import { Random } from '../../simulator/random.ts';
import { catalogOf, STREAMS } from '../support/catalog.ts';
import { inParallel } from '../support/in-parallel.ts';
import { ConnectorOutput } from '../support/output.ts';
import { readBundle, start } from '../support/process.ts';
import { UNLIMITED, useSimulator } from '../support/use-simulator.ts';

/** `KILLS=1000 npx jest kill` kills in a thousand places; `KILL_SEED` repeats a run that failed. */
const KILLS = Number(process.env['KILLS'] ?? 50);
const SEED = Number(process.env['KILL_SEED'] ?? Date.now() % 1_000_000);
const KILLS_IN_A_ROW = 5;
const AT_A_TIME = 3;

const { api, config, generate } = useSimulator({ now: Date.now, budget: UNLIMITED });

beforeEach(async () => {
  generate({ auditevents: 2300, itemusages: 1400, signinattempts: 1200 });
});

test(
  'nothing is lost: killed at any byte, the next run carries on from the last state until every event has arrived',
  async () => {
    process.stdout.write(`${KILLS} kills with KILL_SEED=${SEED}\n`);
    const random = new Random(SEED);
    const uninterrupted = await readBundle({ config });
    const size = Buffer.byteLength(uninterrupted.stdout);
    const rows = Array.from({ length: Math.ceil(KILLS / KILLS_IN_A_ROW) }, () => placesOfOneRow(size, random));

    const warehouses = await inParallel(rows, AT_A_TIME, async (places) => {
      const warehouse = new Warehouse();
      for (const place of places) warehouse.load(await readUntilKilled(place, warehouse.state()));
      const last = await readBundle({ config, state: warehouse.state() });
      warehouse.load(last);
      return { exitCode: last.exitCode, holds: warehouse.uuids() };
    });

    const served = {
      audit_events: servedBy('auditevents'),
      item_usages: servedBy('itemusages'),
      sign_in_attempts: servedBy('signinattempts'),
    };
    expect(warehouses).toEqual(rows.map(() => ({ exitCode: 0, holds: served })));
  },
  60_000 + KILLS * 1_000,
);

/** How far each of the runs gets: together never further than one run to the end, so none of them ends before its kill. */
function placesOfOneRow(size: number, random: Random): number[] {
  const along = Array.from({ length: KILLS_IN_A_ROW }, () => random.integer(0, size - 1)).sort((a, b) => a - b);
  return along.map((place, index) => place - (along[index - 1] ?? 0));
}

/** What a destination holds, and the state that Airbyte keeps with it. */
class Warehouse {
  readonly #uuids = new Map<string, Set<unknown>>(STREAMS.map((stream) => [stream, new Set()]));
  readonly #states = new Map<string, object>();

  /** A stream's records count as loaded only if a STATE of that stream follows them. */
  load({ messages }: ConnectorOutput): void {
    const pending = new Map<string, unknown[]>(STREAMS.map((stream) => [stream, []]));
    for (const { record, state } of messages) {
      if (record !== undefined) pending.get(record.stream)?.push(record.data['uuid']);
      if (state === undefined) continue;
      const { name } = state.stream.stream_descriptor;
      for (const uuid of pending.get(name)?.splice(0) ?? []) this.#uuids.get(name)?.add(uuid);
      this.#states.set(name, state);
    }
  }

  state(): object[] {
    return [...this.#states.values()];
  }

  uuids(): object {
    return Object.fromEntries([...this.#uuids].map(([stream, uuids]) => [stream, [...uuids].sort()]));
  }
}

/** One of each: the API serves a few events twice. */
function servedBy(feature: 'auditevents' | 'itemusages' | 'signinattempts'): unknown[] {
  return [...new Set(api.served(feature, 'v1').map(({ uuid }) => uuid))].sort();
}

/** What stands on stdout up to that byte, where the connector is killed. The last line, cut in two, is no message. */
async function readUntilKilled(place: number, state: object[]): Promise<ConnectorOutput> {
  const { child, dispose } = start('read', { config, catalog: catalogOf(), state });
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= place) break;
  }
  child.kill('SIGKILL');
  dispose();
  const text = Buffer.concat(chunks).subarray(0, place).toString();
  return new ConnectorOutput(text.slice(0, text.lastIndexOf('\n') + 1), null);
}
