{{ supplied('privileged_groups') }}
