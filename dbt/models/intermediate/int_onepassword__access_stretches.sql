{#-
  The time of each vault and person, cut into stretches with access (along whatever path) and the gaps after them. A null
  start is before the log, a null end is open. No stretch overlaps another of the same vault and person.
-#}
{% set beginning = onepassword_beginning() %}
{% set end_of_time = onepassword_end_of_time() %}

with paths as (
  select
    paths.vault_uuid,
    paths.user_uuid,
    coalesce(paths.lower_bound, {{ beginning }}) as starts_at,
    coalesce(paths.ended_at, {{ end_of_time }}) as ends_at,
    paths.is_order_ambiguous,
    paths.is_end_ambiguous
  from {{ ref('int_onepassword__access_paths') }} as paths
),

marked as (
  select
    paths.*,
    max(paths.ends_at) over (
      partition by paths.vault_uuid, paths.user_uuid
      order by paths.starts_at, paths.ends_at
      rows between unbounded preceding and 1 preceding
    ) as covered_until
  from paths
  where paths.starts_at < paths.ends_at
    or paths.is_end_ambiguous
),

numbered as (
  select
    marked.*,
    sum(case when marked.starts_at <= marked.covered_until then 0 else 1 end) over (
      partition by marked.vault_uuid, marked.user_uuid
      order by marked.starts_at, marked.ends_at
      rows between unbounded preceding and current row
    ) as stretch_number
  from marked
),

bounded as (
  select
    numbered.*,
    max(numbered.ends_at) over (partition by numbered.vault_uuid, numbered.user_uuid, numbered.stretch_number) as stretch_ends_at
  from numbered
),

stretches as (
  select
    numbered.vault_uuid,
    numbered.user_uuid,
    min(numbered.starts_at) as starts_at,
    max(numbered.ends_at) as ends_at,
    min(case when numbered.is_order_ambiguous then 1 else 0 end) = 1 as is_order_ambiguous,
    max(case when numbered.is_end_ambiguous and numbered.ends_at = numbered.stretch_ends_at then 1 else 0 end) = 1 as is_end_ambiguous
  from bounded as numbered
  group by numbered.vault_uuid, numbered.user_uuid, numbered.stretch_number
),

followed as (
  select
    stretches.*,
    lead(stretches.starts_at) over (
      partition by stretches.vault_uuid, stretches.user_uuid order by stretches.starts_at
    ) as next_starts_at
  from stretches
)

select
  followed.vault_uuid,
  followed.user_uuid,
  nullif(followed.starts_at, {{ beginning }}) as starts_at,
  nullif(followed.ends_at, {{ end_of_time }}) as ends_at,
  true as has_access,
  cast(null as {{ onepassword_type_timestamp() }}) as last_ended_at,
  followed.is_order_ambiguous
from followed
union all
select
  followed.vault_uuid,
  followed.user_uuid,
  followed.ends_at as starts_at,
  followed.next_starts_at as ends_at,
  false as has_access,
  followed.ends_at as last_ended_at,
  followed.is_end_ambiguous as is_order_ambiguous
from followed
where followed.ends_at < {{ end_of_time }}
