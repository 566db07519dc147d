{#- No two rows have the same values in all of `columns`; two nulls count as the same. -#}
{% test onepassword_unique_combination(model, columns) %}
select
  {%- for column in columns %}
  checked.{{ column }},
  {%- endfor %}
  count(*) as copies
from {{ model }} as checked
group by {% for column in columns %}checked.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
having count(*) > 1
{% endtest %}
