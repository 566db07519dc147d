export const STREAMS = ['audit_events', 'item_usages', 'sign_in_attempts'] as const;

/** A configured catalog of these streams, as Airbyte writes it. */
export function catalogOf(streams: readonly string[] = STREAMS, syncMode = 'incremental'): object {
  return {
    streams: streams.map((name) => ({
      stream: { name, json_schema: {}, supported_sync_modes: ['full_refresh', 'incremental'] },
      sync_mode: syncMode,
      destination_sync_mode: syncMode === 'incremental' ? 'append_dedup' : 'overwrite',
      cursor_field: ['timestamp'],
      primary_key: [['uuid']],
    })),
  };
}
