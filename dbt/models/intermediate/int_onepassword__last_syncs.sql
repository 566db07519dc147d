select syncs.stream, max(syncs.last_success_at) as last_success_at
from {{ ref('int_onepassword__sync_days') }} as syncs
group by syncs.stream
