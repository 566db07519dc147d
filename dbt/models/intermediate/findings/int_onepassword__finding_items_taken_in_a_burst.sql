{#-
  How many different items a person took in the minutes before each moment: an item counts from a use of it until the
  next use of it or until the minutes are over. Only days on which the roll-up has enough of them are read.
-#}
{% set items = onepassword_threshold('burst_items') | int %}
{% set seconds = (onepassword_threshold('burst_items_minutes') * 60) %}
{% set days = (seconds // 86400) | int + 1 %}

with daily as (
  select uses.user_uuid, uses.day, sum(uses.taken_uses) as taken_uses
  from {{ ref('int_onepassword__item_use_by_day') }} as uses
  where uses.taken_uses > 0
  group by uses.user_uuid, uses.day
),

spans as (
  select first_days.user_uuid, first_days.day
  from daily as first_days
  inner join daily as next_days
    on first_days.user_uuid = next_days.user_uuid
    and {{ onepassword_days_between('first_days.day', 'next_days.day') }} between 0 and {{ days }}
  group by first_days.user_uuid, first_days.day
  having sum(next_days.taken_uses) >= {{ items }}
),

candidates as (
  select distinct daily.user_uuid, daily.day
  from daily
  inner join spans
    on daily.user_uuid = spans.user_uuid
    and {{ onepassword_days_between('spans.day', 'daily.day') }} between 0 and {{ days }}
),

taken as (
  select
    usages.event_uuid,
    usages.occurred_at,
    usages.user_uuid,
    usages.item_uuid,
    lead(usages.occurred_at) over (
      partition by usages.user_uuid, usages.item_uuid
      order by usages.occurred_at, {{ onepassword_ordered('usages.event_uuid') }}
    ) as next_at
  from {{ ref('int_onepassword__item_usages') }} as usages
  inner join candidates
    on usages.user_uuid = candidates.user_uuid
    and {{ onepassword_to_date('usages.occurred_at') }} = candidates.day
  inner join {{ ref('onepassword_item_actions') }} as actions
    on usages.action = actions.action
    and actions.takes_secret
  where usages.item_uuid is not null
),

timed as (
  select
    taken.*,
    {{ onepassword_seconds_between(onepassword_timestamp_literal(modules.datetime.datetime(2020, 1, 1)), 'taken.occurred_at') }} as at_second,
    {{ onepassword_seconds_between('taken.occurred_at', 'taken.next_at') }} as seconds_to_next
  from taken
),

points as (
  select timed.user_uuid, timed.at_second, 2 as sequence, 1 as delta, timed.event_uuid
  from timed
  union all
  select timed.user_uuid, timed.at_second + timed.seconds_to_next, 1, -1, timed.event_uuid
  from timed
  where timed.seconds_to_next <= {{ seconds }}
  union all
  select timed.user_uuid, timed.at_second + {{ seconds }}, 3, -1, timed.event_uuid
  from timed
  where timed.seconds_to_next is null
    or timed.seconds_to_next > {{ seconds }}
),

counted as (
  select
    points.user_uuid,
    points.at_second,
    points.sequence,
    points.event_uuid,
    sum(points.delta) over (
      partition by points.user_uuid
      order by points.at_second, points.sequence, {{ onepassword_ordered('points.event_uuid') }}
      rows between unbounded preceding and current row
    ) as items
  from points
),

reached as (
  select
    counted.*,
    lag(counted.at_second) over (
      partition by counted.user_uuid order by counted.at_second, {{ onepassword_ordered('counted.event_uuid') }}
    ) as previous_second
  from counted
  where counted.sequence = 2
    and counted.items >= {{ items }}
),

numbered as (
  select
    reached.*,
    sum(case when reached.at_second - reached.previous_second <= {{ seconds }} then 0 else 1 end) over (
      partition by reached.user_uuid
      order by reached.at_second, {{ onepassword_ordered('reached.event_uuid') }}
      rows between unbounded preceding and current row
    ) as burst_number
  from reached
),

bursts as (
  select
    numbered.user_uuid,
    numbered.burst_number,
    min(numbered.at_second) - {{ seconds }} as from_second,
    max(numbered.at_second) as to_second
  from numbered
  group by numbered.user_uuid, numbered.burst_number
),

events as (
  select
    first_value(timed.event_uuid) over (
      partition by bursts.user_uuid, bursts.burst_number
      order by timed.occurred_at, {{ onepassword_ordered('timed.event_uuid') }}
      rows between unbounded preceding and unbounded following
    ) as window_key,
    bursts.user_uuid as subject_uuid,
    coalesce(people.user_name, people.user_email) as subject,
    cast(null as {{ dbt.type_string() }}) as object,
    '{{ items }} items within {{ onepassword_threshold('burst_items_minutes') }} minutes' as detail,
    row_number() over (
      partition by bursts.user_uuid, bursts.burst_number, timed.item_uuid
      order by timed.occurred_at, {{ onepassword_ordered('timed.event_uuid') }}
    ) = 1 as is_new_item,
    timed.event_uuid,
    timed.occurred_at
  from bursts
  inner join timed
    on bursts.user_uuid = timed.user_uuid
    and timed.at_second between bursts.from_second and bursts.to_second
  left join {{ ref('int_onepassword__people') }} as people on bursts.user_uuid = people.user_uuid
)

{{ onepassword_finding('items_taken_in_a_burst', counted='ranked.is_new_item') }}
