{{ supplied('known_apps') }}
