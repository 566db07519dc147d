{#- Times are UTC without a zone everywhere; BigQuery's TIMESTAMP is UTC by itself. -#}

{%- macro onepassword_type_timestamp() -%}
  {{ return(adapter.dispatch('onepassword_type_timestamp', 'onepassword')()) }}
{%- endmacro -%}

{%- macro default__onepassword_type_timestamp() -%}{{ return('timestamp') }}{%- endmacro -%}

{%- macro snowflake__onepassword_type_timestamp() -%}{{ return('timestamp_ntz') }}{%- endmacro -%}


{#- A timestamp that was read as `data_type`, in UTC. Text is taken for UTC unless it says otherwise, whatever the session's zone. -#}
{%- macro onepassword_to_utc(expression, data_type) -%}
  {{ return(adapter.dispatch('onepassword_to_utc', 'onepassword')(expression, data_type | lower)) }}
{%- endmacro -%}

{%- macro default__onepassword_to_utc(expression, data_type) -%}
  {%- if 'with time zone' in data_type or data_type == 'timestamptz' -%}
    {{ return('(' ~ expression ~ " at time zone 'UTC')") }}
  {%- elif 'timestamp' in data_type or data_type == 'date' -%}
    {{ return('cast(' ~ expression ~ ' as timestamp)') }}
  {%- else -%}
    {#- Through text, because dbt v2 calls every time of DuckDB `datetime`. #}
    {%- set text = 'cast(' ~ expression ~ ' as ' ~ dbt.type_string() ~ ')' -%}
    {{ return('(case when ' ~ onepassword_has_zone(text) ~ ' then cast(' ~ text ~ " as timestamp with time zone) at time zone 'UTC' else cast(" ~ text ~ ' as timestamp) end)') }}
  {%- endif -%}
{%- endmacro -%}

{%- macro snowflake__onepassword_to_utc(expression, data_type) -%}
  {%- if 'timestamp_ntz' in data_type or data_type == 'date' -%}
    {{ return('cast(' ~ expression ~ ' as timestamp_ntz)') }}
  {%- elif 'timestamp' in data_type -%}
    {{ return("cast(convert_timezone('UTC', " ~ expression ~ ') as timestamp_ntz)') }}
  {%- else -%}
    {{ return('(case when ' ~ onepassword_has_zone(expression) ~ " then cast(convert_timezone('UTC', cast(" ~ expression ~ ' as timestamp_tz)) as timestamp_ntz) else cast(' ~ expression ~ ' as timestamp_ntz) end)') }}
  {%- endif -%}
{%- endmacro -%}

{%- macro bigquery__onepassword_to_utc(expression, data_type) -%}
  {%- if data_type in ['datetime', 'date'] -%}
    {{ return('timestamp(' ~ expression ~ ", 'UTC')") }}
  {%- elif data_type == 'timestamp' -%}
    {{ return(expression) }}
  {%- else -%}
    {{ return('cast(' ~ expression ~ ' as timestamp)') }}
  {%- endif -%}
{%- endmacro -%}


{#- Whether a time that is text names a zone. -#}
{%- macro onepassword_has_zone(expression) -%}
  {%- set zone = "'^.*:.*([zZ]|[+-][0-9]{2}(:?[0-9]{2})?)$'" -%}
  {{ return('regexp_like(trim(' ~ expression ~ '), ' ~ zone ~ ')' if target.type == 'snowflake' else 'trim(' ~ expression ~ ') ~ ' ~ zone) }}
{%- endmacro -%}


{#-
  Whether a column of `data_type` is not before `moment`, a timestamp in UTC that is one value of `relation`. A warehouse
  skips what is earlier unread only if the column is compared as it is; Snowflake and BigQuery only if it is with a literal.
-#}
{%- macro onepassword_is_since(column, data_type, moment, relation) -%}
  {{ return(adapter.dispatch('onepassword_is_since', 'onepassword')(column, data_type | lower, moment, relation)) }}
{%- endmacro -%}

{%- macro default__onepassword_is_since(column, data_type, moment, relation) -%}
  {{ return(onepassword_to_utc(column, data_type) ~ ' >= (select ' ~ moment ~ ' from ' ~ relation ~ ')') }}
{%- endmacro -%}

{%- macro duckdb__onepassword_is_since(column, data_type, moment, relation) -%}
  {%- if data_type in ['timestamp with time zone', 'timestamptz'] -%}
    {{ return(column ~ ' >= (select ' ~ moment ~ " at time zone 'UTC' from " ~ relation ~ ')') }}
  {%- else -%}
    {{ return(default__onepassword_is_since(column, data_type, moment, relation)) }}
  {%- endif -%}
{%- endmacro -%}

{%- macro snowflake__onepassword_is_since(column, data_type, moment, relation) -%}
  {%- set since = onepassword_looked_up(moment, relation) if 'timestamp' in data_type else none -%}
  {%- if since is none -%}
    {{ return(default__onepassword_is_since(column, data_type, moment, relation)) }}
  {%- elif 'timestamp_ntz' in data_type -%}
    {{ return(column ~ ' >= ' ~ onepassword_timestamp_literal(since)) }}
  {%- else -%}
    {{ return(column ~ " >= cast('" ~ onepassword_timestamp_text(since) ~ " +00:00' as timestamp_tz)") }}
  {%- endif -%}
{%- endmacro -%}

{%- macro bigquery__onepassword_is_since(column, data_type, moment, relation) -%}
  {%- set since = onepassword_looked_up(moment, relation) if data_type == 'timestamp' else none -%}
  {%- if since is none -%}
    {{ return(default__onepassword_is_since(column, data_type, moment, relation)) }}
  {%- else -%}
    {{ return(column ~ ' >= ' ~ onepassword_timestamp_literal(since)) }}
  {%- endif -%}
{%- endmacro -%}

{#- A timestamp in UTC that is one value of `relation`, as a datetime; none where nothing can be looked up, or in a unit test. -#}
{%- macro onepassword_looked_up(moment, relation) -%}
  {{ return(run_query('select ' ~ moment ~ ' as since from ' ~ relation).rows[0][0] if execute and flags.INTROSPECT and model.resource_type == 'model' else none) }}
{%- endmacro -%}


{#- A datetime to the microsecond. dbt v2 writes nine digits for `%f`, and BigQuery refuses more than six. -#}
{%- macro onepassword_timestamp_text(moment) -%}{{ return(moment.strftime('%Y-%m-%d %H:%M:%S.%f')[:26]) }}{%- endmacro -%}

{#- A timestamp as microseconds since 1970, which as text are the same in every warehouse. -#}
{%- macro onepassword_microseconds(expression) -%}
  {{ return(adapter.dispatch('onepassword_microseconds', 'onepassword')(expression)) }}
{%- endmacro -%}

{%- macro default__onepassword_microseconds(expression) -%}
  {{ return('cast(extract(epoch from ' ~ expression ~ ') * 1000000 as bigint)') }}
{%- endmacro -%}

{%- macro duckdb__onepassword_microseconds(expression) -%}{{ return('epoch_us(' ~ expression ~ ')') }}{%- endmacro -%}

{%- macro snowflake__onepassword_microseconds(expression) -%}{{ return('date_part(epoch_microsecond, ' ~ expression ~ ')') }}{%- endmacro -%}

{%- macro bigquery__onepassword_microseconds(expression) -%}{{ return('unix_micros(' ~ expression ~ ')') }}{%- endmacro -%}


{#- A Python datetime (UTC, without zone) as SQL. -#}
{%- macro onepassword_timestamp_literal(moment) -%}
  {{ return("cast('" ~ onepassword.onepassword_timestamp_text(moment) ~ ('+00' if target.type == 'bigquery' else '') ~ "' as " ~ onepassword.onepassword_type_timestamp() ~ ')') }}
{%- endmacro -%}


{#-
  Times that stand in for the open ends of an interval where it is joined: a condition that is a comparison and nothing else
  is one by which a warehouse can join quickly; with "is null or" beside it, DuckDB compares every row with every other.
-#}
{%- macro onepassword_beginning() -%}{{ return(onepassword_timestamp_literal(modules.datetime.datetime(1900, 1, 1))) }}{%- endmacro -%}
{%- macro onepassword_end_of_time() -%}{{ return(onepassword_timestamp_literal(modules.datetime.datetime(2999, 1, 1))) }}{%- endmacro -%}


{#- The day of a timestamp, in UTC. -#}
{%- macro onepassword_to_date(expression) -%}
  {{ return(adapter.dispatch('onepassword_to_date', 'onepassword')(expression)) }}
{%- endmacro -%}

{%- macro default__onepassword_to_date(expression) -%}{{ return('cast(' ~ expression ~ ' as date)') }}{%- endmacro -%}

{%- macro bigquery__onepassword_to_date(expression) -%}{{ return('date(' ~ expression ~ ", 'UTC')") }}{%- endmacro -%}


{#- The first instant of a day, in UTC. -#}
{%- macro onepassword_day_start(expression) -%}
  {{ return(adapter.dispatch('onepassword_day_start', 'onepassword')(expression)) }}
{%- endmacro -%}

{%- macro default__onepassword_day_start(expression) -%}
  {{ return('cast(' ~ expression ~ ' as ' ~ onepassword.onepassword_type_timestamp() ~ ')') }}
{%- endmacro -%}

{%- macro bigquery__onepassword_day_start(expression) -%}{{ return('timestamp(' ~ expression ~ ", 'UTC')") }}{%- endmacro -%}


{#- The timestamp `hours` later; a negative number is earlier. `hours` is a number, not a column. -#}
{%- macro onepassword_add_hours(expression, hours) -%}
  {{ return(adapter.dispatch('onepassword_add_hours', 'onepassword')(expression, hours)) }}
{%- endmacro -%}

{%- macro default__onepassword_add_hours(expression, hours) -%}
  {{ return('(' ~ expression ~ " + interval '" ~ hours ~ " hours')") }}
{%- endmacro -%}

{%- macro snowflake__onepassword_add_hours(expression, hours) -%}
  {{ return("dateadd('hour', " ~ hours ~ ', ' ~ expression ~ ')') }}
{%- endmacro -%}

{%- macro bigquery__onepassword_add_hours(expression, hours) -%}
  {{ return('timestamp_add(' ~ expression ~ ', interval ' ~ hours ~ ' hour)') }}
{%- endmacro -%}

{%- macro onepassword_add_days(expression, days) -%}
  {{ return(onepassword.onepassword_add_hours(expression, days * 24)) }}
{%- endmacro -%}


{#- Seconds from `earlier` to `later`, with fraction. -#}
{%- macro onepassword_seconds_between(earlier, later) -%}
  {{ return(adapter.dispatch('onepassword_seconds_between', 'onepassword')(earlier, later)) }}
{%- endmacro -%}

{%- macro duckdb__onepassword_seconds_between(earlier, later) -%}
  {{ return('((epoch_us(' ~ later ~ ') - epoch_us(' ~ earlier ~ ')) / 1000000.0)') }}
{%- endmacro -%}

{%- macro default__onepassword_seconds_between(earlier, later) -%}
  {{ return('cast(extract(epoch from (' ~ later ~ ' - ' ~ earlier ~ ')) as double precision)') }}
{%- endmacro -%}

{%- macro snowflake__onepassword_seconds_between(earlier, later) -%}
  {{ return("(datediff('microsecond', " ~ earlier ~ ', ' ~ later ~ ') / 1000000.0)') }}
{%- endmacro -%}

{%- macro bigquery__onepassword_seconds_between(earlier, later) -%}
  {{ return('(timestamp_diff(' ~ later ~ ', ' ~ earlier ~ ', microsecond) / 1000000.0)') }}
{%- endmacro -%}


{#- Whole days from one date to another. -#}
{%- macro onepassword_days_between(earlier, later) -%}
  {{ return(adapter.dispatch('onepassword_days_between', 'onepassword')(earlier, later)) }}
{%- endmacro -%}

{%- macro default__onepassword_days_between(earlier, later) -%}{{ return('(' ~ later ~ ' - ' ~ earlier ~ ')') }}{%- endmacro -%}

{%- macro snowflake__onepassword_days_between(earlier, later) -%}
  {{ return("datediff('day', " ~ earlier ~ ', ' ~ later ~ ')') }}
{%- endmacro -%}

{%- macro bigquery__onepassword_days_between(earlier, later) -%}
  {{ return('date_diff(' ~ later ~ ', ' ~ earlier ~ ', day)') }}
{%- endmacro -%}


{#- The date `days` later, where `days` may be a column. -#}
{%- macro onepassword_date_add(expression, days) -%}
  {{ return(adapter.dispatch('onepassword_date_add', 'onepassword')(expression, days)) }}
{%- endmacro -%}

{%- macro default__onepassword_date_add(expression, days) -%}{{ return('(' ~ expression ~ ' + cast(' ~ days ~ ' as integer))') }}{%- endmacro -%}

{%- macro snowflake__onepassword_date_add(expression, days) -%}
  {{ return("cast(dateadd('day', " ~ days ~ ', ' ~ expression ~ ') as date)') }}
{%- endmacro -%}

{%- macro bigquery__onepassword_date_add(expression, days) -%}
  {{ return('date_add(' ~ expression ~ ', interval ' ~ days ~ ' day)') }}
{%- endmacro -%}
