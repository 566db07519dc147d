{{ supplied('leavers') }}
