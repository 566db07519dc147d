{#-
  Whether a day of `onepassword__daily_coverage` is one on which events may be missing. What lies before the evidence period
  concerns other evidence. A stream can be seen to fail alone only where the runs of its syncs are known.
-#}
{%- macro onepassword_is_gap(coverage) -%}
  {%- set is_gap = '(coalesce(' ~ coverage ~ '.is_gap, false) or coalesce(' ~ coverage ~ '.is_unexplained, false))'
    if onepassword_has_input('sync_runs') else 'coalesce(' ~ coverage ~ '.is_gap, false)' -%}
  {{ return(is_gap ~ ' and ' ~ coverage ~ '.day >= ' ~ onepassword_to_date(onepassword_evidence_from())) }}
{%- endmacro -%}
