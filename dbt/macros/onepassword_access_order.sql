{#- The order of `int_onepassword__access_events`: what happens at the instant of a baseline comes before it. -#}
{%- macro onepassword_access_order(events, direction='') -%}
  {{ return(
    events ~ '.occurred_at ' ~ direction ~ ', case when ' ~ events ~ ".effect in ('in baseline', 'not in baseline', 'open at baseline') then 1 else 0 end " ~ direction
    ~ ', ' ~ onepassword_ordered(events ~ '.event_uuid') ~ ' ' ~ direction) }}
{%- endmacro -%}


{#- Whether permissions, a text with commas between their names, let one see items: null where they are not known. -#}
{%- macro onepassword_may_view_items(permissions) -%}
  {%- set views = [] -%}
  {%- for name in ['view_items', 'allow_viewing'] -%}{%- do views.append(onepassword.onepassword_is_listed("'" ~ name ~ "'", permissions)) -%}{%- endfor -%}
  {{ return('case when ' ~ permissions ~ ' is not null then ' ~ views | join(' or ') ~ ' end') }}
{%- endmacro -%}
