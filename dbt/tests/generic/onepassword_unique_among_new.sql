{#- The events that the newest loads brought are there once. What is older was looked at when it was new. -#}
{% test onepassword_unique_among_new(model, column_name) %}
{%- set since -%} (select {{ onepassword_loaded_since('earlier') }} from {{ model }} as earlier) {%- endset %}
{%- if target.type == 'bigquery' %}
{#- BigQuery skips nothing by load time, so it had better read the events once. #}
select checked.{{ column_name }}
from {{ model }} as checked
group by checked.{{ column_name }}
having count(*) > 1
  and (max(checked.loaded_at) >= {{ since }} or count(checked.loaded_at) < count(*))
{%- else %}
select checked.{{ column_name }}
from {{ model }} as checked
inner join (
  select fresh.{{ column_name }}
  from {{ model }} as fresh
  where fresh.loaded_at >= {{ since }}
  union distinct
  select fresh.{{ column_name }}
  from {{ model }} as fresh
  where fresh.loaded_at is null
) as newest on checked.{{ column_name }} = newest.{{ column_name }}
group by checked.{{ column_name }}
having count(*) > 1
{%- endif %}
{% endtest %}
