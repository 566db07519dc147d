{{ supplied('privileged_vaults') }}
