{#- Whether `name` is one of the names in `list`, a text with commas between them. -#}
{%- macro onepassword_is_listed(name, list) -%}
  {{ dbt.concat(["','", "replace(" ~ list ~ ", ' ', '')", "','"]) }} like {{ dbt.concat(["'%,'", name, "',%'"]) }}
{%- endmacro -%}
