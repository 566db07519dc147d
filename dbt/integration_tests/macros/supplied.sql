{#- An input that suite/inputs.py has put beside Airbyte's tables. -#}
{% macro supplied(name) %}
{{ config(enabled=name in var('onepassword_inputs', {}), materialized='view') }}
select * from {{ api.Relation.create(database=target.database, schema=var('onepassword_schema'), identifier=name) }}
{% endmacro %}
