{#-
  How many different items a person took in the minutes before each moment: an item counts from a use of it until the
  next use of it or until the minutes are over. Only days on which the roll-up has enough of them are read, together with
  days to which the minutes may reach over midnight.
-#}
{% set items = onepassword_threshold('burst_items') | int %}
{% set seconds = (onepassword_threshold('burst_items_minutes') * 60) %}
{% set beginning = onepassword_timestamp_literal(modules.datetime.datetime(2020, 1, 1)) %}

with daily as (
  select
    uses.user_uuid,
    uses.day,
    sum(uses.taken_uses) as taken_uses,
    min(uses.first_used_at) as first_used_at,
    max(uses.last_used_at) as last_used_at
  from {{ ref('int_onepassword__item_use_by_day') }} as uses
  where uses.taken_uses > 0
  group by uses.user_uuid, uses.day
  {#- Of other days none can be part of a burst: too few uses, and none near a midnight. #}
  having sum(uses.taken_uses) >= {{ items }}
    or {{ onepassword_seconds_between(onepassword_day_start('uses.day'), 'min(uses.first_used_at)') }} <= {{ seconds }}
    or {{ onepassword_seconds_between('max(uses.last_used_at)', onepassword_day_start(onepassword_date_add('uses.day', 1))) }} <= {{ seconds }}
),

followed as (
  select
    daily.*,
    lag(daily.last_used_at) over (partition by daily.user_uuid order by daily.day) as previous_used_at
  from daily
),

spans as (
  select
    followed.*,
    sum(case when {{ onepassword_seconds_between('followed.previous_used_at', 'followed.first_used_at') }} > {{ seconds }} then 1 else 0 end) over (
      partition by followed.user_uuid order by followed.day rows between unbounded preceding and current row
    ) as span_number
  from followed
),

counted_spans as (
  select
    spans.user_uuid,
    spans.day,
    sum(spans.taken_uses) over (partition by spans.user_uuid, spans.span_number) as taken_uses
  from spans
),

candidates as (
  select counted_spans.user_uuid, counted_spans.day
  from counted_spans
  where counted_spans.taken_uses >= {{ items }}
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
    {{ onepassword_seconds_between(beginning, 'taken.occurred_at') }} as at_second,
    {{ onepassword_seconds_between(beginning, 'taken.next_at') }} as next_second,
    {{ onepassword_seconds_between('taken.occurred_at', 'taken.next_at') }} as seconds_to_next
  from taken
),

points as (
  select timed.user_uuid, timed.at_second, 2 as change_order, 1 as delta, timed.event_uuid
  from timed
  union all
  select timed.user_uuid, timed.next_second, 1, -1, timed.event_uuid
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
    points.change_order,
    points.event_uuid,
    sum(points.delta) over (
      partition by points.user_uuid
      order by points.at_second, points.change_order, {{ onepassword_ordered('points.event_uuid') }}
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
  where counted.change_order = 2
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
    {{ onepassword_window_key(['bursts.user_uuid', 'min(timed.occurred_at) over (partition by bursts.user_uuid, bursts.burst_number)']) }} as window_key,
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

{{ onepassword_finding('items_taken_in_a_burst', counted='ranked.is_new_item', stream="'item_usages'") }}
