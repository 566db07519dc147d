{#- The events that the newest loads brought are there once. What is older was looked at when it was new. -#}
{% test onepassword_unique_among_new(model, column_name) %}
select checked.{{ column_name }}
from {{ model }} as checked
inner join (
  select fresh.{{ column_name }}
  from {{ model }} as fresh
  where fresh.loaded_at >= (select {{ onepassword_loaded_since('earlier') }} from {{ model }} as earlier)
  union distinct
  select fresh.{{ column_name }}
  from {{ model }} as fresh
  where fresh.loaded_at is null
) as newest on checked.{{ column_name }} = newest.{{ column_name }}
group by checked.{{ column_name }}
having count(*) > 1
{% endtest %}
