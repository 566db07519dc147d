import { expect, test } from '@jest/globals';
import auditEvents from '../../schemas/audit_events.json' with { type: 'json' };
import itemUsages from '../../schemas/item_usages.json' with { type: 'json' };
import signInAttempts from '../../schemas/sign_in_attempts.json' with { type: 'json' };
import { runCommand } from '../support/connector.ts';
import { useSimulator } from '../support/use-simulator.ts';

const { api } = useSimulator({ now: Date.now });

function streamOf(name: string, json_schema: object): object {
  return {
    name,
    json_schema,
    supported_sync_modes: ['full_refresh', 'incremental'],
    source_defined_cursor: true,
    default_cursor_field: ['timestamp'],
    source_defined_primary_key: [['uuid']],
    is_resumable: true,
  };
}

test('discover is one message that lists the three streams, without a request', async () => {
  const output = await runCommand('discover', { config: { api_token: api.issueToken(), base_url: api.url } });

  expect(output.exitCode).toBe(0);
  expect(output.messages).toEqual([
    {
      type: 'CATALOG',
      catalog: {
        streams: [
          streamOf('audit_events', auditEvents),
          streamOf('item_usages', itemUsages),
          streamOf('sign_in_attempts', signInAttempts),
        ],
      },
    },
  ]);
  expect(api.requests).toEqual([]);
});

test('the list does not shrink with what the token may read, nor with a token that is rejected', async () => {
  const poor = api.issueToken({ features: ['auditevents'] });
  const revoked = api.issueToken();
  api.revoke(revoked);

  const outputs = await Promise.all(
    [poor, revoked, 'opaque'].map((api_token) => runCommand('discover', { config: { api_token, base_url: api.url } })),
  );

  const names = outputs.map(({ messages }) => messages[0]?.catalog?.streams.map(({ name }) => name));
  expect(names).toEqual(Array(3).fill(['audit_events', 'item_usages', 'sign_in_attempts']));
});
