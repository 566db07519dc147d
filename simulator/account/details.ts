import type { Random } from '../random.ts';
import type { Person } from './people.ts';
import { farPlaces, type Place } from './places.ts';

/** Where an event happened, as far as an event tells it. */
export interface Origin {
  readonly place: Place;
  readonly ip: string;
}

/** A person as the V2 endpoints show one. */
export function userOf({ uuid, name, email, type, accountUuid }: Person): Record<string, unknown> {
  return { uuid, name, email, user_type: type, user_account_uuid: accountUuid };
}

/** Mostly home, now and then on a journey. */
export function originOf(person: Person, random: Random): Origin {
  const place = random.chance(0.04) ? random.pick(farPlaces) : person.home;
  return { place, ip: addressIn(place, person.host) };
}

/** Where nobody of the account lives. */
export function foreignOrigin(random: Random): Origin {
  const place = random.pick(farPlaces);
  return { place, ip: addressIn(place, random.integer(1, 254)) };
}

/** An address of the place's network. */
export function addressIn({ network }: Place, host: number): string {
  return `${network}${network.includes(':') ? host.toString(16) : host}`;
}

/** The `location` field: whole, in part, empty or left out, as far as the API could find one. */
export function locationField(
  { place }: Origin,
  random: Random,
  country = place.location.country,
): Record<string, unknown> {
  const location = { ...place.location, country };
  return random.weighted<Record<string, unknown>>([
    [86, { location }],
    [8, {}],
    [3, { location: { ...location, region: '', city: '' } }],
    [2, { location: { country } }],
    [1, { location: {} }],
  ]);
}

/** A date-time with that many fraction digits, in UTC or at an offset. */
export function timestampOf(atMs: number, digits: number, random: Random, offsetHours = 0): string {
  const wallClock = new Date(Math.floor(atMs) + offsetHours * 3_600_000).toISOString();
  const finer = String(random.integer(0, 999_999)).padStart(6, '0');
  const fraction = digits === 0 ? '' : `.${(wallClock.slice(20, 23) + finer).slice(0, digits)}`;
  const hours = String(Math.abs(offsetHours)).padStart(2, '0');
  const zone = offsetHours === 0 ? 'Z' : `${offsetHours < 0 ? '-' : '+'}${hours}:00`;
  return `${wallClock.slice(0, 19)}${fraction}${zone}`;
}

/** The details of a user in an audit event: the documentation gives these members alone. */
export function detailsOf({ uuid, name, email }: Person): Record<string, unknown> {
  return { uuid, name, email };
}
