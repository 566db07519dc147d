import { RecordMapper } from '../../src/records.ts';
import { streams } from '../../src/streams.ts';
import { toV1 } from '../events.ts';
import type { ApiItem, ApiVersion, Feature } from '../options.ts';
import { parseRfc3339 } from '../rfc3339.ts';
import type { Account } from './account.ts';
import { EventGenerator } from './event-generator.ts';
import { accessJudge, type Baseline, baselineOf, type Truth, timeOf, truthOf } from './truth.ts';

const SYNC_EVERY_MS = 6 * 3_600_000;

/** Which history to tell. */
export interface HistoryOptions {
  seed: number;
  accountUuid: string;
  /** How many people the account has when the log begins. */
  people: number;
  /** The log's span. */
  from: Date;
  until: Date;
  apiVersion: ApiVersion;
  counts: Readonly<Record<Feature, number>>;
  baselineAtMs?: number | undefined;
}

/** A record as the connector emits it. `emitted_at` is in epoch milliseconds. */
export interface LoadedRecord {
  emitted_at: number;
  data: object;
}

/** The records of an account by stream, in the order of their arrival, and what was true of it meanwhile. */
export interface History {
  records: Readonly<Record<string, readonly LoadedRecord[]>>;
  truth: Truth & {
    account_uuid: string;
    log_start: string | null;
    until: string | null;
    usage_access: { event_uuid: string; had_access: boolean }[];
  };
  baseline: Baseline | undefined;
  /** The account after its last event; it knows what was so at any time before. */
  account: Account;
}

/** Invents an account and its events, and tells both what they say and what was true. Same options, same history. */
export function tellHistory(options: HistoryOptions): History {
  const { seed, accountUuid, people, from, until, baselineAtMs } = options;
  const generator = new EventGenerator(seed, accountUuid, people);
  const records = Object.fromEntries(
    streams.map(({ name, feature }) => [name, recordsOf(generator, feature as Feature, options)]),
  );
  const { account } = generator;
  return {
    records,
    truth: {
      account_uuid: accountUuid,
      log_start: timeOf(from.getTime()),
      until: timeOf(until.getTime()),
      ...truthOf(account, until.getTime()),
      usage_access: usageAccess(records['item_usages'] ?? [], accessJudge(account)),
    },
    baseline: baselineAtMs === undefined ? undefined : baselineOf(account, baselineAtMs),
    account,
  };
}

/** Each record is loaded by the first sync that starts after its arrival; the last ones come after the log's end. */
function recordsOf(generator: EventGenerator, feature: Feature, options: HistoryOptions): LoadedRecord[] {
  const { accountUuid, counts, from, until, apiVersion } = options;
  const stream = streams.find((candidate) => candidate.feature === feature);
  if (stream === undefined) throw new Error(`no stream has the feature ${feature}`);
  const warn = (message: string): never => {
    throw new Error(`The generator made an event that is out of the ordinary. ${message}`);
  };
  const mapper = new RecordMapper(stream, warn, accountUuid);

  let [syncMs, placeInSync] = [0, 0];
  return generator.arrivals(feature, counts[feature], from, until).map(({ item, arrivedMs }) => {
    const nextSyncMs = Math.ceil(arrivedMs / SYNC_EVERY_MS) * SYNC_EVERY_MS;
    placeInSync = nextSyncMs === syncMs ? placeInSync + 1 : 0;
    syncMs = nextSyncMs;
    return { emitted_at: syncMs + placeInSync, data: mapper.map(served(item, apiVersion)).data };
  });
}

/** As it comes out of the API: the mapper changes what it is given, and the same item may come twice. */
function served(item: ApiItem, version: ApiVersion): ApiItem {
  return JSON.parse(JSON.stringify(version === 'v1' ? toV1(item) : item)) as ApiItem;
}

function usageAccess(
  usages: readonly LoadedRecord[],
  hadAccess: (userUuid: string, vaultUuid: string, atMs: number) => boolean,
): { event_uuid: string; had_access: boolean }[] {
  const byEvent = new Map<string, boolean>();
  for (const { data } of usages) {
    const usage = data as { uuid: string; timestamp: string; vault_uuid: string; user: { uuid: string } };
    const atMs = parseRfc3339(usage.timestamp) ?? Number.NaN;
    byEvent.set(usage.uuid, hadAccess(usage.user.uuid, usage.vault_uuid, atMs));
  }
  return [...byEvent].map(([event_uuid, had_access]) => ({ event_uuid, had_access }));
}
