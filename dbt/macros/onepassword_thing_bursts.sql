{#-
  The days of a person of which one may lie in a burst of `count` different things (items, vaults) within some seconds, as a
  query. `daily` has `user_uuid`, `day`, `things` (at least as many as were used that day), `first_used_at` and
  `last_used_at`; it may leave out days with fewer than `count`, unless they begin or end near a midnight.
-#}
{%- macro onepassword_busy_days(daily, count, seconds) %}
    select counted_spans.user_uuid, counted_spans.day
    from (
      select
        day_spans.user_uuid,
        day_spans.day,
        sum(day_spans.things) over (partition by day_spans.user_uuid, day_spans.span_number) as things
      from (
        select
          followed_days.*,
          sum(case when {{ onepassword_seconds_between('followed_days.previous_used_at', 'followed_days.first_used_at') }} > {{ seconds }} then 1 else 0 end) over (
            partition by followed_days.user_uuid order by followed_days.day rows between unbounded preceding and current row
          ) as span_number
        from (
          select
            {{ daily }}.*,
            lag({{ daily }}.last_used_at) over (partition by {{ daily }}.user_uuid order by {{ daily }}.day) as previous_used_at
          from {{ daily }}
        ) as followed_days
      ) as day_spans
    ) as counted_spans
    where counted_spans.things >= {{ count }}
{%- endmacro -%}


{#- Which days `daily` has to keep: the others have too little, and lie near no midnight. For a `having` clause. -#}
{%- macro onepassword_may_be_busy(things, day, first_used_at, last_used_at, count, seconds) -%}
  {{ things }} >= {{ count }}
    or {{ onepassword_seconds_between(onepassword_day_start(day), first_used_at) }} <= {{ seconds }}
    or {{ onepassword_seconds_between(last_used_at, onepassword_day_start(onepassword_date_add(day, 1))) }} <= {{ seconds }}
{%- endmacro -%}


{#-
  `burst_events`, the events of bursts of `count` different things or more within `seconds`, out of `things`: one row for each
  use, with `user_uuid`, `thing`, `event_uuid`, `occurred_at` and `stream`. A thing counts from a use of it until the next use
  of it or until the seconds are over. Each row gets `window_key`, and `is_new_thing` for the first use of a thing in a burst.
-#}
{%- macro onepassword_thing_bursts(things, count, seconds) -%}
{%- set beginning = onepassword_timestamp_literal(modules.datetime.datetime(2020, 1, 1)) -%}
{#-
  A burst of this many things has as many uses within the seconds, so whatever lies in no such crowd can go. A second more,
  because the seconds of a burst are counted from a beginning, with fractions.
#}
crowded_uses as (
  {{- onepassword_bursts(things, things ~ '.user_uuid', count, seconds + 1) }}
),

followed_uses as (
  select
    crowded_uses.*,
    lead(crowded_uses.occurred_at) over (
      partition by crowded_uses.user_uuid, crowded_uses.thing
      order by crowded_uses.occurred_at, {{ onepassword_ordered('crowded_uses.event_uuid') }}
    ) as next_at
  from crowded_uses
),

timed as (
  select
    followed_uses.*,
    {{ onepassword_seconds_between(beginning, 'followed_uses.occurred_at') }} as at_second,
    {{ onepassword_seconds_between(beginning, 'followed_uses.next_at') }} as next_second,
    {{ onepassword_seconds_between('followed_uses.occurred_at', 'followed_uses.next_at') }} as seconds_to_next
  from followed_uses
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
    ) as things
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
    and counted.things >= {{ count }}
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

burst_events as (
  select
    {{ onepassword_window_key(['bursts.user_uuid', 'min(timed.occurred_at) over (partition by bursts.user_uuid, bursts.burst_number)']) }} as window_key,
    bursts.user_uuid,
    row_number() over (
      partition by bursts.user_uuid, bursts.burst_number, timed.thing
      order by timed.occurred_at, {{ onepassword_ordered('timed.event_uuid') }}
    ) = 1 as is_new_thing,
    timed.stream,
    timed.event_uuid,
    timed.occurred_at
  from bursts
  inner join timed
    on bursts.user_uuid = timed.user_uuid
    and timed.at_second between bursts.from_second and bursts.to_second
)
{%- endmacro -%}
