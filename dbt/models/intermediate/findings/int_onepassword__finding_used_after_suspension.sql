{{ onepassword_finding_config('used_after_suspension') }}
with days as (
  select distinct absences.user_uuid, daily.day
  from {{ ref('int_onepassword__absences') }} as absences
  inner join {{ ref('int_onepassword__item_use_by_day') }} as daily
    on absences.user_uuid = daily.user_uuid
    and daily.last_used_at > absences.known_since
    and (absences.ended_at is null or daily.first_used_at < absences.ended_at)
),

uses as (
  select usages.user_uuid, usages.event_uuid, usages.occurred_at
  from {{ ref('int_onepassword__item_usages') }} as usages
  inner join days
    on usages.user_uuid = days.user_uuid
    and {{ onepassword_to_date('usages.occurred_at') }} = days.day
),

events as (
  select
    absences.absence_key as window_key,
    absences.user_uuid as subject_uuid,
    absences.subject,
    cast(null as {{ dbt.type_string() }}) as object,
    absences.status as detail,
    uses.event_uuid,
    uses.occurred_at
  from {{ ref('int_onepassword__absences') }} as absences
  inner join uses
    on absences.user_uuid = uses.user_uuid
    and uses.occurred_at > absences.known_since
    and (absences.ended_at is null or uses.occurred_at < absences.ended_at)
)

{{ onepassword_finding('used_after_suspension', stream="'item_usages'") }}
