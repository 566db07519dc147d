{{ supplied('sync_runs') }}
