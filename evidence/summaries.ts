import type { ItemUse, SignIn } from './marts.ts';

/** Counts of sign-ins by outcome. */
export interface Outcomes {
  success: number;
  failure: number;
  unknown: number;
}

/** The sign-ins of the period, counted while their rows pass by. */
export class SignInSummary {
  /** By day, `2026-07-03`. */
  readonly days = new Map<string, Outcomes>();
  /** By country as the events spell it; the empty text where they do not tell. */
  readonly countries = new Map<string, Outcomes>();
  readonly stages = new Map<string, Outcomes>();
  readonly total: Outcomes = noOutcomes();

  add({ occurred_at, outcome, country, stage }: SignIn): void {
    this.total[outcome] += 1;
    entry(this.days, occurred_at.slice(0, 10), noOutcomes)[outcome] += 1;
    entry(this.countries, country ?? '', noOutcomes)[outcome] += 1;
    entry(this.stages, stage ?? '', noOutcomes)[outcome] += 1;
  }
}

/** How often an item was used, and by how many people. */
export interface ItemTotals {
  vault_uuid: string | null;
  vault_name: string | null;
  item_uuid: string | null;
  item_name: string | null;
  uses: number;
  /** Those of the uses that showed or handed out the secret. */
  exposures: number;
  people: Set<string>;
  last_used_at: string;
}

/** The item usages of the period, counted while their rows pass by. */
export class ItemUseSummary {
  readonly items = new Map<string, ItemTotals>();
  readonly access = { yes: 0, no: 0, unknown: 0 };
  uses = 0;
  exposures = 0;

  add(use: ItemUse): void {
    const { vault_uuid, vault_name, item_uuid, item_name, occurred_at } = use;
    const item = entry(this.items, `${vault_uuid}/${item_uuid}`, () => ({
      vault_uuid,
      vault_name,
      item_uuid,
      item_name,
      last_used_at: occurred_at,
      uses: 0,
      exposures: 0,
      people: new Set<string>(),
    }));
    this.uses += 1;
    this.access[use.had_access] += 1;
    item.uses += 1;
    if (item.last_used_at < occurred_at) item.last_used_at = occurred_at;
    if (!use.exposes_secret) return;
    this.exposures += 1;
    item.exposures += 1;
    if (use.user_uuid !== null) item.people.add(use.user_uuid);
  }
}

function noOutcomes(): Outcomes {
  return { success: 0, failure: 0, unknown: 0 };
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
