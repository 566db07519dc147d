{#-
  A sentence out of its template: `words` maps each placeholder, without its braces, to the SQL of what stands in its
  place. A word that is null would make the whole sentence null, so it becomes "(not known)". The template is cut at its
  placeholders and joined again with the words between the pieces. So a word is never looked into, whatever it holds. A
  template is therefore text of the package, never of an event. It has four placeholders at most.
-#}
{%- macro onepassword_sentence(template, words) -%}
  {%- set pieces = [dbt.split_part(template, "'{'", 1)] -%}
  {%- for number in range(2, 6) -%}
    {%- set piece = dbt.split_part(template, "'{'", number) -%}
    {%- set word -%}
      case {{ dbt.split_part(piece, "'}'", 1) }}
        {%- for placeholder, expression in words.items() %} when '{{ placeholder }}' then coalesce({{ expression }}, '(not known)'){% endfor %} else '' end
    {%- endset -%}
    {%- do pieces.append(word) -%}
    {%- do pieces.append('coalesce(' ~ dbt.split_part(piece, "'}'", 2) ~ ", '')") -%}
  {%- endfor -%}
  {{ return('(' ~ dbt.concat(pieces) ~ ')') }}
{%- endmacro -%}
