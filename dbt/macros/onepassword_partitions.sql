{#- A table's partitions, a day each, on BigQuery; rows without a time are in one of their own. The other warehouses prune by themselves. -#}
{%- macro onepassword_partition_by_day(column, type) -%}
  {{ return({'field': column, 'data_type': type, 'granularity': 'day'} if target.type == 'bigquery' else none) }}
{%- endmacro -%}


{#- The columns by which BigQuery keeps the rows of a partition together. Snowflake's clustering is a service that costs, and is left to the user. -#}
{%- macro onepassword_cluster_by(columns) -%}{{ return(columns if target.type == 'bigquery' else none) }}{%- endmacro -%}
