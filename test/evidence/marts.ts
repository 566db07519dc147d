import { DAY_MS, type MartLine, periodName, type QueryName } from '../../evidence/evidence.ts';
import type { About, Cell, Row } from '../../evidence/marts.ts';

/** What the warehouse answers in a test, by query: whole rows, in the columns that the report relies on and some more. */
export interface Marts {
  about: About;
  rows: Readonly<Record<QueryName, readonly Row[]>>;
}

const FROM = '2026-07-01T00:00:00.000000Z';
const TO = '2026-10-01T00:00:00.000000Z';
const AS_OF = '2026-10-08T00:00:00.000000Z';
const LISTED_AT = '2026-06-29T08:00:00.000000Z';
const STREAMS = ['audit_events', 'item_usages', 'sign_in_attempts'];

const ABOUT: About = {
  package_version: '0.1.0',
  dbt_version: '1.11.16',
  adapter: 'duckdb 1.11.1',
  variables: {
    onepassword_settle_days: 2,
    onepassword_inputs: { vault_names: 'v', group_names: 'g', item_names: 'i', leavers: 'l' },
  },
  account_uuid: '6TRLV4ZKHNDB7QWJX2CYOE5AGM',
  as_of: AS_OF,
  evidence_from: FROM,
  evidence_to: TO,
  log_start: '2026-03-31T03:10:20.000000Z',
  baseline_as_of: '2026-06-29T08:00:00.000000Z',
  access_covered_from: '2026-06-29T08:00:00.000000Z',
  members_covered_from: '2026-06-29T08:00:00.000000Z',
};

export function control(over: Row = {}): Row {
  return {
    framework: 'SOC 2',
    control: 'CC6.3',
    claim: 'The access known at the end of the period is listed for a review',
    limitation: 'the review itself and its decisions',
    population_model: 'onepassword__current_vault_access',
    population_name: 'vault access',
    population: 1,
    population_is_complete: true,
    exception_rules: 'gave_oneself_a_vault, dormant_with_access',
    unjudged_rules: null,
    exceptions: 1,
    other_findings: 0,
    streams: 'audit_events, item_usages',
    coverage: 'covered',
    verdict: 'exceptions',
    ...over,
  };
}

export function coverage(stream: string, over: Row = {}): Row {
  return {
    stream,
    verdict: 'complete',
    reason: 'The stream was loaded in the last 24 hours and has no unexplained gap.',
    events: 191,
    first_event_at: '2026-03-31T03:10:20.000000Z',
    last_event_at: '2026-10-07T16:05:00.000000Z',
    first_loaded_at: '2026-03-31T06:00:00.000000Z',
    last_loaded_at: '2026-10-07T18:00:00.000000Z',
    repeated_rows: 0,
    derived_keys: 0,
    undated_rows: 0,
    late_events: 0,
    silent_days: 0,
    longest_silence_days: 0,
    ...over,
  };
}

export function access(over: Row = {}): Row {
  return {
    vault_uuid: 'w2kqz7tnxhvb5rjyd4lmcge3au',
    vault_name: 'Finance',
    user_uuid: 'M7QZ2TXKNHJ5VRWYD4LBCGE3AU',
    user_name: 'Olu Park',
    user_email: 'olu.park@example.com',
    path: 'direct',
    group_uuid: null,
    group_name: null,
    since: null,
    known_since: '2026-06-29T08:00:00.000000Z',
    basis: 'baseline',
    user_status: 'active',
    permissions: 'view_items,edit_items',
    may_view_items: true,
    last_used_at: null,
    coverage_from: '2026-06-29T08:00:00.000000Z',
    ...over,
  };
}

export function finding(over: Row = {}): Row {
  return {
    finding_id: '0cc175b9c0f1b6a831c399e269772661',
    rule: 'gave_oneself_a_vault',
    severity: 'high',
    first_at: '2026-08-03T10:00:00.000000Z',
    last_at: '2026-08-03T10:00:00.000000Z',
    subject: 'Olu Park',
    sentence: 'Olu Park gave themselves the vault Finance',
    events: 1,
    event_uuids: 'F5XDRGR54Z4ELQWCM5FU43KX47',
    ...over,
  };
}

export function adminChange(over: Row = {}): Row {
  return {
    event_uuid: 'F5XDRGR54Z4ELQWCM5FU43KX47',
    occurred_at: '2026-08-03T10:00:00.000000Z',
    area: 'vault access',
    sentence: 'Olu Park gave Olu Park access to the vault Finance',
    severity: 'medium',
    certainty: 'documented',
    ip: '198.51.100.12',
    country: 'Canada',
    city: 'Ottawa',
    ...over,
  };
}

export function itemUse(over: Row = {}): Row {
  return {
    event_uuid: 'HK2MQZ7TNXVB5RWYD4LCGE3AUJ',
    occurred_at: '2026-08-04T09:00:00.000000Z',
    user_uuid: 'M7QZ2TXKNHJ5VRWYD4LBCGE3AU',
    vault_uuid: 'w2kqz7tnxhvb5rjyd4lmcge3au',
    vault_name: 'Finance',
    item_uuid: 'r5tnqz2kxhjb7vwdl4ycmg3aeu',
    item_name: 'Stripe API key',
    exposes_secret: true,
    had_access: 'yes',
    ...over,
  };
}

export function signIn(over: Row = {}): Row {
  return {
    event_uuid: 'JN4PQZ7TNXVB5RWYD4LCGE3AUK',
    occurred_at: '2026-08-04T08:59:00.000000Z',
    outcome: 'success',
    stage: 'credentials',
    country: 'CA',
    ...over,
  };
}

export function mover(over: Row = {}): Row {
  return {
    user_uuid: 'NYQRPQUXXXRNJ7QD37IMCQOGUN',
    user_name: 'Dalia Bergström',
    user_email: 'dalia@example.com',
    kind: 'person',
    status: 'removed',
    invited_at: null,
    joined_at: null,
    suspended_at: null,
    reactivated_at: null,
    removed_at: '2026-09-02T15:00:00.000000Z',
    left_on: '2026-09-02T00:00:00.000000Z',
    gone_by: '2026-09-03T12:00:00.000000Z',
    cut_off_due_at: '2026-09-04T12:00:00.000000Z',
    ...over,
  };
}

export function baseline(over: Row = {}): Row {
  return {
    as_of: LISTED_AT,
    finished_at: '2026-06-29T08:04:00.000000Z',
    account_uuid: '6TRLV4ZKHNDB7QWJX2CYOE5AGM',
    taken_by_uuid: 'M7QZ2TXKNHJ5VRWYD4LBCGE3AU',
    taken_by_email: 'olu.park@example.com',
    tool: '1password-evidence 0.1.0 with op 2.32.0',
    members_count: 1,
    groups_count: 1,
    group_members_count: 1,
    vaults_count: 1,
    vault_access_count: 1,
    ...over,
  };
}

export function confirmation(over: Row = {}): Row {
  return {
    from_as_of: LISTED_AT,
    to_as_of: AS_OF,
    kind: 'vault access',
    changes: 3,
    explained: 3,
    unexplained: 0,
    contradicted: 0,
    is_log_loaded: true,
    verdict: 'confirmed',
    ...over,
  };
}

function member(over: Row = {}): Row {
  return { user_uuid: 'M7QZ2TXKNHJ5VRWYD4LBCGE3AU', kind: 'person', status: 'active', coverage_from: FROM, ...over };
}

export function accessChange(over: Row = {}): Row {
  const { basis, known_since, last_used_at, since, user_status, permissions, may_view_items, coverage_from, ...path } =
    access();
  const changed = {
    change: 'gained',
    changed_at: '2026-08-03T10:00:00.000000Z',
    changed_by_uuid: null,
    ended_by: null,
  };
  return { ...path, ...changed, ...over };
}

/** A small account about which all is known. */
export function wholeMarts(over: Partial<Marts['rows']> = {}, about: Partial<About> = {}): Marts {
  return {
    about: { ...ABOUT, ...about },
    rows: {
      controls: [control()],
      'data coverage': STREAMS.map((stream) => coverage(stream)),
      'daily coverage': STREAMS.flatMap((stream) => days('2026-03-31', '2026-10-08').map((day) => dayRow(stream, day))),
      'access gained and lost': [accessChange()],
      'joiners and leavers': [mover()],
      findings: [finding()],
      'unclassified events': [],
      reconciliation: [{ as_of: LISTED_AT, what: 'member', user_uuid: 'M7QZ2TXKNHJ5VRWYD4LBCGE3AU', agrees: 'both' }],
      baselines: [baseline(), baseline({ as_of: AS_OF })],
      'log confirmation': [confirmation()],
      'population vault access': [access()],
      'population team members': [member()],
      'population administrative changes': [adminChange()],
      'population item access': [itemUse()],
      'population sign-ins': [signIn()],
      ...over,
    },
  };
}

/** The columns of rows that may be none. */
const COLUMNS: Readonly<Record<QueryName, Row>> = {
  controls: control(),
  'data coverage': coverage('audit_events'),
  'daily coverage': dayRow('audit_events', '2026-07-01'),
  'access gained and lost': accessChange(),
  'joiners and leavers': mover(),
  findings: finding(),
  'unclassified events': unclassified(),
  reconciliation: { as_of: '', what: '', user_uuid: '', agrees: '' },
  baselines: baseline(),
  'log confirmation': confirmation(),
  'population vault access': access(),
  'population team members': member(),
  'population administrative changes': adminChange(),
  'population item access': itemUse(),
  'population sign-ins': signIn(),
};

export function unclassified(over: Row = {}): Row {
  const first_at = '2026-08-03T10:00:00.000000Z';
  return {
    stream: 'audit_events',
    object_type: 'user',
    action: 'newthing',
    events: 3,
    first_at,
    last_at: first_at,
    ...over,
  };
}

function dayRow(stream: string, day: string, over: Row = {}): Row {
  return { stream, day, events: 1, is_silent: false, is_settled: day < '2026-10-06', ...over };
}

/** The days from `first` to before `end`. */
function days(first: string, end: string): string[] {
  const count = (Date.parse(end) - Date.parse(first)) / DAY_MS;
  return Array.from({ length: count }, (_, day) =>
    new Date(Date.parse(first) + day * DAY_MS).toISOString().slice(0, 10),
  );
}

/** The columns that identify a row of what is sampled. */
const KEYS: Readonly<Partial<Record<QueryName, readonly string[]>>> = {
  findings: ['finding_id'],
  'population vault access': ['vault_uuid', 'user_uuid', 'path', 'group_uuid'],
  'population team members': ['user_uuid'],
  'population administrative changes': ['event_uuid'],
  'population item access': ['event_uuid'],
  'population sign-ins': ['event_uuid'],
};

/** As read_marts.py tells it. */
export async function* readingsOf({ about, rows }: Marts): AsyncGenerator<MartLine> {
  yield { about };
  for (const [name, listed] of Object.entries(rows) as [QueryName, readonly Row[]][]) {
    const columns = Object.keys(listed[0] ?? COLUMNS[name]);
    const sql = `select * from ${name.replaceAll(' ', '_')}`;
    const key = KEYS[name];
    const sample = key && { key, seed: periodName(about), rows: 25, sql: `${sql} limit 25` };
    yield { query: { name, sql, columns, ...(sample && { sample }) } };
    for (const row of listed) yield { row: columns.map((column): Cell => row[column] ?? null) };
  }
}
