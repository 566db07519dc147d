import type { Scenario } from './account.ts';
import { type AuditDraft, draft } from './audit-draft.ts';
import { detailsOf } from './details.ts';

/** Somebody works on the items of a vault. */
export const changeContent: Scenario = (account, random, atMs) => {
  const vault = account.vault(atMs);
  const actor = account.readerOf(vault, atMs);
  if (actor === undefined) return [];
  const item = random.pick(vault.items);
  const counts = `created:${random.integer(0, 3)},updated:${random.integer(1, 9)},deleted:${random.integer(0, 2)}`;
  return [
    random.weighted<AuditDraft>([
      [8, draft(actor, 'items', 'patch', vault.uuid, { aux_info: counts })],
      [2, draft(actor, 'item', 'share', item, { aux_uuid: vault.uuid })],
      [1, draft(actor, 'file', 'create', random.lowerId())],
      [1, draft(actor, 'item', 'create', item)],
      [1, draft(actor, 'item', 'update', item)],
    ]),
  ];
};

/** A person looks after their own devices and address. */
export const secureDevices: Scenario = (account, random, atMs) => {
  const person = account.member(atMs);
  const details = { object_details: detailsOf(person) };
  if (random.chance(0.15)) {
    const change = random.upperId();
    return ['begin', 'complete'].map((action) => draft(person, 'ec', action, change));
  }
  const action = random.pick(['dealldev', 'deolddev', 'reauth', 'tdvcsso', 'sdvcsso']);
  return [draft(person, 'user', action, person.uuid, details)];
};

const routine = [
  ['report', 'view'],
  ['report', 'export'],
  ['template', 'update'],
  ['slackapp', 'create'],
  ['vaultkey', 'update'],
  ['invite', 'update'],
  ['card', 'update'],
  ['sub', 'update'],
] as const;

/** What owners do beside. */
export const administerAside: Scenario = (account, random) => {
  const [objectType, action] = random.pick(routine);
  return [draft(account.owner(), objectType, action, random.lowerId())];
};
