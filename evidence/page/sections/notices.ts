import { DAY_MS, type Evidence, type QueryName } from '../../evidence.ts';
import { type Html, html } from '../html.ts';
import { leftOutModels } from '../left-out.ts';
import { longDate, plural, ruleName, streamName } from '../words.ts';

/** What a reader has to know before anything else: where this evidence is thinner than it looks. */
export function noticesOf({ about, rows, signIns, itemUse }: Evidence): Html[] {
  const leftOut = leftOutModels(about, Object.keys(about.left_out ?? {}) as QueryName[]);
  const disabled = (about.variables['onepassword_disabled_rules'] as string[] | undefined) ?? [];
  return [
    leftOut.length > 0
      ? html`<strong>Parts of this report are left out:</strong> the dbt project does not build ${leftOut.join(', ')}.`
      : undefined,
    ...ofTime(about, rows['data coverage']),
    ...ofStreams(rows['data coverage']),
    ...ofAccess(about),
    ...ofLists(rows.findings),
    ...ofRules(disabled),
    ...ofInputs(about.variables['onepassword_inputs'], disabled, rows.controls),
    ...ofRows(rows),
    leftOut.length === 0 &&
    rows['population administrative changes'].length === 0 &&
    itemUse.uses === 0 &&
    total(signIns.total) === 0
      ? html`<strong>The period has no events.</strong> No item usage, sign-in or administrative change in it is on record.`
      : undefined,
  ].filter((notice) => notice !== undefined);
}

function total(counts: object): number {
  return Object.values(counts).reduce((sum: number, count: number) => sum + count, 0);
}

function ofTime(about: Evidence['about'], streams: Evidence['rows']['data coverage']): Html[] {
  const { as_of, evidence_from, evidence_to, variables } = about;
  const settledMs = Date.parse(evidence_to) + Number(variables['onepassword_settle_days'] ?? 0) * DAY_MS;
  const notices: Html[] = [];
  if (as_of < evidence_to) {
    notices.push(
      html`<strong>The period is not over.</strong> It ends after ${longDate(as_of)}, the time of this evidence.`,
    );
  } else if (Date.parse(as_of) < settledMs) {
    notices.push(
      html`<strong>The period is not settled.</strong> Its last days are so recent that events of them may still arrive.`,
    );
  }
  const late = streams.filter(({ first_event_at }) => first_event_at !== null && first_event_at > evidence_from);
  if (late.length > 0) {
    const begins = late.map(
      ({ stream, first_event_at }) => `${streamName(stream)} on ${longDate(first_event_at ?? '')}`,
    );
    notices.push(
      html`<strong>The log starts after the start of the period:</strong> ${begins.join(', ')}. Nothing is known of the days before.`,
    );
  }
  return notices;
}

function ofStreams(streams: Evidence['rows']['data coverage']): Html[] {
  return streams
    .filter(({ verdict }) => verdict !== 'complete')
    .map(
      ({ stream, verdict, reason }) =>
        html`<strong>The ${streamName(stream)} are ${verdict === 'gap' ? 'interrupted' : verdict}.</strong> ${reason}`,
    );
}

function ofAccess({ access_covered_from, baseline_as_of, evidence_to }: Evidence['about']): Html[] {
  if (access_covered_from !== null && access_covered_from <= evidence_to) return [];
  const cause =
    baseline_as_of === null
      ? 'Nobody supplied a dated list of who has access (a baseline)'
      : `The baseline of ${longDate(baseline_as_of)} lacks one of its three lists, is older than the log, or is later than the period`;
  return [
    html`<strong>The access shown is access whose change was seen, not everybody’s.</strong> ${cause}, so access that is older than the log and has not changed since is missing here.`,
  ];
}

function ofLists(findings: Evidence['rows']['findings']): Html[] {
  const missing = findings.filter(({ rule }) => rule === 'change_not_in_log').length;
  if (missing === 0) return [];
  return [
    html`<strong>${plural(missing, 'change is', 'changes are')} not in the log.</strong> Two dated lists show <a href="#lists">what was never captured</a>.`,
  ];
}

const NAMES = { vault_names: 'Vaults', group_names: 'groups', item_names: 'items' };

function ofRules(disabled: readonly string[]): Html[] {
  if (disabled.length === 0) return [];
  return [
    html`<strong>${plural(disabled.length, 'rule is', 'rules are')} disabled:</strong> ${disabled.map(ruleName).join(', ')}. Nothing was looked for that they would find.`,
  ];
}

function ofInputs(supplied: unknown, disabled: readonly string[], controls: Evidence['rows']['controls']): Html[] {
  const inputs = Object.keys((supplied as object | undefined) ?? {});
  const notices: Html[] = [];
  const nameless = Object.entries(NAMES).filter(([input]) => !inputs.includes(input));
  if (nameless.length > 0) {
    const things = nameless.map(([, thing]) => thing).join(', ');
    const needed = nameless.map(([input]) => input).join(', ');
    notices.push(
      html`<strong>No names were supplied for ${things.toLowerCase()}.</strong> Events carry identifiers alone, so these are shown (inputs ${needed}).`,
    );
  }
  const unjudged = new Set(
    controls
      .flatMap(({ unjudged_rules }) => unjudged_rules?.split(/, */) ?? [])
      .filter((rule) => !disabled.includes(rule)),
  );
  if (unjudged.size > 0) {
    notices.push(
      html`<strong>${plural(unjudged.size, 'rule')} could not be applied to the whole period</strong>, because an input, days on record or an earlier baseline is missing: ${[...unjudged].map(ruleName).join(', ')}.`,
    );
  }
  return notices;
}

function ofRows(rows: Evidence['rows']): Html[] {
  const undated = rows['data coverage'].reduce((sum, { undated_rows }) => sum + (undated_rows ?? 0), 0);
  const unknown = rows['unclassified events'].reduce((sum, { events }) => sum + events, 0);
  const notices: Html[] = [];
  if (undated > 0) {
    notices.push(
      html`<strong>${plural(undated, 'event has', 'events have')} no time.</strong> They are on record, but in none of the lists, because they cannot be placed in the period.`,
    );
  }
  const changed = rows['data coverage'].reduce((sum, { changed_rows }) => sum + (changed_rows ?? 0), 0);
  if (changed > 0) {
    notices.push(
      html`<strong>The destination changed values of ${plural(changed, 'row')}</strong> while it loaded them, so parts of these events are missing here. The section on coverage says of which streams.`,
    );
  }
  if (unknown > 0) {
    notices.push(
      html`<strong>The meaning of ${plural(unknown, 'event')} is not known to the package.</strong> They are counted in the last but one section, and no rule is applied to them.`,
    );
  }
  return notices;
}
