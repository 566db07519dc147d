import * as Plot from '@observablehq/plot';
import { csvPathOf, type Evidence } from '../../evidence.ts';
import type { AccessChange, VaultAccess } from '../../marts.ts';
import { chart } from '../chart.ts';
import { figure } from '../figure.ts';
import { type Html, html } from '../html.ts';
import { table } from '../table.ts';
import { counted, label, longDate, minute, named, said } from '../words.ts';
import { movements } from './movements.ts';

const MOST_VAULTS = 40;
const MOST_PEOPLE = 60;

const PATHS = ['direct', 'direct and group', 'group'] as const;
type Path = (typeof PATHS)[number];

interface Holder {
  uuid: string;
  label: string;
  path: Path;
}

interface Vault {
  uuid: string;
  label: string;
  holders: Map<string, Holder>;
}

/** Who can open which vault at the end of the period, and what was gained and lost in it. */
export function accessSection({ about, rows }: Evidence): Html {
  const access = rows['population vault access'];
  const changes = rows['access gained and lost'];
  const csv = csvPathOf('population vault access');
  const changesCsv = csvPathOf('access gained and lost');
  const vaults = vaultsOf(access);
  const people = new Set(access.map(({ user_uuid }) => user_uuid)).size;
  const isWhole = about.access_covered_from !== null && about.access_covered_from <= about.evidence_to;
  const change = (what: AccessChange['change']): Html =>
    figure(changes.filter((row) => row.change === what).length, { csv: changesCsv, where: `change=${what}` });

  return html`
<section id="access" aria-labelledby="access-title">
  <h2 id="access-title">Who can open which vault</h2>
  <p>At the end of the period ${figure(people, { csv, distinct: 'user_uuid' })} ${people === 1 ? 'person' : 'people'} and service accounts
  hold ${figure(access.length, { csv })} access paths to ${figure(vaults.length, { csv, distinct: 'vault_uuid' })} vaults.
  In the period ${change('gained')} ways were gained and ${change('lost')} were lost.
  ${
    isWhole
      ? html`The list is <strong>complete since ${longDate(about.access_covered_from ?? '')}</strong>, the date of the baseline supplied.`
      : html`<strong>The list is not complete:</strong> it holds the access whose change the log shows.`
  }</p>
  ${vaults.length > 0 && bars(vaults)}
  ${vaults.length > 0 && matrix(vaults)}
  ${
    changes.length > 0 &&
    movements('Ways into vaults gained and lost, by week', about, [
      { word: 'gained', times: changes.filter((row) => row.change === 'gained').map(({ changed_at }) => changed_at) },
      { word: 'lost', times: changes.filter((row) => row.change === 'lost').map(({ changed_at }) => changed_at) },
    ])
  }
  ${accessTable(access, csv)}
  ${changesTable(changes, changesCsv)}
</section>`;
}

/** The vaults with their holders, the most open first. */
function vaultsOf(access: readonly VaultAccess[]): Vault[] {
  const vaults = new Map<string, Vault>();
  for (const row of access) {
    const { vault_uuid: uuid, user_uuid, path } = row;
    const vault = vaults.get(uuid) ?? { uuid, label: label(row.vault_name, uuid), holders: new Map<string, Holder>() };
    vaults.set(uuid, vault);
    const holder = vault.holders.get(user_uuid);
    if (holder === undefined) {
      const name = label(row.user_name ?? row.user_email, user_uuid);
      vault.holders.set(user_uuid, { uuid: user_uuid, label: name, path });
    } else if (holder.path !== path) holder.path = 'direct and group';
  }
  return [...vaults.values()].sort((a, b) => b.holders.size - a.holders.size || (a.uuid < b.uuid ? -1 : 1));
}

function firstOf(shown: number, all: number, one: string): string {
  return shown < all ? ` (the first ${shown} of ${counted(all, one)}; the CSV has all)` : '';
}

function bars(vaults: readonly Vault[]): Html {
  const shown = vaults.slice(0, MOST_VAULTS);
  const labels = new Map(shown.map(({ uuid, label }) => [uuid, label]));
  const segments = shown.flatMap(({ uuid, holders }) =>
    PATHS.map((path) => ({
      uuid,
      path,
      people: [...holders.values()].filter((holder) => holder.path === path).length,
    })),
  );
  const totals = shown.map(({ uuid, holders }) => ({ uuid, people: holders.size }));
  const [first] = shown;
  return chart(
    `People who can open each vault${firstOf(shown.length, vaults.length, 'vault')}`,
    `Most people, ${first?.holders.size}, can open ${first?.label}`,
    {
      height: 20 * shown.length + 24,
      marginLeft: 190,
      marginRight: 36,
      marginTop: 4,
      x: { axis: null },
      y: {
        label: null,
        domain: shown.map(({ uuid }) => uuid),
        tickFormat: (uuid: string) => labels.get(uuid),
        tickSize: 0,
      },
      color: { domain: PATHS, range: ['var(--direct)', 'var(--both)', 'var(--group)'] },
      marks: [
        Plot.barX(segments, {
          ...{ x: 'people', y: 'uuid', fill: 'path', order: [...PATHS], insetTop: 2, insetBottom: 2 },
          title: ({ uuid, path, people }) => `${labels.get(uuid)}: ${people} ${path}`,
        }),
        Plot.text(totals, {
          ...{ x: 'people', y: 'uuid', text: 'people', textAnchor: 'start', dx: 6, fill: 'var(--ink)' },
        }),
      ],
    },
    html`<li><span class="swatch direct"></span> directly</li>
  <li><span class="swatch both"></span> directly and through a group</li>
  <li><span class="swatch group"></span> through a group</li>`,
  );
}

function matrix(vaults: readonly Vault[]): Html {
  const shown = vaults.slice(0, MOST_VAULTS);
  const counts = new Map<string, { label: string; vaults: number }>();
  for (const { holders } of vaults) {
    for (const { uuid, label } of holders.values()) {
      const known = counts.get(uuid);
      if (known) known.vaults += 1;
      else counts.set(uuid, { label, vaults: 1 });
    }
  }
  const people = [...counts].sort(([a, first], [b, second]) => second.vaults - first.vaults || (a < b ? -1 : 1));
  const columns = people.slice(0, MOST_PEOPLE).map(([uuid]) => uuid);
  const cells = shown.flatMap(({ uuid, label, holders }) =>
    [...holders.values()]
      .filter((holder) => columns.includes(holder.uuid))
      .map((holder) => ({ ...holder, vault: uuid, vaultLabel: label })),
  );
  const labels = new Map(shown.map(({ uuid, label }) => [uuid, label]));
  const at = { x: 'uuid', y: 'vault' } as const;
  const of = (...paths: Path[]) => cells.filter(({ path }) => paths.includes(path));
  const title = ({ label, vaultLabel, path }: (typeof cells)[number]): string =>
    `${label} can open ${vaultLabel}: ${path}`;
  return chart(
    `Vaults and people${firstOf(shown.length, vaults.length, 'vault')}${firstOf(columns.length, people.length, 'person')}`,
    'A dot where somebody can open a vault; the table below says the same',
    {
      height: 18 * shown.length + 120,
      marginLeft: 190,
      marginBottom: 6,
      marginTop: 110,
      marginRight: 70,
      x: {
        ...{ type: 'point', axis: 'top', domain: columns, label: null, tickRotate: -60, tickSize: 0 },
        tickFormat: (uuid: string) => counts.get(uuid)?.label,
      },
      y: {
        ...{ type: 'point', domain: shown.map(({ uuid }) => uuid), label: null, tickSize: 0 },
        tickFormat: (uuid: string) => labels.get(uuid),
      },
      marks: [
        Plot.gridX({ stroke: 'var(--line)', strokeOpacity: 1 }),
        Plot.gridY({ stroke: 'var(--line)', strokeOpacity: 1 }),
        Plot.dot(of('group', 'direct and group'), {
          ...at,
          r: 5,
          stroke: 'var(--accent)',
          fill: 'var(--paper)',
          title,
        }),
        Plot.dot(of('direct', 'direct and group'), { ...at, r: 3, fill: 'var(--accent)', title }),
      ],
    },
    html`<li><svg width="14" height="14" aria-hidden="true"><circle cx="7" cy="7" r="3" class="dot-direct"/></svg> directly</li>
  <li><svg width="14" height="14" aria-hidden="true"><circle cx="7" cy="7" r="5" class="dot-group"/></svg> through a group</li>
  <li><svg width="14" height="14" aria-hidden="true"><circle cx="7" cy="7" r="5" class="dot-group"/><circle cx="7" cy="7" r="3" class="dot-direct"/></svg> both</li>`,
  );
}

const BASES: Readonly<Record<string, string>> = {
  granted: 'seen in the log',
  baseline: 'in the baseline',
  'older than the log': 'older than the log',
  'opening not seen': 'its start was not seen',
};

function accessTable(access: readonly VaultAccess[], csv: string): Html {
  const sorted = [...access].sort((a, b) =>
    `${a.vault_name ?? a.vault_uuid}\0${a.user_name}`.localeCompare(
      `${b.vault_name ?? b.vault_uuid}\0${b.user_name}`,
      'en',
    ),
  );
  return table(
    'Access at the end of the period',
    sorted,
    [
      { title: 'Vault', cell: (row) => named(row.vault_name, row.vault_uuid) },
      { title: 'Person', cell: (row) => named(row.user_name ?? row.user_email, row.user_uuid) },
      { title: 'Status', cell: (row) => row.user_status },
      {
        title: 'Path',
        cell: (row) => (row.path === 'direct' ? 'direct' : html`group ${named(row.group_name, row.group_uuid)}`),
      },
      {
        title: 'Since',
        cell: (row) => (row.since === null ? html`<span class="none">not known</span>` : minute(row.since)),
      },
      { title: 'Known from', cell: (row) => BASES[row.basis] ?? row.basis },
      {
        title: 'Last use',
        cell: (row) =>
          row.last_used_at === null ? html`<span class="none">none seen</span>` : minute(row.last_used_at),
      },
    ],
    { csv, order: 'by vault and person' },
  );
}

function changesTable(changes: readonly AccessChange[], csv: string): Html {
  return table(
    'Access gained and lost in the period',
    [...changes].reverse(),
    [
      { title: 'When (UTC)', cell: (row) => minute(row.changed_at) },
      { title: 'Change', cell: (row) => `${row.change === 'gained' ? '+' : '−'} ${row.change}` },
      { title: 'Vault', cell: (row) => named(row.vault_name, row.vault_uuid) },
      { title: 'Person', cell: (row) => named(row.user_name ?? row.user_email, row.user_uuid) },
      {
        title: 'Path',
        cell: (row) => (row.path === 'direct' ? 'direct' : html`group ${named(row.group_name, row.group_uuid)}`),
      },
      { title: 'Why it ended', cell: (row) => (row.change === 'lost' ? said(row.ended_by) : '') },
    ],
    { csv, order: 'newest first' },
  );
}
