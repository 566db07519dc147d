{{ supplied('known_addresses') }}
