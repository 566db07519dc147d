{{ supplied('decisions') }}
