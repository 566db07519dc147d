{{ supplied('vault_names') }}
