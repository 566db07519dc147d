with openings as (
  {%- for column in ['grant_event_uuid', 'membership_event_uuid'] %}
  select paths.user_uuid, paths.{{ column }} as event_uuid
  from {{ ref('int_onepassword__period_access') }} as paths
  {{ 'union distinct' if not loop.last }}
  {%- endfor %}
),

ranked as (
  select
    openings.user_uuid,
    openings.event_uuid,
    row_number() over (
      partition by openings.user_uuid
      order by events.occurred_at, {{ onepassword_ordered('openings.event_uuid') }}
    ) as position
  from openings
  inner join {{ ref('int_onepassword__audit_events') }} as events on openings.event_uuid = events.event_uuid
)

select
  ranked.user_uuid,
  count(*) as events,
  {{ onepassword_list('case when ranked.position <= 100 then ranked.event_uuid end', 'ranked.position') }} as event_uuids
from ranked
group by ranked.user_uuid
