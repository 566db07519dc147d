{#-
  The controls that rest on an input, by one of their rules or by themselves, and what is wrong with the input. An input of
  which nothing is known to the events proves nothing. What is listed as privileged is the population, so there each row
  counts: one that nothing is known of may be a misspelt one, to which anything may have happened.
-#}
{% set privileged = "('privileged_groups', 'privileged_vaults')" %}

with supplied as (
  {%- for input in onepassword_known_inputs() if onepassword_has_input(input) %}
  select '{{ input }}' as input {{ 'union all' if not loop.last }}
  {%- else %}
  select cast(null as {{ dbt.type_string() }}) as input
  {%- endfor %}
),

counted as (
  select
    supplied.input,
    count(input_rows.input) as row_count,
    count(case when not input_rows.is_matched then 1 end) as unmatched_rows
  from supplied
  left join {{ ref('int_onepassword__input_rows') }} as input_rows on supplied.input = input_rows.input
  where supplied.input is not null
  group by supplied.input
),

rested_on as (
  select controls.framework, controls.control, counted.input, counted.row_count, counted.unmatched_rows
  from {{ ref('onepassword_controls') }} as controls
  cross join counted
  where {{ onepassword_is_listed('counted.input', "coalesce(controls.inputs, '')") }}
  union distinct
  select controls.framework, controls.control, counted.input, counted.row_count, counted.unmatched_rows
  from {{ ref('onepassword_controls') }} as controls
  inner join {{ ref('onepassword_rules') }} as rules
    on {{ onepassword_is_listed('rules.rule', 'controls.exception_rules') }}
  inner join counted
    on {{ onepassword_is_listed('counted.input', "coalesce(rules.inputs, '')") }}
    or {{ onepassword_is_listed('counted.input', "coalesce(rules.optional_inputs, '')") }}
),

listed as (
  select rested_on.framework, rested_on.control, sum(rested_on.row_count) as privileged_rows
  from rested_on
  where rested_on.input in {{ privileged }}
  group by rested_on.framework, rested_on.control
)

select
  rested_on.framework,
  rested_on.control,
  rested_on.input,
  case
    when rested_on.row_count > 0 and rested_on.unmatched_rows = rested_on.row_count
      then {{ dbt.concat(["'Nothing in the input '", 'rested_on.input', "' is known to the events. '"]) }}
    when rested_on.input in {{ privileged }} and rested_on.unmatched_rows > 0
      then {{ dbt.concat(["'Some rows of the input '", 'rested_on.input', "' are not known to the events: '", 'cast(rested_on.unmatched_rows as ' ~ dbt.type_string() ~ ')', "'. '"]) }}
    when rested_on.input in {{ privileged }} and listed.privileged_rows = 0
      then {{ dbt.concat(["'The input '", 'rested_on.input', "' has no rows. '"]) }}
  end as trouble
from rested_on
left join listed on rested_on.framework = listed.framework and rested_on.control = listed.control
