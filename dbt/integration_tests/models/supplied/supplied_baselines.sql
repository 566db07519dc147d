{{ supplied('baselines') }}
