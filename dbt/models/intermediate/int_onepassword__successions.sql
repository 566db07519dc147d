{#- The baselines that follow one another, for each kind of list that both have. -#}
select
  followed.kind,
  followed.from_as_of,
  followed.to_as_of,
  row_number() over (
    partition by followed.kind, {{ onepassword_to_date('followed.to_as_of') }} order by followed.to_as_of
  ) as number_of_day
from (
  {%- for kind, list in [('vault access', 'grants'), ('group membership', 'memberships'), ('member', 'members')] %}
  select '{{ kind }}' as kind, lag(baselines.as_of) over (order by baselines.as_of) as from_as_of, baselines.as_of as to_as_of
  from {{ ref('int_onepassword__baselines') }} as baselines
  where baselines.lists_{{ list }}
  {{ 'union all' if not loop.last }}
  {%- endfor %}
) as followed
where followed.from_as_of is not null
