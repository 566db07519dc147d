import type { InputName } from './inputs.ts';
import type { Reading, Refusal, Viewer } from './lists.ts';

const LISTS: readonly (readonly [string, InputName])[] = [
  ['people and service accounts', 'baseline_members'],
  ['groups', 'baseline_groups'],
  ['members of groups', 'baseline_group_members'],
  ['vaults', 'baseline_vaults'],
  ['direct access to vaults', 'baseline_vault_access'],
];

/** What was read, in one table, and what was not. */
export function summaryOf(
  seeds: { count: (input: InputName) => number },
  { refusals, isOwner }: Reading,
  viewer: Viewer,
  folder: string,
): string {
  const rows = LISTS.map(([list, input]) => [list, seeds.count(input).toLocaleString('en-US')] as const);
  const width = Math.max(...rows.map(([list]) => list.length));
  const digits = Math.max(...rows.map(([, rowCount]) => rowCount.length));
  const table = rows.map(([list, rowCount]) => `  ${list.padEnd(width)}  ${rowCount.padStart(digits)}`);
  return [
    ...table,
    ...(isOwner()
      ? []
      : [
          `${printable(viewer.email ?? viewer.userUuid)} is in no group named Owners that could be read. What only owners see is missing, and the models leave it as it was.`,
        ]),
    ...leftOut(refusals),
    `The seeds are in ${folder}. You alone may read them: they name people.`,
  ].join('\n');
}

function leftOut(refusals: readonly Refusal[]): string[] {
  if (refusals.length === 0) return [];
  const names = refusals.map(({ what, id, name }) => `  ${what} ${id}${name === null ? '' : `  ${printable(name)}`}`);
  return [`${refusals.length} left out, because 1Password refused their lists:`, ...names.sort()];
}

/** A name may hold characters that would move the cursor of a terminal. */
export function printable(name: string): string {
  return name.replaceAll(/\p{C}/gu, ' ');
}
