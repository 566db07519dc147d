{#- A table's partitions, a day each, on BigQuery; rows without a time are in one of their own. The other warehouses prune by themselves. -#}
{%- macro onepassword_partition_by_day(column, type) -%}
  {{ return({'field': column, 'data_type': type, 'granularity': 'day'} if target.type == 'bigquery' else none) }}
{%- endmacro -%}


{#- The columns by which BigQuery keeps the rows of a partition together. Snowflake's clustering is a service that costs, and is left to the user. -#}
{%- macro onepassword_cluster_by(columns) -%}{{ return(columns if target.type == 'bigquery' else none) }}{%- endmacro -%}


{#-
  The days that a query gives, in order and as literals, by which alone BigQuery prunes: none in another warehouse, or where
  nothing can be looked up. What the query reads is built before the model.
-#}
{%- macro onepassword_looked_up_days(query) -%}
  {%- if target.type != 'bigquery' or not onepassword_is_building() -%}{{ return(none) }}{%- endif -%}
  {%- set days = [] -%}
  {%- for row in run_query('select distinct found.day from (' ~ query ~ ') as found order by found.day').rows -%}
    {%- do days.append("cast('" ~ row[0] ~ "' as date)") -%}
  {%- endfor -%}
  {{ return(days) }}
{%- endmacro -%}


{#- Whether a time lies between the first and the last of looked up days; true if none were looked up, and never if there are none. -#}
{%- macro onepassword_is_within(moment, days) -%}
  {%- if days is none -%}{{ return('true') }}{%- elif not days -%}{{ return(moment ~ ' < ' ~ onepassword_beginning()) }}{%- endif -%}
  {{ return(moment ~ ' >= ' ~ onepassword_day_start(days[0]) ~ ' and ' ~ moment ~ ' < ' ~ onepassword_day_start(onepassword_date_add(days[-1], 1))) }}
{%- endmacro -%}
