{{ supplied('baseline_vaults') }}
