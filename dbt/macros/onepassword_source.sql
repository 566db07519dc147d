{#- The columns of a relation with their types, in lower case; empty where nothing can be looked up. -#}
{%- macro onepassword_columns_of(relation) -%}
  {%- set found = {} -%}
  {%- if execute and flags.INTROSPECT -%}
    {%- for column in adapter.get_columns_in_relation(relation) -%}
      {%- do found.update({column.name | lower: column.data_type | lower}) -%}
    {%- endfor -%}
  {%- endif -%}
  {{ return(found) }}
{%- endmacro -%}


{#- Whether a model is being built, in a warehouse that can be asked. -#}
{%- macro onepassword_is_building() -%}
  {{ return(execute and flags.INTROSPECT and flags.WHICH in ['run', 'build'] and model.resource_type == 'model') }}
{%- endmacro -%}


{#- How Airbyte's destinations type a column of this kind, which is also how an absent one is read. -#}
{%- macro onepassword_destination_type(kind) -%}
  {{ return({
    'text': dbt.type_string(),
    'integer': dbt.type_bigint(),
    'json': {'postgres': 'jsonb', 'snowflake': 'variant'}.get(target.type, 'json'),
    'time': {'bigquery': 'timestamp', 'snowflake': 'timestamp_tz'}.get(target.type, 'timestamp with time zone'),
  }[kind]) }}
{%- endmacro -%}


{#-
  The columns of a stream's table with their types. A column that the table does not have yet is missing from it. Where
  nothing can be looked up (no connection, or a unit test), all of them with the types of Airbyte's destinations. Ends
  the model with a sentence if there is no such table.
-#}
{%- macro onepassword_source_columns(stream, kinds) -%}
  {%- set found = onepassword_columns_of(source('onepassword', stream)) -%}
  {%- if found -%}{{ return(found) }}{%- endif -%}
  {%- if onepassword_is_building() -%}
    {{ exceptions.raise_compiler_error('There is no table ' ~ source('onepassword', stream) ~ '. Set onepassword_schema (and onepassword_database) to where Airbyte loads, onepassword_table_prefix to the stream prefix of its connection, or onepassword_' ~ stream ~ '_identifier to the name of the table; or leave ' ~ stream ~ ' out of onepassword_streams.') }}
  {%- endif -%}
  {%- set all = {} -%}
  {%- for column, kind in kinds.items() -%}{%- do all.update({column: onepassword_destination_type(kind)}) -%}{%- endfor -%}
  {{ return(all) }}
{%- endmacro -%}


{#- One column of the source in the form that staging reads; typed null where the table does not have it. -#}
{%- macro onepassword_source_column(column, kind, found) -%}
  {%- if column not in found -%}
    {{ return('cast(null as ' ~ (onepassword_type_timestamp() if kind == 'time' else onepassword_destination_type(kind)) ~ ')') }}
  {%- elif kind == 'time' -%}
    {{ return(onepassword_to_utc('src.' ~ column, found[column])) }}
  {%- elif kind == 'json' -%}
    {{ return(onepassword_json_column('src.' ~ column, found[column])) }}
  {%- elif kind == 'integer' -%}
    {{ return('cast(src.' ~ column ~ ' as ' ~ dbt.type_bigint() ~ ')') }}
  {%- else -%}
    {{ return('nullif(cast(src.' ~ column ~ ' as ' ~ dbt.type_string() ~ "), '')") }}
  {%- endif -%}
{%- endmacro -%}


{#-
  The rows of a stream's table, one for each `uuid`: that which was loaded last. `kinds` maps the columns to `text`,
  `integer`, `json` or `time`; each comes as `raw_<name>`, besides `event_uuid` and `loaded_at`. A stream that is not
  synced has no rows. An incremental run takes what was loaded since the newest row, less an overlap, because loads may
  become visible out of order; with `--full-refresh` it takes all rows again, and still keeps what the table lost.

  Only rows that repeat are put in order: numbering all of them would sort the whole table, objects and all.
-#}
{%- macro onepassword_source(stream, kinds) -%}
  {%- set is_synced = onepassword_has_stream(stream) -%}
  {%- set metadata = {'_airbyte_raw_id': 'text', '_airbyte_extracted_at': 'time', '_airbyte_meta': 'json'} -%}
  {%- set found = onepassword_source_columns(stream, dict(kinds, uuid='text', **metadata)) if is_synced else {} -%}
  {%- set rows = onepassword_source_rows(stream, found) if is_synced else '(select 1 as nothing)' -%}
  {%- set columns -%}
      {{ onepassword_source_column('uuid', 'text', found) }} as event_uuid,
      {%- for column, kind in kinds.items() %}
      {{ onepassword_source_column(column, kind, found) }} as raw_{{ column }},
      {%- endfor %}
      {#- Each change has a key of this name. #}
      coalesce({{ onepassword_json_as_text(onepassword_source_column('_airbyte_meta', 'json', found)) }} like '%"change"%', false) as is_changed,
      {{ onepassword_source_column('_airbyte_extracted_at', 'time', found) }} as loaded_at
  {%- endset -%}
  {%- set repeated -%}
    (select counted.uuid from {{ rows }} as counted group by counted.uuid having count(*) > 1)
  {%- endset %}
  select
      {{ columns }}
  from {{ rows }} as src
  {%- if not is_synced %}
  where 1 = 0
  {%- else %}
  left join {{ repeated }} as repeated on src.uuid = repeated.uuid
  where src.uuid is not null
    and repeated.uuid is null
  union all
  select
      {{ columns }}
  from (
    select
      src.*,
      row_number() over (
        partition by src.uuid
        {#- The uuid comes last so that there is always something to order by: DuckDB 1.5 drops rows that are ordered by null alone. #}
        order by
          {{ 'case when src._airbyte_extracted_at is null then 1 else 0 end, src._airbyte_extracted_at desc,' if '_airbyte_extracted_at' in found }}
          {{ 'case when src._airbyte_raw_id is null then 1 else 0 end, ' ~ onepassword_ordered('src._airbyte_raw_id') ~ ' desc,' if '_airbyte_raw_id' in found }}
          src.uuid
      ) as copy_number
    from {{ rows }} as src
    inner join {{ repeated }} as repeated on src.uuid = repeated.uuid
  ) as src
  where src.copy_number = 1
  {%- endif %}
{%- endmacro -%}


{#- The source's rows that a run reads, as a subquery. Those whose load has no time are read each time. -#}
{%- macro onepassword_source_rows(stream, found) -%}
  {%- if is_incremental() and not flags.FULL_REFRESH and '_airbyte_extracted_at' in found -%}
  (
    select loads.*
    from {{ source('onepassword', stream) }} as loads
    where {{ onepassword_is_since('loads._airbyte_extracted_at', found['_airbyte_extracted_at'], onepassword_loaded_since('earlier'), this ~ ' as earlier') }}
    union all
    select loads.*
    from {{ source('onepassword', stream) }} as loads
    where loads._airbyte_extracted_at is null
  )
  {%- else -%}
  (select loads.* from {{ source('onepassword', stream) }} as loads)
  {%- endif -%}
{%- endmacro -%}


{#-
  From when on loads are read again: the newest row of `earlier` less the overlap; from the beginning if it has none. A row
  that a clock ahead of ours stamped later than this run would hide all that comes after it.
-#}
{%- macro onepassword_loaded_since(earlier) -%}
  {%- set newest -%}
    max(case when {{ earlier }}.loaded_at <= {{ onepassword_timestamp_literal(onepassword_run_started_at()) }} then {{ earlier }}.loaded_at end)
  {%- endset -%}
  coalesce({{ onepassword_add_hours(newest | trim, -onepassword_setting('overlap_hours')) }}, {{ onepassword_beginning() }})
{%- endmacro -%}


{#-
  Whether `--full-refresh` drops what a staging table holds (none: as dbt is told) or never (false). Staging outlives
  Airbyte's tables, and 1Password gives nothing back that is older than 120 days.
-#}
{%- macro onepassword_full_refresh() -%}
  {{ return(none if var('onepassword_allow_full_refresh', false) | string | lower == 'true' else false) }}
{%- endmacro -%}


{#- How an incremental model replaces the rows that it computes anew. BigQuery knows merge only. -#}
{%- macro onepassword_incremental_strategy() -%}{{ return('merge' if target.type == 'bigquery' else 'delete+insert') }}{%- endmacro -%}
