{#-
  Airbyte's tables beside staging. What came under an earlier load time than staging has already read up to, as when a table
  is restored, no incremental run takes. A table: a view on Airbyte's own would keep PostgreSQL from dropping that. Of a load
  that staging has row for row nothing is asked any more: only the rest are grouped and joined by identifier.
-#}
{%- set columns, timed = {}, {} -%}
{%- for stream in onepassword_known_streams() if onepassword_has_stream(stream) -%}
  {%- set found = onepassword_source_columns(stream, {'uuid': 'text', '_airbyte_extracted_at': 'time'}) -%}
  {%- do columns.update({stream: found}) -%}
  {%- if '_airbyte_extracted_at' in found -%}{%- do timed.update({stream: found}) -%}{%- endif -%}
{%- endfor %}

{#- Events of which some load differs from what staging has of it. #}
{% for stream, found in timed.items() -%}
{%- set loaded_at = onepassword_source_column('_airbyte_extracted_at', 'time', found) %}
{{ 'with' if loop.first }} {{ stream }}_whole as (
  select loads.loaded_at
  from (
    select {{ loaded_at }} as loaded_at, count(*) as row_count, {{ onepassword_checksum(onepassword_source_column('uuid', 'text', found)) }} as checksum
    from {{ source('onepassword', stream) }} as src
    where src.uuid is not null
    group by {{ loaded_at }}
  ) as loads
  inner join (
    select events.loaded_at, count(*) as row_count, {{ onepassword_checksum('events.event_uuid') }} as checksum
    from {{ ref('stg_onepassword__' ~ stream) }} as events
    group by events.loaded_at
  ) as kept
    on loads.loaded_at = kept.loaded_at
    and loads.row_count = kept.row_count
    and loads.checksum = kept.checksum
),

{{ stream }}_doubtful as (
  select distinct {{ onepassword_source_column('uuid', 'text', found) }} as event_uuid
  from {{ source('onepassword', stream) }} as src
  left join {{ stream }}_whole as whole on {{ loaded_at }} = whole.loaded_at
  where src.uuid is not null
    and whole.loaded_at is null
){{ ',' if not loop.last }}
{% endfor %}
{% for stream in onepassword_known_streams() %}
{%- if stream in columns %}
{%- set found, is_timed = columns[stream], stream in timed %}
select
  '{{ stream }}' as stream,
  cast(coalesce(sum(case when events.event_uuid is not null {{ onepassword_of_account('events') }} then src.row_count - 1 end), 0) as {{ dbt.type_bigint() }}) as repeated_rows,
  cast({% if is_timed -%}
    coalesce(sum(case
      when events.event_uuid is null
        and src.loaded_at < watermark.since then 1
    end), 0)
  {%- else -%} 0 {%- endif %} as {{ dbt.type_bigint() }}) as unread_rows
from (
  select
    {{ onepassword_source_column('uuid', 'text', found) }} as event_uuid,
    {% if is_timed -%} max({{ onepassword_source_column('_airbyte_extracted_at', 'time', found) }}) as loaded_at, {%- endif %}
    count(*) as row_count
  from {{ source('onepassword', stream) }} as src
  where src.uuid is not null
  {%- if is_timed %}
    and {{ onepassword_source_column('uuid', 'text', found) }} in (select doubtful.event_uuid from {{ stream }}_doubtful as doubtful)
  {%- endif %}
  group by {{ onepassword_source_column('uuid', 'text', found) }}
) as src
left join (
  select events.event_uuid, events.account_uuid
  from {{ ref('stg_onepassword__' ~ stream) }} as events
  {%- if is_timed %}
  where events.event_uuid in (select doubtful.event_uuid from {{ stream }}_doubtful as doubtful)
  {%- endif %}
) as events on src.event_uuid = events.event_uuid
{%- if is_timed %}
cross join (
  select {{ onepassword_loaded_since('kept') }} as since from {{ ref('stg_onepassword__' ~ stream) }} as kept
) as watermark
{%- endif %}
{%- else %}
select
  '{{ stream }}' as stream,
  cast(0 as {{ dbt.type_bigint() }}) as repeated_rows,
  cast(0 as {{ dbt.type_bigint() }}) as unread_rows
{%- endif %}
{{ 'union all' if not loop.last }}
{% endfor %}
