{{ supplied('baseline_members') }}
