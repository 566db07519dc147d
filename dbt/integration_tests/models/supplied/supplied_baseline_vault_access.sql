{{ supplied('baseline_vault_access') }}
