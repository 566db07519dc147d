{#- An input of names as a subquery in parentheses with one name a `uuid`. -#}
{%- macro onepassword_names(input) -%}
  (
    select supplied.uuid, max(supplied.name) as name
    from {{ onepassword_input(input) }} as supplied
    group by supplied.uuid
  )
{%- endmacro -%}
