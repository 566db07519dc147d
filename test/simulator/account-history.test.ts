import { expect, test } from '@jest/globals';
import { type History, type HistoryOptions, tellHistory } from '../../simulator/account/history.ts';
import { SimulatedAccount } from '../../simulator/account/simulated-account.ts';
import { features } from '../../simulator/options.ts';
import { parseRfc3339 } from '../../simulator/rfc3339.ts';
import { Simulator } from '../../simulator/server.ts';

const SEEDS = Array.from({ length: 12 }, (_, index) => index + 1);
const BASELINE_AT = '2026-10-01T12:00:00.000000Z';

interface Interval {
  since: string | null;
  ended_at: string | null;
  ended_by: string | null;
}

interface AuditEvent {
  timestamp: string;
  actor_uuid: string;
  object_type: string;
  action: string;
  object_uuid: string;
  aux_uuid?: string;
  aux_info?: string;
}

function optionsOf(seed: number, rest: Partial<HistoryOptions> = {}): HistoryOptions {
  return {
    seed,
    accountUuid: 'ACCOUNT',
    people: 20,
    from: new Date('2026-07-23T00:00:00Z'),
    until: new Date('2026-11-20T00:00:00Z'),
    apiVersion: seed % 2 === 0 ? 'v1' : 'v2',
    counts: { auditevents: 4000, itemusages: 600, signinattempts: 600 },
    baselineAtMs: Date.parse(BASELINE_AT),
    ...rest,
  };
}

const histories = new Map<number, History>();

/** Tests read the same one. */
function historyOf(seed: number): History {
  const history = histories.get(seed) ?? tellHistory(optionsOf(seed));
  histories.set(seed, history);
  return history;
}

test('everything that can happen to access does happen in some account', () => {
  const truths = SEEDS.map((seed) => historyOf(seed).truth);

  const endings = (rows: (truth: History['truth']) => readonly Interval[]): string[] => {
    const all = truths.flatMap(rows);
    const told = all.map(({ since, ended_by }) => `${since === null ? 'older' : 'told'}, ${ended_by ?? 'lasts'}`);
    return [...new Set(told)].sort();
  };
  const both = (...ends: string[]): string[] => ends.flatMap((end) => [`older, ${end}`, `told, ${end}`]).sort();
  const { direct, group, members } = {
    direct: endings(({ direct_access }) => direct_access),
    group: endings(({ group_access }) => group_access),
    members: endings(({ memberships }) => memberships),
  };
  expect(direct).toEqual(both('lasts', 'revoked', 'user removed', 'vault deleted'));
  expect(group).toEqual(both('lasts', 'revoked', 'vault deleted', 'group deleted'));
  expect(members).toEqual(both('lasts', 'left', 'user removed', 'group deleted'));
});

test.each(['v1', 'v2'] as const)(
  'the records are those of the events that the simulator serves by %s',
  async (version) => {
    const options = optionsOf(7, { people: 40, apiVersion: version });
    const { seed, people, accountUuid, counts, from, until } = options;
    const simulator = await Simulator.start({ seed, accountUuid, now: () => until.getTime() });
    new SimulatedAccount(simulator, { people }).generate(counts, { from, to: until });
    const served = features.map((feature) => simulator.served(feature, version));
    await simulator.stop();

    const { records } = tellHistory(options);

    const plain = ({ timestamp: _timestamp, session: _session, ...event }: Record<string, unknown>): object => event;
    expect(Object.values(records).map((stream) => stream.map(({ data }) => plain({ ...data })))).toEqual(
      // V1 names the account in introspection alone.
      served.map((items) => items.map((item) => ({ ...plain(item), account_uuid: accountUuid }))),
    );
  },
);

test('records are emitted in the order of their arrival, by the sync after it, and some arrive late', () => {
  const { records } = historyOf(3);
  const usages = (records['item_usages'] ?? []).map(({ emitted_at, data }) => ({
    emitted_at,
    happenedMs: Date.parse((data as { timestamp: string }).timestamp),
  }));

  const emitted = usages.map(({ emitted_at }) => emitted_at);
  const waitedHours = usages.map(({ emitted_at, happenedMs }) => (emitted_at - happenedMs) / 3_600_000);
  expect(emitted).toEqual(emitted.toSorted((one, other) => one - other));
  expect(Math.min(...waitedHours)).toBeGreaterThan(0);
  expect(waitedHours.filter((hours) => hours > 48).length).toBeGreaterThan(0);
  expect(waitedHours.filter((hours) => hours < 6.1).length / usages.length).toBeGreaterThan(0.9);
});

test('what happened at the very time of a baseline had happened', () => {
  const options = optionsOf(5);
  const { truth } = historyOf(5);
  const [begun, ended] = [truth.direct_access.find(isTold), truth.direct_access.find(({ ended_at }) => ended_at)];
  const listedAt = (time: string | null | undefined): string[] => {
    const { baseline } = tellHistory({ ...options, baselineAtMs: parseRfc3339(time) });
    return baseline?.baseline_vault_access.map(({ vault_uuid, grantee_uuid }) => `${vault_uuid} ${grantee_uuid}`) ?? [];
  };

  expect(listedAt(begun?.since)).toContain(`${begun?.vault_uuid} ${begun?.user_uuid}`);
  expect(listedAt(ended?.ended_at)).not.toContain(`${ended?.vault_uuid} ${ended?.user_uuid}`);
});

function isTold({ since }: Interval): boolean {
  return since !== null;
}

interface Dated {
  atMs: number;
  user: string;
  kind: string;
  what: string;
}

/** Sorted by time. */
function datedOf<T>(history: History, stream: string, dated: (data: T) => Omit<Dated, 'atMs'>): Dated[] {
  return (history.records[stream] ?? [])
    .map(({ data }) => ({ atMs: Date.parse((data as AuditEvent).timestamp), ...dated(data as T) }))
    .sort((one, other) => one.atMs - other.atMs);
}

interface Usage {
  user: { uuid: string };
  action: string;
  item_uuid: string;
  client: { app_name: string };
}

interface SignIn {
  target_user: { uuid: string };
  category: string;
  client: { ip_address: string };
}

test('whatever ought to be found is in the records', () => {
  const within = (events: Dated[], atMs: number, minutes: number): Dated[] =>
    events.filter((event) => Math.abs(event.atMs - atMs) <= minutes * 60_000 + 1);
  const traces = SEEDS.flatMap((seed) => {
    const history = historyOf(seed);
    const usages = datedOf(history, 'item_usages', ({ user, action, item_uuid, client }: Usage) => ({
      user: user.uuid,
      kind: action,
      what: `${item_uuid} ${client.app_name}`,
    }));
    const signIns = datedOf(history, 'sign_in_attempts', ({ target_user, category, client }: SignIn) => ({
      user: target_user.uuid,
      kind: category,
      what: client.ip_address,
    }));
    const audit = datedOf(history, 'audit_events', ({ actor_uuid, object_type, action, object_uuid }: AuditEvent) => ({
      user: actor_uuid,
      kind: `${object_type}/${action}`,
      what: object_uuid,
    }));

    return history.truth.incidents.map(({ rule, user_uuid, at }) => {
      const atMs = Date.parse(at ?? '');
      const by = (events: Dated[]): Dated[] => events.filter(({ user }) => user === user_uuid);
      const kinds = (events: Dated[]): string[] => events.map(({ kind }) => kind);
      const distinct = (events: Dated[]): number => new Set(events.map(({ what }) => what)).size;
      const failures = (events: Dated[]): Dated[] => events.filter(({ kind }) => kind === 'credentials_failed');
      const hasPair = (...pairs: string[]): boolean =>
        kinds(within(by(audit), atMs, 3)).some((pair) => pairs.includes(pair));
      const isSeen = {
        items_taken_in_a_burst: () => distinct(within(by(usages), atMs, 10)) >= 20,
        failures_then_success: () =>
          failures(within(by(signIns), atMs, 60)).length >= 20 &&
          kinds(within(by(signIns), atMs, 0)).includes('success'),
        failed_sign_ins_burst_by_address: () => failures(within(signIns, atMs, 60)).length >= 20,
        impossible_travel: () => distinct(within(by(signIns), atMs, 60).filter(({ kind }) => kind === 'success')) >= 2,
        vault_exported_before_leaving: () =>
          kinds(by(audit).filter((event) => event.atMs <= atMs)).includes('vault/export'),
        vault_exported_by_newcomer: () => hasPair('vault/export'),
        gave_oneself_a_vault: () => hasPair('uva/grant'),
        gave_oneself_a_group: () => hasPair('gm/join'),
        gave_own_group_a_vault: () => hasPair('gva/grant'),
        took_secret_after_giving_oneself_access: () => kinds(within(by(usages), atMs, 5)).includes('reveal'),
        unknown_app: () => within(by(usages), atMs, 2).some(({ what }) => what.includes('vault-fetcher')),
        used_after_suspension: () => within(by(usages), atMs, 2).length > 0,
      }[rule];
      return { rule, isSeen: isSeen?.() };
    });
  });

  expect(traces.filter(({ isSeen }) => isSeen !== true)).toEqual([]);
  expect(new Set(traces.map(({ rule }) => rule)).size).toBe(12);
});
