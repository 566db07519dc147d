{#-
  Whether all that happened until a list was read can be in the audit log, which was loaded at `loaded_at` and is cut at
  `onepassword_as_of`. `later` has the list's times.
-#}
{%- macro onepassword_is_log_loaded(loaded_at, later) -%}
  {%- set read_until = 'coalesce(' ~ later ~ '.read_until, ' ~ later ~ '.to_as_of)' -%}
  {{ return(loaded_at ~ ' > ' ~ read_until ~ ' and ' ~ onepassword_as_of() ~ ' >= ' ~ read_until) }}
{%- endmacro -%}
