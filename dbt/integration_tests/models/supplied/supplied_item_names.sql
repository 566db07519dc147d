{{ supplied('item_names') }}
