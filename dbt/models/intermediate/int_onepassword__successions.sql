{#- The baselines that follow one another, for each kind of list that both have, from the log's first event on: what was before it the log cannot tell. -#}
select
  followed.kind,
  followed.from_as_of,
  followed.to_as_of,
  followed.read_until,
  row_number() over (
    partition by followed.kind, {{ onepassword_to_date('followed.to_as_of') }} order by followed.to_as_of
  ) as number_of_day
from (
  {%- for kind, list in [('vault access', 'grants'), ('group membership', 'memberships'), ('member', 'members')] %}
  select '{{ kind }}' as kind, lag(baselines.as_of) over (order by baselines.as_of) as from_as_of, baselines.as_of as to_as_of, baselines.read_until
  from {{ ref('int_onepassword__baselines') }} as baselines
  where baselines.lists_{{ list }}
  {{ 'union all' if not loop.last }}
  {%- endfor %}
) as followed
cross join {{ ref('int_onepassword__settings') }} as settings
where followed.from_as_of >= settings.log_start
