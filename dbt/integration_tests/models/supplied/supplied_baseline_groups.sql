{{ supplied('baseline_groups') }}
