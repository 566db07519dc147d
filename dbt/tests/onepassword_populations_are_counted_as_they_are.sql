-- The short ways of counting a population give the number of its rows.
{{ config(enabled=var('onepassword_unit_tests', false)) }}

{% for name in ['item access', 'vault access'] %}
select '{{ name }}' as population, counted.row_count as counted, listed.row_count as listed
from ({{ onepassword_population_count(name) }}) as counted
cross join (select count(*) as row_count from {{ onepassword_population(name) }} as population_rows) as listed
where counted.row_count <> listed.row_count
{{ 'union all' if not loop.last }}
{% endfor %}
