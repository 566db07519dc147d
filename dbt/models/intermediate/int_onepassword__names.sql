{#-
  The names that stand for identifiers: of vaults and groups the user's own, else those of the newest baseline that has
  them; of items the user's own; of a person the newest one.
-#}
with given as (
  {%- for kind in ['vault', 'group', 'item'] %}
  select '{{ kind }}' as kind, names.uuid, names.name, {{ onepassword_end_of_time() }} as named_at
  from {{ onepassword_input(kind ~ '_names') }} as names
  union all
  {%- endfor %}
  select 'vault', listed.vault_uuid, listed.name, listed.as_of
  from {{ onepassword_input('baseline_vaults') }} as listed
  where listed.as_of <= {{ onepassword_as_of() }}
  union all
  select 'group', listed.group_uuid, listed.name, listed.as_of
  from {{ onepassword_input('baseline_groups') }} as listed
  where listed.as_of <= {{ onepassword_as_of() }}
)

select newest.kind, newest.uuid, newest.name, cast(null as {{ dbt.type_string() }}) as email
from (
  select
    given.kind,
    given.uuid,
    given.name,
    row_number() over (
      partition by given.kind, given.uuid order by given.named_at desc, {{ onepassword_ordered('given.name') }} desc
    ) as newest_first
  from given
  where given.uuid is not null
    and given.name is not null
) as newest
where newest.newest_first = 1
union all
select 'person' as kind, people.user_uuid as uuid, people.user_name as name, people.user_email as email
from {{ ref('int_onepassword__people') }} as people
