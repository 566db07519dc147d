import * as Plot from '@observablehq/plot';
import { csvPathOf, type Evidence, type FileFacts } from '../../evidence.ts';
import type { AccessChange, VaultAccess } from '../../marts.ts';
import { chart, WIDTH } from '../chart.ts';
import { csvLink } from '../csv-link.ts';
import { type Html, html } from '../html.ts';
import { roomFor, shortName } from '../labels.ts';
import { leftOut } from '../left-out.ts';
import { circle, square } from '../legend.ts';
import { metric } from '../metric.ts';
import { table } from '../table.ts';
import { longDate, minute, nameOrId, text, thousands } from '../words.ts';
import { gainsAndLosses } from './gains-and-losses.ts';

const MOST_VAULTS = 40;
const MOST_PEOPLE = 60;
/** The size of the slanted names above the matrix, in pixels. */
const COLUMN_LETTER = 10;

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
export function accessSection(evidence: Evidence): Html {
  const { about, rows, files } = evidence;
  const access = rows['population vault access'];
  const changes = rows['access gained and lost'];
  const csv = csvPathOf('population vault access');
  const changesCsv = csvPathOf('access gained and lost');
  const vaults = vaultsOf(access);
  const people = new Set(access.map(({ user_uuid }) => user_uuid)).size;
  const isWhole = about.access_covered_from !== null && about.access_covered_from <= about.evidence_to;
  const change = (what: AccessChange['change']): Html =>
    metric(changes.filter((row) => row.change === what).length, { csv: changesCsv, where: `change=${what}` });
  const noChanges = leftOut(evidence, 'access gained and lost');

  return html`
  <p>At the end of the period ${metric(people, { csv, distinct: 'user_uuid' })} people and service accounts
  have ${metric(access.length, { csv })} access paths to ${metric(vaults.length, { csv, distinct: 'vault_uuid' })} vaults, each path direct or through a group.
  ${ofPermissions(access, csv)}
  ${noChanges === undefined && html`In the period ${change('gained')} access paths were gained and ${change('lost')} were lost.`}
  ${
    isWhole
      ? html`The list has been <strong>complete since ${longDate(about.access_covered_from ?? '')}</strong>, the date of the baseline supplied.`
      : html`<strong>The list is not complete:</strong> it has only the access whose changes are in the log.`
  }</p>
  ${vaults.length > 0 && bars(vaults)}
  ${vaults.length > 0 && matrix(vaults)}
  ${
    changes.length > 0 &&
    gainsAndLosses('Access paths gained and lost, by week', about, [
      { word: 'gained', times: changes.filter((row) => row.change === 'gained').map(({ changed_at }) => changed_at) },
      { word: 'lost', times: changes.filter((row) => row.change === 'lost').map(({ changed_at }) => changed_at) },
    ])
  }
  ${accessTable(access, files)}
  ${noChanges ?? changesTable(changes, files)}`;
}

/** Access that only manages opens nothing, and of most access no list tells what it permits. */
function ofPermissions(access: readonly VaultAccess[], csv: string): Html {
  const count = (mayView: boolean | null): Html =>
    metric(access.filter(({ may_view_items }) => may_view_items === mayView).length, {
      csv,
      where: `may_view_items=${mayView ?? ''}`,
    });
  return html`According to the permissions in the lists, ${count(true)} of these paths allow viewing items and ${count(false)} do not; for ${count(null)} the permissions are unknown.`;
}

/** The vaults with their holders, the most open first. */
function vaultsOf(access: readonly VaultAccess[]): Vault[] {
  const vaults = new Map<string, Vault>();
  for (const row of access) {
    const { vault_uuid: uuid, user_uuid, path } = row;
    const vault = vaults.get(uuid) ?? {
      uuid,
      label: shortName(row.vault_name, uuid),
      holders: new Map<string, Holder>(),
    };
    vaults.set(uuid, vault);
    const holder = vault.holders.get(user_uuid);
    if (holder === undefined) {
      const name = shortName(row.user_name ?? row.user_email, user_uuid);
      vault.holders.set(user_uuid, { uuid: user_uuid, label: name, path });
    } else if (holder.path !== path) holder.path = 'direct and group';
  }
  return [...vaults.values()].sort((a, b) => b.holders.size - a.holders.size || (a.uuid < b.uuid ? -1 : 1));
}

function firstOf(shown: number, all: number, many: string): string {
  return shown < all ? ` (the first ${shown} of ${thousands(all)} ${many}; the CSV has all)` : '';
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
    `People who can open each vault${firstOf(shown.length, vaults.length, 'vaults')}`,
    `Most people, ${first?.holders.size}, can open ${first?.label}`,
    {
      height: 20 * shown.length + 24,
      marginLeft: roomFor([...labels.values()]),
      marginRight: roomFor(totals.map((total) => `${total.people}`)),
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
          x: 'people',
          y: 'uuid',
          fill: 'path',
          order: [...PATHS],
          insetTop: 2,
          insetBottom: 2,
          title: ({ uuid, path, people }) => `${labels.get(uuid)}: ${people} ${path}`,
        }),
        Plot.text(totals, {
          x: 'people',
          y: 'uuid',
          text: 'people',
          textAnchor: 'start',
          dx: 6,
          fill: 'var(--ink)',
        }),
      ],
    },
    [
      [square('direct'), 'directly'],
      [square('both'), 'directly and through a group'],
      [square('group'), 'through a group'],
    ],
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
  const labels = new Map(shown.map(({ uuid, label }) => [uuid, label]));
  const slanted = roomFor(
    people.slice(0, MOST_PEOPLE).map(([, { label }]) => label),
    COLUMN_LETTER,
  );
  const marginLeft = roomFor([...labels.values()]);
  const marginRight = Math.ceil(slanted / 2);
  const marginTop = Math.ceil(slanted * Math.sin(Math.PI / 3)) + COLUMN_LETTER;
  const most = Math.min(MOST_PEOPLE, Math.floor((WIDTH - marginLeft - marginRight) / (1.2 * COLUMN_LETTER)));
  const columns = people.slice(0, most).map(([uuid]) => uuid);
  const cells = shown.flatMap(({ uuid, label, holders }) =>
    [...holders.values()]
      .filter((holder) => columns.includes(holder.uuid))
      .map((holder) => ({ ...holder, vault: uuid, vaultLabel: label })),
  );
  const at = { x: 'uuid', y: 'vault' } as const;
  const of = (...paths: Path[]) => cells.filter(({ path }) => paths.includes(path));
  const title = ({ label, vaultLabel, path }: (typeof cells)[number]): string =>
    `${label} can open ${vaultLabel}: ${path}`;
  return chart(
    `Vaults and people${firstOf(shown.length, vaults.length, 'vaults')}${firstOf(columns.length, people.length, 'people')}`,
    'A dot where somebody can open a vault; the table below says the same',
    {
      height: 18 * shown.length + marginTop + 10,
      marginLeft,
      marginBottom: 6,
      marginTop,
      marginRight,
      x: { type: 'point', domain: columns },
      y: {
        type: 'point',
        domain: shown.map(({ uuid }) => uuid),
        label: null,
        tickSize: 0,
        tickFormat: (uuid: string) => labels.get(uuid),
      },
      marks: [
        Plot.axisX({
          anchor: 'top',
          label: null,
          tickRotate: -60,
          tickSize: 0,
          tickFormat: (uuid: string) => counts.get(uuid)?.label,
          fontSize: COLUMN_LETTER,
        }),
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
    [
      [circle(3, 'accent'), 'directly'],
      [circle(5, 'accent-line'), 'through a group'],
      [html`${circle(5, 'accent-line')}${circle(3, 'accent')}`, 'both'],
    ],
  );
}

const BASES: Readonly<Record<string, string>> = {
  granted: 'granted in the log',
  baseline: 'in the baseline',
  'older than the log': 'older than the log',
  'opening not seen': 'a later change; its start is not in the log',
};

function accessTable(access: readonly VaultAccess[], files: readonly FileFacts[]): Html {
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
      { title: 'Vault', cell: (row) => nameOrId(row.vault_name, row.vault_uuid) },
      { title: 'Person', cell: (row) => nameOrId(row.user_name ?? row.user_email, row.user_uuid) },
      { title: 'Status', cell: (row) => row.user_status },
      {
        title: 'Path',
        cell: (row) => (row.path === 'direct' ? 'direct' : html`group ${nameOrId(row.group_name, row.group_uuid)}`),
      },
      {
        title: 'Since',
        cell: (row) => (row.since === null ? html`<span class="none">not known</span>` : minute(row.since)),
      },
      { title: 'Known from', cell: (row) => BASES[row.basis] ?? row.basis },
      { title: 'May view items', cell: permissionCell },
      {
        title: 'Last use',
        cell: (row) =>
          row.last_used_at === null ? html`<span class="none">none seen</span>` : minute(row.last_used_at),
      },
    ],
    { csv: csvLink(csvPathOf('population vault access'), files), order: 'by vault and person' },
  );
}

function permissionCell({ permissions, may_view_items }: VaultAccess): Html {
  if (may_view_items === null) return html`<span class="none">not known</span>`;
  return html`<span title="${permissions?.replaceAll(',', ', ')}">${may_view_items ? 'yes' : 'no'}</span>`;
}

function changesTable(changes: readonly AccessChange[], files: readonly FileFacts[]): Html {
  return table(
    'Access gained and lost in the period',
    [...changes].reverse(),
    [
      { title: 'When (UTC)', cell: (row) => minute(row.changed_at) },
      { title: 'Change', cell: (row) => `${row.change === 'gained' ? '+' : '−'} ${row.change}` },
      { title: 'Vault', cell: (row) => nameOrId(row.vault_name, row.vault_uuid) },
      { title: 'Person', cell: (row) => nameOrId(row.user_name ?? row.user_email, row.user_uuid) },
      {
        title: 'Path',
        cell: (row) => (row.path === 'direct' ? 'direct' : html`group ${nameOrId(row.group_name, row.group_uuid)}`),
      },
      { title: 'Why it ended', cell: (row) => (row.change === 'lost' ? text(row.ended_by) : '') },
    ],
    { csv: csvLink(csvPathOf('access gained and lost'), files), order: 'newest first' },
  );
}
