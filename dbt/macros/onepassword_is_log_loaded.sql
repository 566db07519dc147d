{#-
  Whether all that happened until a list was read can be in the audit log, which was loaded at `loaded_at` and is cut at
  `onepassword_as_of`. `later` has the list's `read_until`.
-#}
{%- macro onepassword_is_log_loaded(loaded_at, later) -%}
  {{ return(loaded_at ~ ' > ' ~ later ~ '.read_until and ' ~ onepassword_as_of() ~ ' >= ' ~ later ~ '.read_until') }}
{%- endmacro -%}
