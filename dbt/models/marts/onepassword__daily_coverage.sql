{% set as_of_day = onepassword_to_date(onepassword_as_of()) %}
{% set gap_days = 3 %}

with digits as (
  {% for digit in range(10) %}select {{ digit }} as digit {{ 'union all ' if not loop.last }}{% endfor %}
),

{#- Where the tables do not tell when they were loaded, the newest event is the best that is known. #}
spans as (
  select
    deliveries.stream,
    min(deliveries.day) as first_day,
    coalesce(max(deliveries.last_loaded_at), max(deliveries.last_event_at)) as last_loaded_at
  from {{ ref('int_onepassword__deliveries') }} as deliveries
  group by deliveries.stream
),

synced as (
  select
    spans.stream,
    case when syncs.last_success_at > spans.last_loaded_at then syncs.last_success_at else spans.last_loaded_at end as last_synced_at
  from spans
  left join {{ ref('int_onepassword__last_syncs') }} as syncs on spans.stream = syncs.stream
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
    {{ onepassword_day_start(onepassword_date_add('days.day', onepassword_setting('settle_days') + 1)) }} <= {{ onepassword_as_of() }}
      and {{ onepassword_day_start(onepassword_date_add('days.day', onepassword_setting('settle_days') + 1)) }} <= synced.last_synced_at as is_settled,
    {#- A sync goes on from the API's cursor, so one that succeeds soon after a day has fetched what the API had of it. #}
    coalesce({{ onepassword_days_between('days.day', "min(syncs.day) over (
      partition by days.stream order by days.day rows between current row and unbounded following
    )") }} <= {{ onepassword_setting('settle_days') }}, false) as is_synced,
    {#- The day of as_of is not over: its silence says nothing yet. #}
    days.day < {{ as_of_day }} as is_over
  from days
  left join {{ ref('int_onepassword__deliveries') }} as deliveries
    on days.stream = deliveries.stream
    and days.day = deliveries.day
  left join totals on days.day = totals.day
  inner join synced on days.stream = synced.stream
  left join {{ ref('int_onepassword__sync_days') }} as syncs
    on days.stream = syncs.stream
    and days.day = syncs.day
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

select
  {{ onepassword_key(['measured.stream', 'measured.day']) }} as daily_coverage_id,
  measured.stream,
  measured.day,
  measured.events,
  measured.late_events,
  measured.is_silent,
  measured.is_settled,
  cast(case when measured.is_silent and measured.is_over then measured.silence_days else 0 end as {{ dbt.type_bigint() }}) as silence_days,
  measured.is_silent_everywhere and measured.is_over and measured.silence_everywhere_days >= {{ gap_days }}
    and not measured.is_synced as is_gap,
  measured.is_silent and measured.is_over and measured.silence_days >= {{ gap_days }} and not measured.is_synced as is_unexplained,
  settings.account_uuid
from measured
cross join {{ ref('int_onepassword__settings') }} as settings
