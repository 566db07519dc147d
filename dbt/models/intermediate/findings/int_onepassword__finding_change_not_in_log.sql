{{ onepassword_finding_config('change_not_in_log') }}
{#- Before the log was loaded after the later list, what it lacks may still come. -#}
{% set no_text = 'cast(null as ' ~ dbt.type_string() ~ ')' %}
{% set from_day = 'cast(' ~ onepassword_to_date('changes.from_as_of') ~ ' as ' ~ dbt.type_string() ~ ')' %}
{% set to_day = 'cast(' ~ onepassword_to_date('changes.to_as_of') ~ ' as ' ~ dbt.type_string() ~ ')' %}
{% set lists = dbt.concat(["'between the lists of '", from_day, "' and '", to_day]) %}

with findings as (
  select
    {{ dbt.concat(['changes.pair_kind', "' '", "coalesce(changes.container_uuid, '')", "' '", 'changes.holder_uuid', "' '", to_day, "' '", 'cast(changes.number_of_day as ' ~ dbt.type_string() ~ ')']) }} as window_key,
    changes.holder_uuid as subject_uuid,
    case
      when changes.pair_kind = 'group vault' then holding_groups.name
      else coalesce(people.user_name, people.user_email)
    end as subject,
    case changes.pair_kind
      when 'member' then {{ lists }}
      else {{ dbt.concat(['coalesce(containers.name, changes.container_uuid)', "' '", lists]) }}
    end as object,
    case
      when changes.pair_kind = 'member' and changes.to_state = 'open' then 'joined the team'
      when changes.pair_kind = 'member' then 'left the team'
      when changes.pair_kind = 'membership' and changes.to_state = 'open' then 'joined the group'
      when changes.pair_kind = 'membership' then 'left the group'
      when changes.to_state = 'open' then 'got access to the vault'
      else 'lost access to the vault'
    end as detail,
    1 as number,
    changes.from_as_of as first_at,
    changes.to_as_of as last_at,
    case when changes.is_contradicted and changes.event_uuid is not null then 1 else 0 end as events,
    case when changes.is_contradicted then changes.event_uuid end as event_uuids
  from {{ ref('int_onepassword__list_changes') }} as changes
  cross join {{ ref('int_onepassword__log_end') }} as log
  left join {{ ref('int_onepassword__people') }} as people
    on changes.holder_uuid = people.user_uuid
    and changes.pair_kind <> 'group vault'
  left join {{ ref('int_onepassword__names') }} as holding_groups
    on changes.holder_uuid = holding_groups.uuid
    and holding_groups.kind = 'group'
    and changes.pair_kind = 'group vault'
  left join {{ ref('int_onepassword__names') }} as containers
    on changes.container_uuid = containers.uuid
    and containers.kind = case changes.pair_kind when 'membership' then 'group' else 'vault' end
  where {{ onepassword_is_log_loaded('log.loaded_at', 'changes') }}
    and (changes.is_contradicted or not changes.is_explained)
)

{{ onepassword_state_finding('change_not_in_log') }}
