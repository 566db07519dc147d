import type { Random } from '../random.ts';
import { type Client, memberClient, scimBridge } from './clients.ts';
import { type Place, places } from './places.ts';

/** Somebody who acts in the account: a member, a guest of another account, or a service account. */
export interface Person {
  readonly uuid: string;
  readonly name: string;
  readonly email: string;
  readonly accountUuid: string;
  readonly type: 'user' | 'external_user';
  readonly deviceUuid: string;
  readonly home: Place;
  readonly client: Client;
  /** Last part of the address they mostly come from. */
  readonly host: number;
  readonly isAdmin: boolean;
  readonly isServiceAccount: boolean;
  /** -Infinity if the log does not reach back so far. */
  invitedMs: number;
  joinedMs: number;
  /** The last one is open, to Infinity, while they are suspended. */
  readonly suspensions: { readonly fromMs: number; toMs: number }[];
  /** Infinity while they belong to the account. */
  removedMs: number;
}

/** What must be told of a person; the rest is drawn. */
export type PersonSketch = Pick<Person, 'name' | 'accountUuid'> & Partial<Person>;

const givenNames = [
  ...['Ada', 'Bruno', 'Chidi', 'Dalia', 'Emil', 'Farah', 'Goran', 'Hana', 'Idris', 'Jana', 'Kofi', 'Lena', 'Mateo'],
  ...[
    'Nadia',
    'Oskar',
    'Priya',
    'Quentin',
    'Rosa',
    'Samir',
    'Tove',
    'Uma',
    'Viktor',
    'Wanja',
    'Ximena',
    'Yusuf',
    'Zoé',
  ],
];
const familyNames = [
  ...['Abara', 'Bergström', 'Castellano', 'Drozd', 'Eriksen', 'Fontaine', 'Grewal', 'Haddad', 'Ivanović', 'Jensen'],
  ...['Kowalczyk', 'Lindqvist', 'Moreau', 'Nakagawa', "O'Dell", 'Pereira', 'Quist', 'Rautio', 'Sørby', 'Tanaka'],
];

/** An invented name; the larger the account, the more often one comes again. */
export function nameOf(random: Random): string {
  return `${random.pick(givenNames)} ${random.pick(familyNames)}`;
}

/** Completes a sketch to a person with a device, a home and an address of their own. */
export function personOf(random: Random, sketch: PersonSketch): Person {
  const uuid = random.upperId();
  // The name alone may come twice, an address must not.
  const mailbox = sketch.name
    .normalize('NFD')
    .toLowerCase()
    .replaceAll('ø', 'o')
    .replaceAll(/[^a-z ]/g, '')
    .replaceAll(' ', '.');
  return {
    uuid,
    email: `${mailbox}.${uuid.slice(0, 3).toLowerCase()}@example.com`,
    type: 'user',
    deviceUuid: random.lowerId(),
    home: random.pick(places),
    client: memberClient(sketch.name, random),
    host: random.integer(1, 254),
    isAdmin: false,
    isServiceAccount: false,
    invitedMs: Number.NEGATIVE_INFINITY,
    joinedMs: Number.NEGATIVE_INFINITY,
    suspensions: [],
    removedMs: Number.POSITIVE_INFINITY,
    ...sketch,
  };
}

/** A service account, whose address gives it away. */
export function serviceAccountOf(random: Random, name: string, accountUuid: string, client: Client): Person {
  const uuid = random.upperId();
  const email = `${uuid.toLowerCase()}@1passwordserviceaccounts.com`;
  return personOf(random, { uuid, name, email, accountUuid, client, isServiceAccount: true });
}

/** The SCIM Bridge, which signs in like a service account. */
export function bridgeOf(random: Random, accountUuid: string): Person {
  return serviceAccountOf(random, 'Provisioning', accountUuid, scimBridge);
}

/** Since when the person has been able to act without a break; for somebody who is active then. */
export function activeSince({ joinedMs, suspensions }: Person, atMs: number): number {
  return Math.max(joinedMs, ...suspensions.map(({ toMs }) => toMs).filter((toMs) => toMs <= atMs));
}

/** Whether the person belonged to the account then, suspended or not. */
export function belongs({ joinedMs, removedMs }: Person, atMs: number): boolean {
  return joinedMs <= atMs && atMs < removedMs;
}

/** Whether the person was suspended then. */
export function isSuspended({ suspensions }: Person, atMs: number): boolean {
  return suspensions.some(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs);
}

/** Whether the person belonged to the account then, and was not suspended. */
export function isActive(person: Person, atMs: number): boolean {
  return belongs(person, atMs) && !isSuspended(person, atMs);
}
