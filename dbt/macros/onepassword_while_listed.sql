{#-
  Whether `moment` lies in the hour after the baseline's `as_of`, in which its lists may still have been read. The first
  event in it tells what was so at `as_of`; the lists may show what was so before that event or after it.
-#}
{%- macro onepassword_while_listed(moment) -%}
  {{ return('(' ~ moment ~ ' > settings.baseline_as_of and ' ~ moment ~ ' <= ' ~ onepassword_add_hours('settings.baseline_as_of', 1) ~ ')') }}
{%- endmacro -%}
