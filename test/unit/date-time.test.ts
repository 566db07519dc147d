import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { normalizeDateTime, parseDateTime } from '../../src/events-api/date-time.ts';

const wholeSeconds = fc
  .date({ min: new Date('0001-01-02T00:00:00Z'), max: new Date('9999-12-30T00:00:00Z'), noInvalidDate: true })
  .map((date) => `${date.toISOString().slice(0, 19)}`);
const fractions = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 15 });
const offsets = fc.tuple(
  fc.constantFrom('+', '-'),
  fc.integer({ min: 0, max: 23 }).map((hours) => String(hours).padStart(2, '0')),
  fc.integer({ min: 0, max: 59 }).map((minutes) => String(minutes).padStart(2, '0')),
);

test('any number of fraction digits becomes exactly six, cut off and never rounded', () => {
  fc.assert(
    fc.property(wholeSeconds, fractions, (seconds, fraction) => {
      const expected = `${seconds}.${`${fraction}000000`.slice(0, 6)}Z`;

      expect(normalizeDateTime(`${seconds}.${fraction}Z`)).toBe(expected);
    }),
  );
});

test('a date-time at an offset becomes the same instant in UTC', () => {
  fc.assert(
    fc.property(wholeSeconds, fractions, offsets, (seconds, fraction, [sign, hours, minutes]) => {
      const normalized = normalizeDateTime(`${seconds}.${fraction}${sign}${hours}:${minutes}`);

      const wholeSecond = new Date(`${seconds}${sign}${hours}:${minutes}`).toISOString().slice(0, 19);
      expect(normalized).toBe(`${wholeSecond}.${`${fraction}000000`.slice(0, 6)}Z`);
    }),
  );
});

test('a normalised date-time stays as it is', () => {
  fc.assert(
    fc.property(wholeSeconds, fractions, offsets, (seconds, fraction, [sign, hours, minutes]) => {
      const once = normalizeDateTime(`${seconds}.${fraction}${sign}${hours}:${minutes}`) ?? '';

      expect(once).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$/);
      expect(normalizeDateTime(once)).toBe(once);
    }),
  );
});

test('any text at all is either read or refused, and never makes it fail', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(normalizeDateTime(text) ?? '0000-00-00T00:00:00.000000Z').toMatch(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{6}Z$/);
    }),
  );
});

test.each([
  ['2026-10-03T08:12:44Z', '2026-10-03T08:12:44.000000Z'],
  ['2026-10-03T08:12:44.5Z', '2026-10-03T08:12:44.500000Z'],
  ['2026-10-03T08:12:44.207Z', '2026-10-03T08:12:44.207000Z'],
  ['2026-10-03T08:12:44.318204771Z', '2026-10-03T08:12:44.318204Z'],
  ['2026-10-03T08:12:44.9999999999Z', '2026-10-03T08:12:44.999999Z'],
  ['2026-10-03T00:30:00+01:00', '2026-10-02T23:30:00.000000Z'],
  ['2026-12-31T23:59:59.25-00:30', '2027-01-01T00:29:59.250000Z'],
  ['2026-10-03T08:12:44-00:00', '2026-10-03T08:12:44.000000Z'],
  ['2026-10-03t08:12:44z', '2026-10-03T08:12:44.000000Z'],
  ['2026-10-03 08:12:44Z', '2026-10-03T08:12:44.000000Z'],
  ['2024-02-29T12:00:00Z', '2024-02-29T12:00:00.000000Z'],
  ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000000Z'],
])('%s becomes %s', (text, expected) => {
  expect(normalizeDateTime(text)).toBe(expected);
});

test.each([
  '',
  'yesterday',
  '1759479164',
  '2026-10-03',
  '2026-10-03T08:12:44',
  '2026-10-03T08:12Z',
  '2026-10-03T08:12:44.Z',
  '2026-10-03T08:12:44,5Z',
  '2026-02-30T00:00:00Z',
  '2025-02-29T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-00-10T00:00:00Z',
  '2026-10-03T24:00:00Z',
  '2026-10-03T08:60:00Z',
  '2026-10-03T08:12:61Z',
  '2026-10-03T08:12:44+24:00',
  '2026-10-03T08:12:44+01:60',
  '2026-10-03T08:12:44+0100',
  ' 2026-10-03T08:12:44Z',
  '2026-10-03T08:12:44Z\n',
  '12026-10-03T08:12:44Z',
  '9999-12-31T23:30:00-01:00',
])('%j is no date-time', (text) => {
  expect(normalizeDateTime(text)).toBeUndefined();
});

test('a date-time is known to the millisecond', () => {
  expect(parseDateTime('2026-10-03T02:00:00.1239+02:00')).toEqual({
    epochMs: Date.parse('2026-10-03T00:00:00.123Z'),
    normalized: '2026-10-03T00:00:00.123900Z',
  });
});
