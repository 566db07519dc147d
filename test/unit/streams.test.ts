import { expect, test } from '@jest/globals';
import { findStream, streams, toAirbyteStream } from '../../src/streams.ts';

test('there are three streams, named after the events of 1Password', () => {
  expect(streams.map(({ name, feature, title }) => ({ name, feature, title }))).toEqual([
    { name: 'audit_events', feature: 'auditevents', title: 'audit events' },
    { name: 'item_usages', feature: 'itemusages', title: 'item usages' },
    { name: 'sign_in_attempts', feature: 'signinattempts', title: 'sign-in attempts' },
  ]);
});

test('each stream is incremental by a cursor of its own, resumable and keyed by uuid', () => {
  expect(streams.map(toAirbyteStream)).toEqual(
    streams.map(({ name, jsonSchema }) => ({
      name,
      json_schema: jsonSchema,
      supported_sync_modes: ['full_refresh', 'incremental'],
      source_defined_cursor: true,
      default_cursor_field: ['timestamp'],
      source_defined_primary_key: [['uuid']],
      is_resumable: true,
    })),
  );
});

test('a stream is found by its name, and no other name is', () => {
  expect(findStream('item_usages').feature).toBe('itemusages');
  expect(() => findStream('itemusages')).toThrow('no stream is named itemusages');
});
