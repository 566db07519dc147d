{#- Whether permissions, a text with commas between their names, let one see items: null where they are not known. -#}
{%- macro onepassword_may_view_items(permissions) -%}
  {%- set views = [] -%}
  {%- for name in ['view_items', 'allow_viewing'] -%}{%- do views.append(onepassword.onepassword_is_listed("'" ~ name ~ "'", permissions)) -%}{%- endfor -%}
  {{ return('case when ' ~ permissions ~ ' is not null then ' ~ views | join(' or ') ~ ' end') }}
{%- endmacro -%}
