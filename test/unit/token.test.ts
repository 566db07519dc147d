import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { eventsHost, isLegacy, REGIONS, readClaims, regionOf } from '../../src/events-api/token.ts';

function tokenWith(payload: unknown): string {
  return `header.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.signature`;
}

test('the claims tell the host, the event types and the expiry', () => {
  const token = tokenWith({ aud: ['events.1password.eu'], exp: 1_800_000_000, '1password.com/fts': ['auditevents'] });

  expect(readClaims(token)).toEqual({
    audience: 'events.1password.eu',
    features: ['auditevents'],
    expiresAtMs: 1_800_000_000_000,
  });
});

test('claims of unexpected types are as good as absent', () => {
  expect(readClaims(tokenWith({ aud: [7], exp: '1800000000', '1password.com/fts': ['auditevents', 1] }))).toEqual({});
  expect(readClaims(tokenWith({ aud: '', exp: 1e30, '1password.com/fts': 'auditevents' }))).toEqual({});
  expect(readClaims(tokenWith({ aud: {}, exp: null, '1password.com/fts': null }))).toEqual({});
});

test('an audience outside ASCII is read as UTF-8', () => {
  expect(readClaims(tokenWith({ aud: ['exämple'] }))).toEqual({ audience: 'exämple' });
});

test.each(['', 'opaque', 'a.b', 'a.b.c', 'a.b.c.d', `x.${btoa('null')}.y`, `x.${btoa('7')}.y`])(
  '%j is no JSON Web Token',
  (token) => {
    expect(readClaims(token)).toBeUndefined();
  },
);

test('no text makes the reading of claims fail', () => {
  fc.assert(
    fc.property(fc.string(), fc.jsonValue(), (text, payload) => {
      expect(() => readClaims(text)).not.toThrow();
      expect(() => readClaims(`a.${text}.b`)).not.toThrow();
      expect(() => readClaims(tokenWith(payload))).not.toThrow();
    }),
  );
});

test('each region has a host, and the host leads back to the region', () => {
  expect(REGIONS.map(eventsHost)).toEqual([
    'events.1password.com',
    'events.ent.1password.com',
    'events.1password.ca',
    'events.1password.eu',
  ]);
  expect(REGIONS.map((region) => regionOf({ audience: eventsHost(region).toUpperCase() }))).toEqual(REGIONS);
});

test('any other audience belongs to no region', () => {
  expect(regionOf({ audience: 'events.1password.com.attacker.example' })).toBeUndefined();
  expect(regionOf({})).toBeUndefined();
});

test('an audience that begins with com. marks a legacy token', () => {
  expect(isLegacy({ audience: 'com.1password.streamingservice' })).toBe(true);
  expect(isLegacy({ audience: 'events.1password.com' })).toBe(false);
  expect(isLegacy({})).toBe(false);
});
