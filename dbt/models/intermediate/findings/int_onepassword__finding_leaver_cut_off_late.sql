{{ onepassword_finding_config('leaver_cut_off_late') }}
{#-
  Cut off is suspended or removed, before or after the departure, and not taken back in time. Each departure is judged by
  itself, and the hours of one that is a day count from its end. When somebody was cut off whom
  only the baseline calls so, nobody knows.
-#}
{% set hours = onepassword_threshold('leaver_cut_off_hours') %}

with cut_offs as (
  select
    leavers.departure_key,
    leavers.user_uuid,
    leavers.user_name,
    leavers.user_email,
    leavers.left_on,
    {{ onepassword_add_hours('leavers.gone_by', hours) }} as due_at,
    statuses.user_uuid is not null as is_cut_off,
    statuses.started_at as cut_off_at,
    statuses.event_uuid,
    row_number() over (
      partition by leavers.departure_key
      order by
        case when statuses.known_since is null then 1 else 0 end,
        statuses.known_since,
        case when statuses.event_uuid is null then 1 else 0 end,
        {{ onepassword_ordered('statuses.event_uuid') }}
    ) as first_one
  from {{ ref('int_onepassword__leavers') }} as leavers
  left join {{ ref('int_onepassword__member_statuses') }} as statuses
    on leavers.user_uuid = statuses.user_uuid
    and statuses.status in ('suspended', 'removed')
    and coalesce(statuses.ended_at, {{ onepassword_end_of_time() }}) > {{ onepassword_add_hours('leavers.gone_by', hours) }}
),

findings as (
  select
    cut_offs.departure_key as window_key,
    cut_offs.user_uuid as subject_uuid,
    coalesce(cut_offs.user_name, cut_offs.user_email) as subject,
    cast(null as {{ dbt.type_string() }}) as object,
    cast({{ onepassword_to_date('cut_offs.left_on') }} as {{ dbt.type_string() }}) as detail,
    1 as number,
    cut_offs.due_at as first_at,
    coalesce(cut_offs.cut_off_at, {{ onepassword_as_of() }}) as last_at,
    case when cut_offs.event_uuid is null then 0 else 1 end as events,
    cut_offs.event_uuid as event_uuids
  from cut_offs
  where cut_offs.first_one = 1
    and case when cut_offs.is_cut_off then cut_offs.cut_off_at else {{ onepassword_as_of() }} end > cut_offs.due_at
)

{{ onepassword_state_finding('leaver_cut_off_late') }}
