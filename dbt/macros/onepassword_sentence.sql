{#-
  A sentence out of its template: `words` maps each placeholder, without its braces, to the SQL of what stands in its
  place. A word that is null would make the whole sentence null, so it becomes "(not known)".
-#}
{%- macro onepassword_sentence(template, words) -%}
  {%- set filled = namespace(sql=template) -%}
  {%- for placeholder, expression in words.items() -%}
    {%- set filled.sql = "replace(" ~ filled.sql ~ ", '{" ~ placeholder ~ "}', coalesce(" ~ expression ~ ", '(not known)'))" -%}
  {%- endfor -%}
  {{ return(filled.sql) }}
{%- endmacro -%}
