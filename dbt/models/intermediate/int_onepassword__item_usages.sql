{{ config(materialized='view') }}

select events.*
from {{ ref('stg_onepassword__item_usages') }} as events
where not events.is_undated
  and events.occurred_at <= {{ onepassword_as_of() }}
  {{ onepassword_of_account('events') }}
  {{ onepassword_of_stream('item_usages') }}
