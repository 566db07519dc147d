{#-
  Airbyte's tables beside staging. What came under an earlier load time than staging has already read up to, as when a table
  is restored, no incremental run takes. A table: a view on Airbyte's own would keep PostgreSQL from dropping that.
-#}
{% for stream in onepassword_known_streams() %}
{%- if onepassword_has_stream(stream) %}
{%- set found = onepassword_source_columns(stream, {'uuid': 'text', '_airbyte_extracted_at': 'time'}) %}
{%- set is_timed = '_airbyte_extracted_at' in found %}
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
  group by {{ onepassword_source_column('uuid', 'text', found) }}
) as src
left join {{ ref('stg_onepassword__' ~ stream) }} as events on src.event_uuid = events.event_uuid
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
