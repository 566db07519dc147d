{#-
  With `--empty` dbt makes a subquery of what a model reads, and on PostgreSQL gives that an alias; the models give it another,
  and PostgreSQL needs dbt's no more since each has one.
-#}
{%- macro ref(name) -%}
  {%- set relation = builtins.ref(name) -%}
  {{ return(relation.replace(require_alias=false) if flags.EMPTY and target.type == 'postgres' else relation) }}
{%- endmacro -%}

{%- macro source(source_name, table) -%}
  {%- set relation = builtins.source(source_name, table) -%}
  {{ return(relation.replace(require_alias=false) if flags.EMPTY and target.type == 'postgres' else relation) }}
{%- endmacro -%}
