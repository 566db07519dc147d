import { expect, test } from '@jest/globals';
import { type History, type HistoryOptions, tellHistory } from '../../simulator/account/history.ts';
import { SimulatedAccount } from '../../simulator/account/simulated-account.ts';
import { features } from '../../simulator/options.ts';
import { parseRfc3339 } from '../../simulator/rfc3339.ts';
import { Simulator } from '../../simulator/server.ts';

const SEEDS = Array.from({ length: 30 }, (_, index) => index + 1);
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

/** Intervals by what was held and by whom, built from the events alone, on top of what was there before them. */
class Replay {
  readonly direct: Intervals;
  readonly group: Intervals;
  readonly members: Intervals;
  readonly roles = new Map<string, string>();
  readonly status = new Map<string, string>();
  readonly born = new Map<string, string>();
  readonly dead = new Map<string, string>();

  constructor({ truth, records }: History, until = '9') {
    this.direct = new Intervals(truth.direct_access.map((row) => [row.vault_uuid, row.user_uuid, row]));
    this.group = new Intervals(truth.group_access.map((row) => [row.vault_uuid, row.group_uuid, row]));
    this.members = new Intervals(truth.memberships.map((row) => [row.group_uuid, row.user_uuid, row]));
    for (const { user_uuid, joined_at, suspensions } of truth.people) {
      if (joined_at === null) this.status.set(user_uuid, suspensions[0]?.since === null ? 'suspended' : 'active');
    }
    const events = new Map(records['audit_events']?.map(({ data }) => [(data as { uuid: string }).uuid, data]));
    const inOrder = [...(events.values() as Iterable<AuditEvent>)]
      .filter(({ timestamp }) => timestamp <= until)
      .sort((one, other) => (one.timestamp < other.timestamp ? -1 : 1));
    for (const event of inOrder) this.#apply(event);
  }

  #apply({ timestamp: at, object_type, action, object_uuid: object, aux_uuid: aux = '', aux_info }: AuditEvent): void {
    const { direct, group, members } = this;
    const role = (): unknown => aux_info && this.roles.set(`${object} ${aux}`, aux_info === 'A' ? 'manager' : 'member');
    const gone = (): void => {
      this.status.set(object, 'removed');
      this.dead.set(object, at);
      direct.closeWhere((_, user) => user === object, at, 'user removed');
      members.closeWhere((_, user) => user === object, at, 'user removed');
    };
    const rules: Record<string, () => unknown> = {
      'uva/grant': () => direct.open(object, aux, at),
      'uva/revoke': () => direct.close(object, aux, at, 'revoked'),
      'gva/grant': () => group.open(object, aux, at),
      'gva/revoke': () => group.close(object, aux, at, 'revoked'),
      'gm/join': () => members.open(object, aux, at) && role(),
      'gm/role': role,
      'gm/leave': () => members.close(object, aux, at, 'left'),
      'user/join': () => this.#begin(object, at),
      'sa/create': () => this.#begin(object, at),
      'vault/create': () => this.born.set(object, at),
      'group/create': () => this.born.set(object, at),
      'user/suspend': () => this.status.set(object, 'suspended'),
      'user/reactive': () => this.status.set(object, 'active'),
      'user/delete': gone,
      'user/leave': gone,
      'sa/delete': gone,
      'vault/delete': () => {
        this.dead.set(object, at);
        direct.closeWhere((vault) => vault === object, at, 'vault deleted');
        group.closeWhere((vault) => vault === object, at, 'vault deleted');
      },
      'group/delete': () => {
        this.dead.set(object, at);
        members.closeWhere((holder) => holder === object, at, 'group deleted');
        group.closeWhere((_, holder) => holder === object, at, 'group deleted');
      },
    };
    rules[`${object_type}/${action}`]?.();
  }

  #begin(uuid: string, at: string): void {
    this.born.set(uuid, at);
    this.status.set(uuid, 'active');
  }
}

class Intervals {
  readonly rows: ({ what: string; who: string } & Interval)[];

  constructor(truth: [what: string, who: string, row: Interval][]) {
    this.rows = truth.flatMap(([what, who, { since }]) =>
      since === null ? [{ what, who, since, ended_at: null, ended_by: null }] : [],
    );
  }

  open(what: string, who: string, since: string): boolean {
    if (this.rows.some((row) => row.what === what && row.who === who && row.ended_at === null)) return false;
    this.rows.push({ what, who, since, ended_at: null, ended_by: null });
    return true;
  }

  close(what: string, who: string, at: string, by: string): void {
    this.closeWhere((thisWhat, thisWho) => thisWhat === what && thisWho === who, at, by);
  }

  closeWhere(isMeant: (what: string, who: string) => boolean, ended_at: string, ended_by: string): void {
    for (const row of this.rows) {
      if (row.ended_at === null && isMeant(row.what, row.who)) Object.assign(row, { ended_at, ended_by });
    }
  }

  at(time: string): { what: string; who: string }[] {
    return this.rows.filter(({ since, ended_at }) => (since ?? '') <= time && (ended_at === null || time < ended_at));
  }

  has(what: string, who: string, time: string): boolean {
    return this.at(time).some((row) => row.what === what && row.who === who);
  }
}

function sorted(rows: readonly object[]): string[] {
  return rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort();
}

test.each(SEEDS)('what is told as true is what the audit events add up to, seed %i', (seed) => {
  const history = historyOf(seed);
  const { truth } = history;
  const replay = new Replay(history);

  const named = (rows: readonly ({ what: string; who: string } & Interval)[], what: string, who: string): object[] =>
    rows.map(({ what: thisWhat, who: thisWho, ...interval }) => ({ [what]: thisWhat, [who]: thisWho, ...interval }));
  const memberships = truth.memberships.map(({ role: _role, ...membership }) => membership);
  expect(sorted(truth.direct_access)).toEqual(sorted(named(replay.direct.rows, 'vault_uuid', 'user_uuid')));
  expect(sorted(truth.group_access)).toEqual(sorted(named(replay.group.rows, 'vault_uuid', 'group_uuid')));
  expect(sorted(memberships)).toEqual(sorted(named(replay.members.rows, 'group_uuid', 'user_uuid')));
  expect(new Map(truth.people.map(({ user_uuid, status }) => [user_uuid, status]))).toEqual(replay.status);
  for (const { group_uuid, user_uuid, role, ended_at } of truth.memberships) {
    if (ended_at === null) expect(replay.roles.get(`${group_uuid} ${user_uuid}`) ?? role).toBe(role);
  }
  const lives = [
    ...truth.people.map((row) => [row.user_uuid, row.joined_at, row.removed_at] as const),
    ...truth.vaults.map((row) => [row.vault_uuid, row.since, row.deleted_at] as const),
    ...truth.groups.map((row) => [row.group_uuid, row.since, row.deleted_at] as const),
  ];
  for (const [uuid, since, end] of lives) {
    expect([since, end]).toEqual([replay.born.get(uuid) ?? null, replay.dead.get(uuid) ?? null]);
  }
});

test.each(SEEDS)('a usage has access if the events before it add up to access, seed %i', (seed) => {
  const history = historyOf(seed);
  const { records, truth } = history;
  const { direct, group, members } = new Replay(history);

  const replayed = new Map(
    records['item_usages']?.map(({ data }) => {
      const { uuid, timestamp, vault_uuid, user } = data as {
        uuid: string;
        timestamp: string;
        vault_uuid: string;
        user: { uuid: string };
      };
      const byGroup = group
        .at(timestamp)
        .some(({ what, who }) => what === vault_uuid && members.has(who, user.uuid, timestamp));
      return [uuid, byGroup || direct.has(vault_uuid, user.uuid, timestamp)];
    }),
  );

  expect(new Map(truth.usage_access.map(({ event_uuid, had_access }) => [event_uuid, had_access]))).toEqual(replayed);
  expect(new Set(replayed.values())).toEqual(new Set([true, false]));
});

test.each(SEEDS)('a baseline lists what the events up to its time add up to, seed %i', (seed) => {
  const history = historyOf(seed);
  const { baseline } = history;
  const replay = new Replay(history, BASELINE_AT);
  const as_of = BASELINE_AT;

  const access = [
    ...replay.direct
      .at(as_of)
      .map(({ what, who }) => ({ vault_uuid: what, grantee_type: 'user', grantee_uuid: who, as_of })),
    ...replay.group
      .at(as_of)
      .map(({ what, who }) => ({ vault_uuid: what, grantee_type: 'group', grantee_uuid: who, as_of })),
  ];
  const members = replay.members.at(as_of).map(({ what, who }) => ({ group_uuid: what, user_uuid: who, as_of }));
  const people = [...replay.status]
    .filter(([, status]) => status !== 'removed')
    .map(([user_uuid, status]) => ({ user_uuid, status }));
  expect(sorted(baseline?.baseline_vault_access ?? [])).toEqual(sorted(access));
  expect(sorted((baseline?.baseline_group_members ?? []).map(({ role: _role, ...row }) => row))).toEqual(
    sorted(members),
  );
  expect(sorted((baseline?.baseline_members ?? []).map(({ user_uuid, status }) => ({ user_uuid, status })))).toEqual(
    sorted(people),
  );
  for (const { group_uuid, user_uuid, role } of baseline?.baseline_group_members ?? []) {
    expect(replay.roles.get(`${group_uuid} ${user_uuid}`) ?? role).toBe(role);
  }
});

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
      served.map((items) => items.map(plain)),
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
