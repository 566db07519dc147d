{#- The names that stand for identifiers: the user's own for vaults, groups and items, the newest one for a person. -#}
{% for kind in ['vault', 'group', 'item'] %}
select '{{ kind }}' as kind, names.uuid, max({{ onepassword_ordered('names.name') }}) as name, cast(null as {{ dbt.type_string() }}) as email
from {{ onepassword_input(kind ~ '_names') }} as names
where names.uuid is not null
group by names.uuid
union all
{% endfor %}
select 'person' as kind, people.user_uuid as uuid, people.user_name as name, people.user_email as email
from {{ ref('int_onepassword__people') }} as people
