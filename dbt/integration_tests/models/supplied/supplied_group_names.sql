{{ supplied('group_names') }}
