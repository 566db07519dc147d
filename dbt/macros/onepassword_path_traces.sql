{#-
  The events that opened the paths which people held at the end of the period, with their grants and their memberships of groups: one row a person,
  the first hundred events by UUID. `where` chooses the paths, in SQL about the alias `paths`.
-#}
{%- macro onepassword_path_traces(where) %}
  select
    ranked.user_uuid,
    count(*) as events,
    {{ onepassword_list('case when ranked.position <= 100 then ranked.event_uuid end', 'ranked.position') }} as event_uuids
  from (
    select
      openings.user_uuid,
      openings.event_uuid,
      row_number() over (
        partition by openings.user_uuid
        order by events.occurred_at, {{ onepassword_ordered('openings.event_uuid') }}
      ) as position
    from (
      {%- for column in ['grant_event_uuid', 'membership_event_uuid'] %}
      select paths.user_uuid, paths.{{ column }} as event_uuid
      from {{ ref('int_onepassword__period_access') }} as paths
      where {{ where }}
      {{ 'union distinct' if not loop.last }}
      {%- endfor %}
    ) as openings
    inner join {{ ref('int_onepassword__audit_events') }} as events on openings.event_uuid = events.event_uuid
  ) as ranked
  group by ranked.user_uuid
{%- endmacro -%}
