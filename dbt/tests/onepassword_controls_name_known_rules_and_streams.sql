-- The lists of a control hold nothing but names of rules and of streams.
with names as (
  select 'rule' as kind, rules.rule as name from {{ ref('onepassword_rules') }} as rules
  {%- for stream in onepassword_known_streams() %}
  union all select 'stream' as kind, '{{ stream }}' as name
  {%- endfor %}
),

lists as (
  select controls.framework, controls.control, 'rule' as kind, controls.exception_rules as list from {{ ref('onepassword_controls') }} as controls
  union all
  select controls.framework, controls.control, 'stream' as kind, controls.streams as list from {{ ref('onepassword_controls') }} as controls
)

select lists.framework, lists.control, lists.kind, lists.list
from lists
left join names
  on names.kind = lists.kind
  and {{ onepassword_is_listed('names.name', 'lists.list') }}
group by lists.framework, lists.control, lists.kind, lists.list
having count(names.name) <> length(lists.list) - length(replace(lists.list, ',', '')) + 1
