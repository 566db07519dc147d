{{ supplied('baseline_group_members') }}
