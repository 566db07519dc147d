{% set as_of_day = onepassword_to_date(onepassword_as_of()) %}
{% set gap_days = 3 %}

with digits as (
  {% for digit in range(10) %}select {{ digit }} as digit {{ 'union all ' if not loop.last }}{% endfor %}
),

spans as (
  select deliveries.stream, min(deliveries.day) as first_day
  from {{ ref('int_onepassword__deliveries') }} as deliveries
  group by deliveries.stream
),

days as (
  select
    spans.stream,
    {{ onepassword_date_add('spans.first_day', 'numbers.number') }} as day
  from spans
  cross join (
    select ones.digit + 10 * tens.digit + 100 * hundreds.digit + 1000 * thousands.digit as number
    from digits as ones
    cross join digits as tens
    cross join digits as hundreds
    cross join digits as thousands
  ) as numbers
  where {{ onepassword_date_add('spans.first_day', 'numbers.number') }} <= {{ as_of_day }}
),

totals as (
  select deliveries.day, sum(deliveries.events) as events
  from {{ ref('int_onepassword__deliveries') }} as deliveries
  group by deliveries.day
),

counted as (
  select
    days.stream,
    days.day,
    coalesce(deliveries.events, 0) as events,
    case when deliveries.events is null then 0 else deliveries.late_events end as late_events,
    deliveries.events is null as is_silent,
    totals.events is null as is_silent_everywhere,
    {{ onepassword_days_between('days.day', as_of_day) }} > {{ onepassword_setting('settle_days') }} as is_settled,
    {#- The day of as_of is not over: its silence says nothing yet. #}
    days.day < {{ as_of_day }} as is_over
  from days
  left join {{ ref('int_onepassword__deliveries') }} as deliveries
    on days.stream = deliveries.stream
    and days.day = deliveries.day
  left join totals on days.day = totals.day
),

{#- Days of one stretch of silence have the same number of days with events before them. #}
stretches as (
  select
    counted.*,
    sum(case when counted.is_silent then 0 else 1 end) over (
      partition by counted.stream order by counted.day rows between unbounded preceding and current row
    ) as stretch,
    sum(case when counted.is_silent_everywhere then 0 else 1 end) over (
      partition by counted.stream order by counted.day rows between unbounded preceding and current row
    ) as stretch_everywhere
  from counted
),

measured as (
  select
    stretches.*,
    sum(case when stretches.is_silent and stretches.is_over then 1 else 0 end) over (
      partition by stretches.stream, stretches.stretch
    ) as silence_days,
    sum(case when stretches.is_silent_everywhere and stretches.is_over then 1 else 0 end) over (
      partition by stretches.stream, stretches.stretch_everywhere
    ) as silence_everywhere_days
  from stretches
)

{#- A sync that succeeded after a day has fetched all that the API had of it, for it goes on from the API's cursor. #}
select
  measured.stream,
  measured.day,
  measured.events,
  measured.late_events,
  measured.is_silent,
  measured.is_settled,
  cast(case when measured.is_silent and measured.is_over then measured.silence_days else 0 end as {{ dbt.type_bigint() }}) as silence_days,
  measured.is_silent_everywhere and measured.is_over and measured.silence_everywhere_days >= {{ gap_days }}
    and not coalesce({{ onepassword_to_date('synced.last_success_at') }} > measured.day, false) as is_gap,
  measured.is_silent and measured.is_over and measured.silence_days >= {{ gap_days }}
    and not coalesce({{ onepassword_to_date('synced.last_success_at') }} > measured.day, false) as is_unexplained,
  settings.account_uuid
from measured
cross join {{ ref('int_onepassword__settings') }} as settings
left join {{ ref('int_onepassword__last_syncs') }} as synced on measured.stream = synced.stream
