import { expect, test } from '@jest/globals';
import { parseStreamState } from '../../src/state.ts';

test('a whole state is parsed field by field, and what else is in it is ignored', () => {
  const state = { cursor: 'c', read_at: '2026-10-02T12:00:00Z', api_version: 'v1', account_uuid: 'A' };

  expect(parseStreamState('audit_events', { ...state, extra: 1 })).toEqual(state);
});

test.each([
  [undefined],
  [null],
  [{}],
  [{ cursor: null, read_at: null, api_version: null, account_uuid: null }],
  [{ cursor: '', read_at: '', api_version: '', account_uuid: '' }],
])('%j is no state', (state) => {
  expect(parseStreamState('audit_events', state)).toEqual({});
});

test.each<[unknown, string]>([
  ['c', 'is not an object'],
  [[], 'is not an object'],
  [7, 'is not an object'],
  [{ cursor: 7 }, 'has a value for cursor that is not a string'],
  [{ cursor: {} }, 'has a value for cursor that is not a string'],
  [{ cursor: 'c', read_at: 7 }, 'has a value for read_at that is not a string'],
  [{ cursor: 'c', read_at: 'yesterday' }, 'has a read_at that is not a date-time'],
  [{ cursor: 'c', api_version: 2 }, 'has a value for api_version that is not a string'],
  [{ cursor: 'c', account_uuid: [] }, 'has a value for account_uuid that is not a string'],
])('the state %j cannot be resumed from, and that is said of its stream', (state, why) => {
  expect(() => parseStreamState('item_usages', state)).toThrow(
    expect.objectContaining({
      failureType: 'config_error',
      message:
        `item_usages: the saved state ${why}, so the stream cannot resume from it. Restore the connection's last ` +
        'state, or clear the state of this stream to start over.',
    }),
  );
});
