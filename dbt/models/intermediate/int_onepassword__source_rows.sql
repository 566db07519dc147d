{#-
  Airbyte's tables beside staging. What came under an earlier load time than staging has already read up to, as when a table
  is restored, no incremental run takes. A table: a view on Airbyte's own would keep PostgreSQL from dropping that. Of a load
  that staging has row for row nothing is asked any more: only the events of the others are looked at one by one.
-#}
{%- set columns = {} -%}
{%- for stream in onepassword_known_streams() if onepassword_has_stream(stream) -%}
  {%- do columns.update({stream: onepassword_source_columns(stream, {'uuid': 'text', '_airbyte_extracted_at': 'time'})}) -%}
{%- endfor %}

with
{%- for stream, found in columns.items() %}
{%- set is_timed = '_airbyte_extracted_at' in found %}
{%- set event_uuid = onepassword_source_column('uuid', 'text', found) %}
{%- set loaded_at = onepassword_source_column('_airbyte_extracted_at', 'time', found) %}
{{ stream }}_kept as (
  select events.loaded_at, count(*) as row_count, {{ onepassword_checksum('events.event_uuid') }} as checksum
  from {{ ref('stg_onepassword__' ~ stream) }} as events
  group by events.loaded_at
),

{%- if is_timed %}
{#- Times are compared as the table has them: to turn each into UTC costs more than all the rest. #}

{{ stream }}_loads as (
  select src._airbyte_extracted_at as source_time, {{ loaded_at }} as loaded_at, kept.loaded_at is not null as is_whole
  from (
    select src._airbyte_extracted_at, count(*) as row_count, {{ onepassword_checksum(event_uuid) }} as checksum
    from {{ source('onepassword', stream) }} as src
    where src.uuid is not null
    group by src._airbyte_extracted_at
  ) as src
  left join {{ stream }}_kept as kept
    on {{ loaded_at }} = kept.loaded_at
    and src.row_count = kept.row_count
    and src.checksum = kept.checksum
),
{%- endif %}

{{ stream }}_doubtful as (
  select doubtful.event_uuid, max(doubtful.loaded_at) as loaded_at, count(*) as row_count
  from (
    {%- if is_timed %}
    select {{ event_uuid }} as event_uuid, loads.loaded_at
    from {{ source('onepassword', stream) }} as src
    inner join {{ stream }}_loads as loads on src._airbyte_extracted_at = loads.source_time and not loads.is_whole
    where src.uuid is not null
    union all
    {%- endif %}
    select {{ event_uuid }} as event_uuid, {{ loaded_at }} as loaded_at
    from {{ source('onepassword', stream) }} as src
    where src.uuid is not null
    {%- if is_timed %}
      and src._airbyte_extracted_at is null
    {%- endif %}
  ) as doubtful
  group by doubtful.event_uuid
){{ ',' if not loop.last }}
{% endfor %}
{%- for stream in onepassword_known_streams() %}
{%- if stream in columns %}
{%- set is_timed = '_airbyte_extracted_at' in columns[stream] %}
select
  '{{ stream }}' as stream,
  {#- All of them repeat an event that staging keeps out of a whole load. #}
  cast(coalesce(sum(case
    when events.event_uuid is not null {{ onepassword_of_account('events') }}
      then doubtful.row_count - {{ 'case when whole.loaded_at is null then 1 else 0 end' if is_timed else 1 }}
  end), 0) as {{ dbt.type_bigint() }}) as repeated_rows,
  cast(coalesce(sum(case when events.event_uuid is null and doubtful.loaded_at < watermark.since then 1 end), 0) as {{ dbt.type_bigint() }}) as unread_rows
from {{ stream }}_doubtful as doubtful
left join {{ ref('stg_onepassword__' ~ stream) }} as events on doubtful.event_uuid = events.event_uuid
{%- if is_timed %}
left join {{ stream }}_loads as whole on events.loaded_at = whole.loaded_at and whole.is_whole
{%- endif %}
cross join (select {{ onepassword_loaded_since('kept') }} as since from {{ stream }}_kept as kept) as watermark
{%- else %}
select
  '{{ stream }}' as stream,
  cast(0 as {{ dbt.type_bigint() }}) as repeated_rows,
  cast(0 as {{ dbt.type_bigint() }}) as unread_rows
{%- endif %}
{{ 'union all' if not loop.last }}
{% endfor %}
