{#-
  Since when a whole list (`members`, `memberships`, `grants`, `access`) was complete at `moment`, as SQL: the start of the
  stretch that reaches it, null if none does.
-#}
{%- macro onepassword_covered_from(list, moment) -%}
(
  select max(stretches.covered_from)
  from {{ ref('int_onepassword__coverage') }} as stretches
  where stretches.what = '{{ list }}'
    and stretches.container_uuid is null
    and {{ onepassword_reaches('stretches', moment) }}
)
{%- endmacro -%}


{#- Whether a stretch of `int_onepassword__coverage` reaches `moment`, as SQL. -#}
{%- macro onepassword_reaches(stretches, moment) -%}
  {{ return(stretches ~ '.covered_from <= ' ~ moment ~ ' and (' ~ stretches ~ '.hole_at is null or ' ~ stretches ~ '.hole_at > ' ~ moment ~ ')') }}
{%- endmacro -%}
