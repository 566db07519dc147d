{#- The order of `int_onepassword__access_events`: what happens at the instant of a baseline comes before it. -#}
{%- macro onepassword_access_order(events, direction='') -%}
  {{ return(
    events ~ '.occurred_at ' ~ direction ~ ', case when ' ~ events ~ ".effect in ('in baseline', 'not in baseline', 'open at baseline') then 1 else 0 end " ~ direction
    ~ ', ' ~ onepassword_ordered(events ~ '.event_uuid') ~ ' ' ~ direction) }}
{%- endmacro -%}
