import { parse } from 'csv-parse/sync';
import auditPairs from '../dbt/seeds/onepassword_audit_pairs.csv';
import itemActions from '../dbt/seeds/onepassword_item_actions.csv';
import signInOutcomes from '../dbt/seeds/onepassword_sign_in_outcomes.csv';

/** The kinds of events that the seeds of the dbt package give a meaning. */
const KNOWN: Readonly<Record<string, (item: Record<string, unknown>) => boolean>> = {
  auditevents: knowing(auditPairs, ['object_type', 'action']),
  itemusages: knowing(itemActions, ['action']),
  signinattempts: (item) => knowsOutcome(item) && knowsDetail(item),
};

const knowsOutcome = knowing(signInOutcomes, ['category']);
const typed = knowing(signInOutcomes, ['type']);
const knowsDetail = (item: Record<string, unknown>) => !item['type'] || typed(item);

/** Whether the pair, the action, or the category and the type of this event are among them. */
export function isKnownKind(feature: string, item: Record<string, unknown>): boolean {
  return KNOWN[feature]?.(item) ?? false;
}

function knowing(csv: string, columns: readonly string[]): (item: Record<string, unknown>) => boolean {
  const rows = parse(csv, { columns: true }) as Record<string, string>[];
  const known = new Set(rows.map((row) => JSON.stringify(columns.map((column) => row[column]))));
  return (item) => known.has(JSON.stringify(columns.map((column) => item[column])));
}
