{{ supplied('own_domains') }}
