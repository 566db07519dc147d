{#- Text in an order that is the same in every warehouse: by code point, whatever the database's locale. -#}
{%- macro onepassword_ordered(expression) -%}
  {{ return(adapter.dispatch('onepassword_ordered', 'onepassword')(expression)) }}
{%- endmacro -%}

{%- macro default__onepassword_ordered(expression) -%}{{ return(expression) }}{%- endmacro -%}

{%- macro postgres__onepassword_ordered(expression) -%}{{ return(expression ~ ' collate "C"') }}{%- endmacro -%}


{#- The values of a group as one text, separated by commas, in the order of `order_by`. -#}
{%- macro onepassword_list(expression, order_by, separator=',') -%}
  {{ return(adapter.dispatch('onepassword_list', 'onepassword')(expression, order_by, separator)) }}
{%- endmacro -%}

{%- macro default__onepassword_list(expression, order_by, separator) -%}
  {{ return('string_agg(' ~ expression ~ ", '" ~ separator ~ "' order by " ~ order_by ~ ')') }}
{%- endmacro -%}

{%- macro snowflake__onepassword_list(expression, order_by, separator) -%}
  {{ return('listagg(' ~ expression ~ ", '" ~ separator ~ "') within group (order by " ~ order_by ~ ')') }}
{%- endmacro -%}


{#- MD5 of a text, in lower-case hexadecimal. -#}
{%- macro onepassword_hash(expression) -%}
  {{ return(adapter.dispatch('onepassword_hash', 'onepassword')(expression)) }}
{%- endmacro -%}

{%- macro default__onepassword_hash(expression) -%}{{ return('md5(' ~ expression ~ ')') }}{%- endmacro -%}

{%- macro bigquery__onepassword_hash(expression) -%}{{ return('to_hex(md5(' ~ expression ~ '))') }}{%- endmacro -%}


{#-
  A key of one column: the MD5 of the values that tell a row apart, as texts with a bar between them, a null as nothing. A
  time among them is given as `onepassword_microseconds`, which is the same in every warehouse.
-#}
{%- macro onepassword_key(values) -%}
  {%- set texts = [] -%}
  {%- for value in values -%}{%- do texts.append('coalesce(cast(' ~ value ~ ' as ' ~ dbt.type_string() ~ "), '')") -%}{%- endfor -%}
  {{ return(onepassword.onepassword_hash(texts | join(" || '|' || "))) }}
{%- endmacro -%}


{#- How many values a text that `onepassword_list` made has, and the one at `position`, counted from 1, which may be a column. -#}
{%- macro onepassword_list_length(list) -%}
  {{ return('(length(' ~ list ~ ') - length(replace(' ~ list ~ ", ',', '')) + 1)") }}
{%- endmacro -%}

{%- macro onepassword_list_value(list, position) -%}
  {{ return(adapter.dispatch('onepassword_list_value', 'onepassword')(list, position)) }}
{%- endmacro -%}

{%- macro default__onepassword_list_value(list, position) -%}
  {{ return('split_part(' ~ list ~ ", ',', cast(" ~ position ~ ' as integer))') }}
{%- endmacro -%}

{%- macro bigquery__onepassword_list_value(list, position) -%}
  {{ return('split(' ~ list ~ ", ',')[safe_offset(" ~ position ~ ' - 1)]') }}
{%- endmacro -%}
