{#- The variables, read and checked in one place. Times are UTC; a date alone is its first instant. -#}

{%- macro onepassword_known_streams() -%}{{ return(['audit_events', 'item_usages', 'sign_in_attempts']) }}{%- endmacro -%}

{#- Whether Airbyte syncs this stream. -#}
{%- macro onepassword_has_stream(stream) -%}
  {%- set streams = var('onepassword_streams', onepassword_known_streams()) -%}
  {{ return(streams is iterable and stream in streams) }}
{%- endmacro -%}


{#- A condition that leaves nothing of a stream that is not synced: staging keeps what it had of it. -#}
{%- macro onepassword_of_stream(stream) -%}
  {{ return('' if onepassword_has_stream(stream) else 'and 1 = 0') }}
{%- endmacro -%}


{#- The whole numbers, with their defaults: the package's own are not seen from models of another project, nor in v2's unit tests. -#}
{%- macro onepassword_default_settings() -%}
  {{ return({'settle_days': 2, 'stale_after_hours': 24, 'dormant_days': 90, 'overlap_hours': 24}) }}
{%- endmacro -%}

{%- macro onepassword_setting(name) -%}{{ return(var('onepassword_' ~ name, onepassword_default_settings()[name]) | int) }}{%- endmacro -%}


{#- The version of the package, which dbt does not tell. -#}
{%- macro onepassword_version() -%}{{ return('0.1.0') }}{%- endmacro -%}

{#- Every variable as this run of dbt has it; a date as text, whether or not dbt takes it for one. -#}
{%- macro onepassword_variables() -%}
  {%- set variables = {} -%}
  {%- for name in [
    'streams', 'account_uuid', 'as_of', 'evidence_from', 'evidence_to', 'settle_days', 'stale_after_hours', 'dormant_days',
    'overlap_hours', 'allow_full_refresh', 'disabled_rules', 'thresholds', 'inputs', 'schema', 'database', 'table_prefix',
    'audit_events_identifier', 'item_usages_identifier', 'sign_in_attempts_identifier',
  ] -%}
    {%- set value = var('onepassword_' ~ name, none) -%}
    {%- set is_time = name in ['as_of', 'evidence_from', 'evidence_to'] and value is not none -%}
    {%- do variables.update({'onepassword_' ~ name: value | string if is_time else value}) -%}
  {%- endfor -%}
  {{ return(variables) }}
{%- endmacro -%}


{#- The limits of the findings' rules. `onepassword_thresholds` replaces any of them. -#}
{%- macro onepassword_default_thresholds() -%}
  {{ return({
    'second_factors_added': 2,
    'second_factors_added_hours': 24,
    'took_secret_within_hours': 24,
    'newcomer_days': 14,
    'leaver_days': 14,
    'burst_items': 20,
    'burst_items_minutes': 10,
    'many_vaults': 10,
    'many_vaults_minutes': 10,
    'failed_sign_ins': 20,
    'failed_sign_ins_minutes': 60,
    'success_after_failures_minutes': 60,
    'new_country_days': 90,
    'new_country_history_days': 14,
    'new_app_history_days': 14,
    'travel_km': 500,
    'travel_km_per_hour': 900,
    'leaver_cut_off_hours': 24,
  }) }}
{%- endmacro -%}

{%- macro onepassword_threshold(name) -%}
  {%- set chosen = var('onepassword_thresholds', {}) -%}
  {{ return((chosen if chosen is mapping else {}).get(name, onepassword_default_thresholds()[name])) }}
{%- endmacro -%}


{#- A date or date-time of the years 1900 to 2999 as a Python datetime in UTC without a zone; none if `value` is neither. -#}
{%- macro onepassword_parse_time(value) -%}
  {%- set match = modules.re.match(
    '^((?:19|2[0-9])[0-9]{2})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(?:[T ]([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9])(?:[.]([0-9]{1,6})[0-9]*)?)?)?(Z|[+-](?:0[0-9]|1[0-4]):?[0-5][0-9])?$',
    value | string | trim) -%}
  {%- if not match -%}{{ return(none) }}{%- endif -%}
  {%- set parts = match.groups() -%}
  {%- set month = modules.datetime.datetime(parts[0] | int, parts[1] | int, 1) -%}
  {%- set moment = month + modules.datetime.timedelta(
    days=(parts[2] | int) - 1, hours=(parts[3] or 0) | int, minutes=(parts[4] or 0) | int, seconds=(parts[5] or 0) | int,
    microseconds=((parts[6] or '0') ~ '000000')[:6] | int) -%}
  {%- if moment.month != month.month -%}{{ return(none) }}{%- endif -%}
  {%- if parts[7] and parts[7] != 'Z' -%}
    {%- set offset = parts[7] | replace(':', '') -%}
    {%- set minutes = (offset[1:3] | int) * 60 + (offset[3:5] | int) -%}
    {%- set moment = moment - modules.datetime.timedelta(minutes=minutes if offset[0] == '+' else -minutes) -%}
  {%- endif -%}
  {{ return(moment) }}
{%- endmacro -%}

{#- The variable as a datetime; none if it is not set or cannot be read, which `onepassword_check_variables` reports. -#}
{%- macro onepassword_time_setting(name) -%}
  {%- set value = var('onepassword_' ~ name, none) -%}
  {{ return(none if value is none or value == '' else onepassword.onepassword_parse_time(value)) }}
{%- endmacro -%}

{#- When this run of dbt started, without a zone; dbt v2 cannot take that off a datetime. -#}
{%- macro onepassword_run_started_at() -%}
  {{ return(onepassword.onepassword_parse_time(run_started_at.strftime('%Y-%m-%dT%H:%M:%S.%f'))) }}
{%- endmacro -%}

{#- Evidence as of this time: `onepassword_as_of`, or now. -#}
{%- macro onepassword_as_of_time() -%}
  {{ return(onepassword.onepassword_time_setting('as_of') or onepassword.onepassword_run_started_at()) }}
{%- endmacro -%}

{#- The latest time at which something can have been loaded; a later one is of a clock that was ahead. -#}
{%- macro onepassword_latest_load() -%}
  {{ return(onepassword_timestamp_literal([onepassword_as_of_time(), onepassword_run_started_at()] | max)) }}
{%- endmacro -%}

{#- The first day of the calendar quarter that `moment` is in. -#}
{%- macro onepassword_quarter_start(moment) -%}
  {{ return(modules.datetime.datetime(moment.year, (moment.month - 1) // 3 * 3 + 1, 1)) }}
{%- endmacro -%}

{%- macro onepassword_evidence_to_time() -%}
  {{ return(onepassword_time_setting('evidence_to') or onepassword_quarter_start(onepassword_as_of_time())) }}
{%- endmacro -%}

{%- macro onepassword_evidence_from_time() -%}
  {{ return(onepassword_time_setting('evidence_from')
            or onepassword_quarter_start(onepassword_quarter_start(onepassword_as_of_time()) - modules.datetime.timedelta(days=1))) }}
{%- endmacro -%}

{#-
  The last instant of the period, at which the controls judge states: what happens at `evidence_to` itself belongs to the
  next period. Before that, `as_of`: nothing is known of what comes after it.
-#}
{%- macro onepassword_evidence_end() -%}
  {%- set last_instant = onepassword_evidence_to_time() - modules.datetime.timedelta(microseconds=1) -%}
  {{ return(onepassword_timestamp_literal([last_instant, onepassword_as_of_time()] | min)) }}
{%- endmacro -%}

{#- The same as SQL. The period of the controls begins at `evidence_from` and ends just before `evidence_to`. -#}
{%- macro onepassword_as_of() -%}{{ return(onepassword_timestamp_literal(onepassword_as_of_time())) }}{%- endmacro -%}
{%- macro onepassword_evidence_from() -%}{{ return(onepassword_timestamp_literal(onepassword_evidence_from_time())) }}{%- endmacro -%}
{%- macro onepassword_evidence_to() -%}{{ return(onepassword_timestamp_literal(onepassword_evidence_to_time())) }}{%- endmacro -%}


{#- Ends the run at its start, with one sentence, if a variable makes no sense. -#}
{%- macro onepassword_check_variables() -%}
  {%- if execute -%}
    {%- set streams = var('onepassword_streams', onepassword_known_streams()) -%}
    {%- if streams is string or streams is mapping or streams is not iterable -%}
      {{ exceptions.raise_compiler_error('onepassword_streams must be a list of streams: ' ~ onepassword_known_streams() | join(', ') ~ '.') }}
    {%- endif -%}
    {%- for stream in streams if stream not in onepassword_known_streams() -%}
      {{ exceptions.raise_compiler_error("onepassword_streams names the stream '" ~ stream ~ "', which the source does not have. It has " ~ onepassword_known_streams() | join(', ') ~ '.') }}
    {%- endfor -%}

    {%- set account = var('onepassword_account_uuid', none) -%}
    {%- if account is not none and not modules.re.match('^[A-Za-z0-9_-]{1,64}$', account | string | trim) -%}
      {{ exceptions.raise_compiler_error("onepassword_account_uuid is '" ~ account ~ "', which is no UUID of an account. Take it from the column account_uuid of Airbyte's tables.") }}
    {%- endif -%}

    {%- for name in ['as_of', 'evidence_from', 'evidence_to'] -%}
      {%- set value = var('onepassword_' ~ name, none) -%}
      {%- if value is not none and value != '' and onepassword_parse_time(value) is none -%}
        {{ exceptions.raise_compiler_error('onepassword_' ~ name ~ " is '" ~ value ~ "', which is neither a date nor a date-time. Write it as 2026-09-30 or 2026-09-30T12:00:00Z.") }}
      {%- endif -%}
    {%- endfor -%}
    {%- if onepassword_evidence_from_time() >= onepassword_evidence_to_time() -%}
      {{ exceptions.raise_compiler_error('The period of the evidence begins at ' ~ onepassword_evidence_from_time() ~ ' and ends at ' ~ onepassword_evidence_to_time() ~ '. Set onepassword_evidence_from to an earlier time than onepassword_evidence_to.') }}
    {%- endif -%}

    {%- for name in onepassword_default_settings() -%}
      {%- if not modules.re.match('^[0-9]{1,5}$', var('onepassword_' ~ name) | string) -%}
        {{ exceptions.raise_compiler_error('onepassword_' ~ name ~ " is '" ~ var('onepassword_' ~ name) ~ "'. It must be a whole number from 0 to 99999.") }}
      {%- endif -%}
    {%- endfor -%}

    {%- set rules = onepassword_known_rules().values() | sum(start=[]) -%}
    {%- set disabled = var('onepassword_disabled_rules', []) -%}
    {%- if disabled is string or disabled is mapping or disabled is not iterable -%}
      {{ exceptions.raise_compiler_error('onepassword_disabled_rules must be a list of rules.') }}
    {%- endif -%}
    {%- for rule in disabled if rule not in rules -%}
      {{ exceptions.raise_compiler_error("onepassword_disabled_rules names '" ~ rule ~ "', which is no rule. There are " ~ rules | join(', ') ~ '.') }}
    {%- endfor -%}
    {%- if disabled | unique | list | length == rules | length -%}
      {{ exceptions.raise_compiler_error('onepassword_disabled_rules names every rule. It must be some of them: to have no findings at all, leave their models out (README.md, Leave parts out).') }}
    {%- endif -%}

    {%- set thresholds = var('onepassword_thresholds', {}) -%}
    {%- if thresholds is not mapping -%}
      {{ exceptions.raise_compiler_error('onepassword_thresholds must map names of thresholds to whole numbers.') }}
    {%- endif -%}
    {%- for name, value in thresholds.items() -%}
      {%- if name not in onepassword_default_thresholds() -%}
        {{ exceptions.raise_compiler_error("onepassword_thresholds names '" ~ name ~ "', which is no threshold. There are " ~ onepassword_default_thresholds().keys() | join(', ') ~ '.') }}
      {%- elif value is not integer or value is boolean or value < 0 or value > 99999 -%}
        {{ exceptions.raise_compiler_error("The threshold '" ~ name ~ "' in onepassword_thresholds is '" ~ value ~ "'. It must be a whole number from 0 to 99999.") }}
      {%- endif -%}
    {%- endfor -%}

    {%- set inputs = var('onepassword_inputs', {}) -%}
    {%- if inputs is not mapping -%}
      {{ exceptions.raise_compiler_error('onepassword_inputs must map names of inputs to names of your models or seeds.') }}
    {%- endif -%}
    {%- for name in inputs -%}
      {%- if name not in onepassword_known_inputs() -%}
        {{ exceptions.raise_compiler_error("onepassword_inputs names '" ~ name ~ "', which is no input. There are " ~ onepassword_known_inputs().keys() | join(', ') ~ '.') }}
      {%- elif not onepassword_has_input(name) -%}
        {{ exceptions.raise_compiler_error("onepassword_inputs names no model or seed for '" ~ name ~ "'. Name one, or leave " ~ name ~ ' out.') }}
      {%- endif -%}
    {%- endfor -%}
  {%- endif -%}
{%- endmacro -%}
