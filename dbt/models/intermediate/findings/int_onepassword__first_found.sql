{{ config(
    materialized='incremental',
    incremental_strategy='merge' if target.type == 'bigquery' else 'append',
    full_refresh=onepassword_full_refresh(),
) }}

{#- Kept between runs: a finding that goes away and comes back has been found before. -#}
select
  findings.finding_id,
  {{ onepassword_timestamp_literal(onepassword_run_started_at()) }} as first_found_at
from {{ ref('int_onepassword__findings') }} as findings
{%- if is_incremental() %}
left join {{ this }} as earlier on findings.finding_id = earlier.finding_id
where earlier.finding_id is null
{%- endif %}
