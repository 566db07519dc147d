with controls as (
  select
    rested_on.input,
    {{ onepassword_list(dbt.concat(['rested_on.framework', "' '", 'rested_on.control']), onepassword_ordered('rested_on.framework') ~ ', ' ~ onepassword_ordered('rested_on.control'), separator=', ') }} as controls
  from {{ ref('int_onepassword__input_controls') }} as rested_on
  group by rested_on.input
)

select
  {{ onepassword_key(['input_rows.input', 'input_rows.value', 'input_rows.reason']) }} as unmatched_input_id,
  input_rows.input,
  input_rows.value,
  input_rows.reason,
  controls.controls,
  settings.account_uuid
from {{ ref('int_onepassword__input_rows') }} as input_rows
cross join {{ ref('int_onepassword__settings') }} as settings
left join controls on input_rows.input = controls.input
where not input_rows.is_matched
