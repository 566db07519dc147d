{{ onepassword_finding_config('failures_then_success') }}
{#- A success counts from the failure on with which the burst had enough of them. -#}
{% set minutes = onepassword_threshold('success_after_failures_minutes') %}

with failures as (
  select attempts.user_uuid, attempts.event_uuid, attempts.occurred_at
  from {{ ref('onepassword__sign_ins') }} as attempts
  where attempts.outcome = 'failure'
),

burst_failures as (
  {{ onepassword_bursts('failures', 'failures.user_uuid', onepassword_threshold('failed_sign_ins'), onepassword_threshold('failed_sign_ins_minutes') * 60) }}
),

successes as (
  select
    attempts.user_uuid,
    coalesce(attempts.user_name, attempts.user_email) as subject,
    attempts.event_uuid,
    attempts.occurred_at
  from {{ ref('onepassword__sign_ins') }} as attempts
  where attempts.outcome = 'success'
    and attempts.user_uuid in (select burst_failures.user_uuid from burst_failures)
),

first_successes as (
  select matched.*
  from (
    select
      burst_failures.window_key,
      successes.user_uuid,
      successes.subject,
      successes.event_uuid,
      successes.occurred_at,
      row_number() over (
        partition by burst_failures.window_key
        order by successes.occurred_at, {{ onepassword_ordered('successes.event_uuid') }}
      ) as first_one
    from burst_failures
    inner join successes
      on burst_failures.user_uuid = successes.user_uuid
      and successes.occurred_at > burst_failures.occurred_at
      and {{ onepassword_seconds_between('burst_failures.occurred_at', 'successes.occurred_at') }} <= {{ minutes * 60 }}
    where burst_failures.reaches_count = 1
  ) as matched
  where matched.first_one = 1
),

events as (
  select
    first_successes.window_key,
    first_successes.user_uuid as subject_uuid,
    first_successes.subject,
    cast(null as {{ dbt.type_string() }}) as object,
    cast(null as {{ dbt.type_string() }}) as detail,
    true as is_failure,
    burst_failures.event_uuid,
    burst_failures.occurred_at
  from first_successes
  inner join burst_failures
    on first_successes.window_key = burst_failures.window_key
    and burst_failures.occurred_at < first_successes.occurred_at
  union all
  select
    first_successes.window_key,
    first_successes.user_uuid,
    first_successes.subject,
    cast(null as {{ dbt.type_string() }}),
    cast(null as {{ dbt.type_string() }}),
    false,
    first_successes.event_uuid,
    first_successes.occurred_at
  from first_successes
)

{{ onepassword_finding('failures_then_success', counted='ranked.is_failure', stream="'sign_in_attempts'") }}
