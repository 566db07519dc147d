import type { Row } from '../../evidence/marts.ts';
import {
  access,
  accessChange,
  adminChange,
  control,
  finding,
  itemUse,
  type Marts,
  mover,
  signIn,
  unclassified,
  wholeMarts,
} from './marts.ts';

/** Names as somebody may choose them who wants to harm the page or its reader, or who writes in another script. */
const NAMES: readonly string[] = [
  '<script>document.title = "taken"</script>',
  '</title></svg><img src=x onerror="document.title=\'taken\'">',
  '"><style>* { display: none }</style>',
  '\u202Eكلمات סודיות\u202C',
  '👩‍👩‍👧‍👦 Família 🔐',
  'x'.repeat(10_000),
  '=HYPERLINK("http://example.com";"click")',
  '#{7*7} {{7*7}} <!-- --> ]]> &amp; &lt;',
  'line\nbreak\tand\u0000nothing\uD800',
];

/** Every name wherever the events may carry one. */
export function hostileMarts(): Marts {
  const each = <T>(make: (name: string, number: number) => T): T[] => NAMES.map(make);
  const user = (name: string, number: number): Row => ({
    user_uuid: `user-${number}`,
    user_name: name,
    user_email: null,
  });
  const vault = (name: string, number: number): Row => ({ vault_uuid: `vault-${number}`, vault_name: name });
  return wholeMarts({
    controls: [control({ exceptions: NAMES.length, population: NAMES.length })],

    'access gained and lost': each((name, n) =>
      accessChange({ ...user(name, n), ...vault(name, n), path: 'group', group_name: name }),
    ),
    'joiners and leavers': each((name, n) => mover({ ...user(name, n) })),
    findings: each((name, n) => finding({ finding_id: `f${n}`, subject: name, sentence: name, event_uuids: name })),
    'unclassified events': each((name) => unclassified({ object_type: name, action: name })),
    'population vault access': each((name, n) =>
      access({ ...user(name, n), ...vault(name, n), path: 'group', group_name: name }),
    ),
    'population administrative changes': each((name, n) =>
      adminChange({ event_uuid: `e${n}`, sentence: name, ip: name, city: name }),
    ),
    'population item access': each((name, n) => itemUse({ ...vault(name, n), item_uuid: `i${n}`, item_name: name })),
    'population sign-ins': each((name, n) => signIn({ event_uuid: `s${n}`, country: name })),
  });
}

/** A large account of which no names are known, and one vault with the widest name that there is. */
export function bareMarts(): Marts {
  const identifiers = (count: number, letters: string): string[] =>
    Array.from({ length: count }, (_, number) => {
      const start = (number * 7_919).toString(32).padStart(6, '0');
      return [...`${start}${letters}`].slice(0, 26).join('');
    });
  const users = identifiers(70, 'QWMZ2TXKNHJ5VRWYD4LBCGE3AU').map((uuid) => uuid.toUpperCase());
  const vaults = identifiers(45, 'mqwz2txknhj5vrwyd4lbcge3au');
  const nameless = { user_name: null, user_email: null, item_name: null };
  const held = users.flatMap((user_uuid, user) =>
    vaults
      .filter((_, vault) => (user * vault) % 5 === 1)
      .map((vault_uuid) => ({
        ...nameless,
        user_uuid,
        vault_uuid,
        vault_name: vault_uuid === vaults[1] ? 'W'.repeat(40) : null,
      })),
  );
  return wholeMarts({
    controls: [control({ population: held.length, exceptions: 0 })],
    'population vault access': held.map((row) => access(row)),
    'access gained and lost': held.map((row) => accessChange(row)),
    'joiners and leavers': users.map((user_uuid) => mover({ ...nameless, user_uuid })),
    'population item access': held.flatMap((row, number) =>
      Array.from({ length: 1 + (number % 30) }, (_, use) =>
        itemUse({ ...row, event_uuid: `e${number}-${use}`, item_uuid: vaults[number % 20] ?? '' }),
      ),
    ),
    'population sign-ins': Array.from({ length: 12_345 }, (_, number) => signIn({ event_uuid: `s${number}` })),
  });
}
