{#- How many rows Airbyte's tables hold, repeats included. A table: a view on Airbyte's own would keep PostgreSQL from dropping that. -#}
{% for stream in onepassword_known_streams() %}
{%- if onepassword_has_stream(stream) -%}{%- do onepassword_source_columns(stream, {'uuid': 'text'}) -%}{%- endif %}
select
  '{{ stream }}' as stream,
  {% if onepassword_has_stream(stream) -%}
  (select count(*) from {{ source('onepassword', stream) }})
  {%- else -%}
  cast(0 as {{ dbt.type_bigint() }})
  {%- endif %} as row_count
{{ 'union all' if not loop.last }}
{% endfor %}
