{#-
  Fields of a JSON object as text, in two steps, because DuckDB reads all fields of an object at once far quicker than one
  by one: `onepassword_json_fields` opens the object, and `onepassword_json_texts` gives each field of the opened one, as
  SQL by its name. A field that is absent, JSON null or an empty string, and a column that holds no object, give SQL null.
-#}
{%- macro onepassword_json_fields(expression, fields) -%}
  {{ return(adapter.dispatch('onepassword_json_fields', 'onepassword')(expression, fields)) }}
{%- endmacro -%}

{%- macro default__onepassword_json_fields(expression, fields) -%}{{ return(expression) }}{%- endmacro -%}

{%- macro duckdb__onepassword_json_fields(expression, fields) -%}
  {{ return('json_extract_string(' ~ expression ~ ", ['$." ~ fields | join("', '$.") ~ "'])") }}
{%- endmacro -%}

{%- macro onepassword_json_texts(opened, fields) -%}
  {%- set texts = {} -%}
  {%- for field in fields -%}
    {%- do texts.update({field: 'nullif(' ~ adapter.dispatch('onepassword_json_text', 'onepassword')(opened, fields, field) ~ ", '')"}) -%}
  {%- endfor -%}
  {{ return(texts) }}
{%- endmacro -%}

{%- macro default__onepassword_json_text(opened, fields, field) -%}
  {{ return('(' ~ opened ~ " ->> '" ~ field ~ "')") }}
{%- endmacro -%}

{%- macro duckdb__onepassword_json_text(opened, fields, field) -%}
  {{ return(opened ~ '[' ~ (fields.index(field) + 1) ~ ']') }}
{%- endmacro -%}

{%- macro snowflake__onepassword_json_text(opened, fields, field) -%}
  {{ return('cast(get_path(' ~ opened ~ ", '" ~ field ~ "') as varchar)") }}
{%- endmacro -%}

{%- macro bigquery__onepassword_json_text(opened, fields, field) -%}
  {{ return('json_value(' ~ opened ~ ", '$." ~ field ~ "')") }}
{%- endmacro -%}


{#- A column that holds JSON, whatever type the destination chose, as the type that the macros above read. -#}
{%- macro onepassword_json_column(expression, data_type) -%}
  {{ return(adapter.dispatch('onepassword_json_column', 'onepassword')(expression, data_type | lower)) }}
{%- endmacro -%}

{%- macro default__onepassword_json_column(expression, data_type) -%}
  {{ return(expression if 'json' in data_type else 'cast(' ~ expression ~ ' as jsonb)') }}
{%- endmacro -%}

{%- macro duckdb__onepassword_json_column(expression, data_type) -%}
  {{ return('to_json(' ~ expression ~ ')' if data_type.startswith('struct') else expression) }}
{%- endmacro -%}

{%- macro snowflake__onepassword_json_column(expression, data_type) -%}
  {{ return('try_parse_json(' ~ expression ~ ')' if modules.re.match('text|string|char|varchar', data_type) else expression) }}
{%- endmacro -%}

{%- macro bigquery__onepassword_json_column(expression, data_type) -%}
  {{ return('safe.parse_json(' ~ expression ~ ", wide_number_mode => 'round')" if data_type == 'string' else expression) }}
{%- endmacro -%}


{#- The whole object as text; null for JSON null. -#}
{%- macro onepassword_json_as_text(expression) -%}
  {{ return("nullif(" ~ adapter.dispatch('onepassword_json_as_text', 'onepassword')(expression) ~ ", 'null')") }}
{%- endmacro -%}

{%- macro default__onepassword_json_as_text(expression) -%}
  {{ return('cast(' ~ expression ~ ' as ' ~ dbt.type_string() ~ ')') }}
{%- endmacro -%}

{%- macro snowflake__onepassword_json_as_text(expression) -%}{{ return('to_json(' ~ expression ~ ')') }}{%- endmacro -%}

{%- macro bigquery__onepassword_json_as_text(expression) -%}{{ return('to_json_string(' ~ expression ~ ')') }}{%- endmacro -%}


{#- Text as a floating-point number; null where it is none. -#}
{%- macro onepassword_text_to_float(expression) -%}
  {{ return(adapter.dispatch('onepassword_text_to_float', 'onepassword')(expression)) }}
{%- endmacro -%}

{%- macro default__onepassword_text_to_float(expression) -%}
  {{ return('(case when ' ~ expression ~ " ~ '^-?[0-9]+([.][0-9]+)?([eE][-+]?[0-9]+)?$' then cast(" ~ expression ~ ' as double precision) end)') }}
{%- endmacro -%}

{%- macro duckdb__onepassword_text_to_float(expression) -%}{{ return('try_cast(' ~ expression ~ ' as double)') }}{%- endmacro -%}

{%- macro snowflake__onepassword_text_to_float(expression) -%}{{ return('try_cast(' ~ expression ~ ' as float)') }}{%- endmacro -%}

{%- macro bigquery__onepassword_text_to_float(expression) -%}{{ return('safe_cast(' ~ expression ~ ' as float64)') }}{%- endmacro -%}
