import * as Plot from '@observablehq/plot';
import { csvPathOf, type Evidence } from '../../evidence.ts';
import type { ItemTotals } from '../../summaries.ts';
import { chart } from '../chart.ts';
import { csvLink } from '../csv-link.ts';
import { type Html, html } from '../html.ts';
import { roomFor, shortName } from '../labels.ts';
import { metric } from '../metric.ts';
import { table } from '../table.ts';
import { minute, nameOrId, thousands } from '../words.ts';

const MOST = 15;

/** Which shared secrets were seen by the most people, and how often they were used. */
export function itemsSection({ itemUse, files }: Evidence): Html {
  const csv = csvPathOf('population item access');
  const items = [...itemUse.items.values()].sort(
    (a, b) =>
      b.people.size - a.people.size || b.exposures - a.exposures || (`${a.item_uuid}` < `${b.item_uuid}` ? -1 : 1),
  );
  return html`
  <p>${metric(itemUse.uses, { csv })} uses of ${metric(items.length, { csv, distinct: 'vault_uuid,item_uuid' })} items in shared vaults;
  ${metric(itemUse.exposures, { csv, where: 'exposes_secret=true' })} of the uses showed, copied, filled in or exported a secret.
  At the time of the use, the person had access according to the log or the baseline in ${metric(itemUse.access.yes, { csv, where: 'had_access=yes' })} uses
  and no access in ${metric(itemUse.access.no, { csv, where: 'had_access=no' })}; for ${metric(itemUse.access.unknown, { csv, where: 'had_access=unknown' })} uses this is not known.</p>
  ${items.length > 0 && bars(items.slice(0, MOST))}
  ${table(
    'Items by the number of people who got their secret',
    items,
    [
      { title: 'Item', cell: (row) => nameOrId(row.item_name, row.item_uuid) },
      { title: 'Vault', cell: (row) => nameOrId(row.vault_name, row.vault_uuid) },
      { title: 'People', kind: 'number', cell: ({ people }) => thousands(people.size) },
      { title: 'Secret shown or taken', kind: 'number', cell: ({ exposures }) => thousands(exposures) },
      { title: 'All uses', kind: 'number', cell: ({ uses }) => thousands(uses) },
      { title: 'Last use (UTC)', cell: ({ last_used_at }) => minute(last_used_at) },
    ],
    { csv: csvLink(csv, files), counted: true, shown: 100, order: 'the most exposed first' },
  )}`;
}

function bars(items: readonly ItemTotals[]): Html {
  const keyed = items.map((item) => ({
    ...item,
    key: `${item.vault_uuid}/${item.item_uuid}`,
    number: item.people.size,
  }));
  const labels = new Map(keyed.map((item) => [item.key, shortName(item.item_name, item.item_uuid)]));
  const texts = new Map(
    keyed.map((item) => [
      item.key,
      `${item.number}  ·  ${thousands(item.exposures)} times  ·  ${shortName(item.vault_name, item.vault_uuid)}`,
    ]),
  );
  const [first] = keyed;
  return chart(
    'People who got the secret of an item',
    `${first && labels.get(first.key)} has most people, ${first?.number}`,
    {
      height: 22 * keyed.length + 12,
      marginLeft: roomFor([...labels.values()]),
      marginRight: roomFor([...texts.values()]),
      marginTop: 4,
      marginBottom: 8,
      x: { axis: null },
      y: {
        label: null,
        domain: keyed.map(({ key }) => key),
        tickFormat: (key: string) => labels.get(key),
        tickSize: 0,
      },
      marks: [
        Plot.barX(keyed, { x: 'number', y: 'key', fill: 'var(--accent)', insetTop: 3, insetBottom: 3 }),
        Plot.text(keyed, {
          x: 'number',
          y: 'key',
          textAnchor: 'start',
          dx: 6,
          fill: 'var(--muted)',
          text: ({ key }) => texts.get(key),
        }),
      ],
    },
  );
}
