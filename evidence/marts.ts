/** A value of a row as the marts give it: times are ISO text in UTC. */
export type Cell = string | number | boolean | null;

/**
 * Rows of the marts, in the columns that the report relies on. Times are ISO text in UTC, null where the log does not tell.
 * The package describes each column beside its model.
 */
export interface Control {
  framework: string;
  control: string;
  claim: string;
  limitation: string;
  population_model: string;
  population_name: string;
  population: number;
  /** False if the population is only what the log shows: nobody supplied a baseline. */
  population_is_complete: boolean;
  exception_rules: string;
  unjudged_rules: string | null;
  /** Rows of the population on which findings rest. */
  exceptions: number;
  /** Findings of the control's rules in the period that rest on no row of the population. */
  other_findings: number;
  /** Those of the two that somebody decided. They still count. */
  decided_exceptions?: number;
  decided_other_findings?: number;
  /** Rows of the population that depend on the order of two events of the same instant. */
  ambiguous_rows?: number;
  streams: string;
  /** What dated lists say of the log in the period, of the control that rests on it. */
  confirmation?: string | null;
  coverage: string;
  verdict: 'no exceptions' | 'exceptions' | 'not proven';
}

export interface StreamCoverage {
  stream: string;
  verdict: 'complete' | 'quiet' | 'gap' | 'stale' | 'empty' | 'not connected';
  reason: string;
  events: number;
  first_event_at: string | null;
  last_event_at: string | null;
  last_loaded_at: string | null;
  repeated_rows: number | null;
  derived_keys: number | null;
  undated_rows: number | null;
  /** Rows whose values a destination changed, as `_airbyte_meta` says; null where it says nothing. */
  changed_rows?: number | null;
  late_events: number | null;
  silent_days: number | null;
  longest_silence_days: number | null;
}

export interface StreamDay {
  stream: string;
  day: string;
  events: number;
  is_silent: boolean;
  is_settled: boolean;
}

export interface VaultAccess {
  vault_uuid: string;
  vault_name: string | null;
  user_uuid: string;
  user_name: string | null;
  user_email: string | null;
  path: 'direct' | 'group';
  group_uuid: string | null;
  group_name: string | null;
  since: string | null;
  known_since: string;
  basis: string;
  user_status: string;
  /** 1Password's names, separated by commas; null where no list tells them. */
  permissions: string | null;
  may_view_items: boolean | null;
  last_used_at: string | null;
  coverage_from: string | null;
}

export interface AccessChange {
  change: 'gained' | 'lost';
  vault_uuid: string;
  vault_name: string | null;
  user_uuid: string;
  user_name: string | null;
  user_email: string | null;
  path: 'direct' | 'group';
  group_uuid: string | null;
  group_name: string | null;
  changed_at: string;
  changed_by_uuid: string | null;
  ended_by: string | null;
}

export interface Mover {
  user_uuid: string;
  user_name: string | null;
  user_email: string | null;
  kind: string;
  status: string;
  invited_at: string | null;
  joined_at: string | null;
  suspended_at: string | null;
  reactivated_at: string | null;
  removed_at: string | null;
  left_on: string | null;
  /** When the last day was over everywhere, or `left_on` itself if that has a time. */
  gone_by: string | null;
  /** Until when the rule leaver_cut_off_late waits. */
  cut_off_due_at: string | null;
}

interface Member {
  user_uuid: string;
  kind: string;
  status: string;
  coverage_from: string | null;
}

interface AdminChange {
  event_uuid: string;
  occurred_at: string;
  area: string;
  sentence: string;
  severity: string;
  certainty: string;
  ip: string | null;
  country: string | null;
  city: string | null;
}

export interface ItemUse {
  occurred_at: string;
  user_uuid: string | null;
  vault_uuid: string | null;
  vault_name: string | null;
  item_uuid: string | null;
  item_name: string | null;
  exposes_secret: boolean | null;
  had_access: 'yes' | 'no' | 'unknown';
}

export interface SignIn {
  occurred_at: string;
  outcome: 'success' | 'failure' | 'unknown';
  stage: string | null;
  country: string | null;
}

export interface Finding {
  finding_id: string;
  rule: string;
  severity: string;
  first_at: string;
  last_at: string;
  subject: string | null;
  sentence: string;
  events: number;
  event_uuids: string | null;
  /** Whether what somebody decided covers the finding; if not, it has newer events. */
  is_decided?: boolean;
  decided_as?: string | null;
  decision_reason?: string | null;
  decided_by?: string | null;
  decided_at?: string | null;
  decided_until?: string | null;
}

interface Unclassified {
  stream: string;
  object_type: string | null;
  action: string | null;
  events: number;
  first_at: string;
  last_at: string;
}

interface Reconciled {
  /** The time of the baseline. */
  as_of: string;
  what: string;
  agrees: 'both' | 'only in log' | 'only in baseline';
}

/** A dated list of people, groups and vaults. What its maker did not tell is null. */
export interface Baseline {
  as_of: string;
  finished_at: string | null;
  taken_by_uuid: string | null;
  taken_by_email: string | null;
  tool: string | null;
  members_count: number | null;
  groups_count: number | null;
  group_members_count: number | null;
  vaults_count: number | null;
  vault_access_count: number | null;
}

/** Whether what two lists that follow one another tell differently is in the log. */
interface Confirmation {
  from_as_of: string;
  to_as_of: string;
  kind: string;
  changes: number;
  explained: number;
  unexplained: number;
  contradicted: number;
  /** False while the log was not loaded since the later list was read: what is missing may still come. */
  is_log_loaded: boolean;
  verdict: 'confirmed' | 'not confirmed' | 'nothing changed';
}

/** What was read, and when it was true. */
export interface About {
  package_version: string;
  dbt_version: string;
  /** With its version, where that is not dbt's own. */
  adapter: string;
  variables: Readonly<Record<string, unknown>>;
  /** The models that a query lacks, by its name; such a query is not asked. An older package asks all. */
  left_out?: Readonly<Record<string, readonly string[]>>;
  account_uuid: string | null;
  as_of: string;
  evidence_from: string;
  evidence_to: string;
  log_start: string | null;
  baseline_as_of: string | null;
  /** Since when the list of who has access is complete; null if it is not. */
  access_covered_from: string | null;
  members_covered_from: string | null;
}

/** The rows by the query that reads them (dbt/analyses/onepassword__evidence.sql in the repository). */
export interface Rows {
  controls: Control;
  'data coverage': StreamCoverage;
  'daily coverage': StreamDay;
  'access gained and lost': AccessChange;
  'joiners and leavers': Mover;
  findings: Finding;
  'unclassified events': Unclassified;
  reconciliation: Reconciled;
  baselines: Baseline;
  'log confirmation': Confirmation;
  'population vault access': VaultAccess;
  'population team members': Member;
  'population administrative changes': AdminChange;
  'population item access': ItemUse;
  'population sign-ins': SignIn;
}

export type Row = Readonly<Record<string, Cell>>;
