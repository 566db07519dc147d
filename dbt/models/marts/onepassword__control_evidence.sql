{% set dormant_days = onepassword_setting('dormant_days') %}

with populations as (
  {%- for name, definition in onepassword_populations().items() %}
  select
    '{{ name }}' as name,
    '{{ definition.model }}' as model,
    '{{ dbt.escape_single_quotes(definition.filter | replace('\n', ' ')) }}' as population_filter,
    {{ onepassword_covered_from(definition.complete_list, onepassword_evidence_end()) ~ ' is not null' if definition.complete_list else 'true' }}
    {%- if definition.complete_list == 'access' %}
      {#- Nor may a vault be among them of which no baseline could read everything. #}
      and not exists (select 1 from {{ ref('int_onepassword__period_access') }} as paths where paths.coverage_from is null)
      {#- Nor a vault that a group holds whose members none could read. #}
      and not exists (
        select 1
        from {{ ref('int_onepassword__intervals') }} as held
        left join {{ ref('int_onepassword__coverage') }} as coverage
          on coverage.what = 'access'
          and held.container_uuid = coverage.container_uuid
          and {{ onepassword_reaches('coverage', onepassword_evidence_end()) }}
        where held.kind = 'group vault'
          and held.known_since <= {{ onepassword_evidence_end() }}
          and (held.ended_at is null or held.ended_at > {{ onepassword_evidence_end() }})
          and coverage.container_uuid is null
      )
    {%- endif %} as is_complete,
    counted.row_count
  from {{ ref('int_onepassword__settings') }} as settings
  cross join ({{ onepassword_population_count(name) }}) as counted
  {{ 'union all' if not loop.last }}
  {%- endfor %}
),

exceptions as (
  select
    found.framework,
    found.control,
    count(distinct found.row_key) as exceptions,
    {#- An exception is decided when everything that was found about it is. #}
    count(distinct found.row_key) - count(distinct case when not found.is_decided then found.row_key end) as decided_exceptions,
    sum(case when found.row_key is null then 1 else 0 end) as other_findings,
    sum(case when found.row_key is null and found.is_decided then 1 else 0 end) as decided_other_findings
  from {{ ref('int_onepassword__exceptions') }} as found
  group by found.framework, found.control
),

{#- Rows of a state, and access that it lacks, which hang on the order of two events of one instant. #}
ambiguous as (
  select 'vault access' as population, count(*) as row_count
  from (
    select
      paths.vault_uuid, paths.user_uuid, paths.path, paths.group_uuid,
      max(paths.ended_at) as ended_at,
      max(case when paths.is_end_ambiguous then paths.ended_at end) as ambiguously_ended_at,
      max(case when paths.ended_at is null or paths.ended_at > {{ onepassword_evidence_end() }} then 1 else 0 end) as is_open,
      max(case when paths.is_order_ambiguous and (paths.ended_at is null or paths.ended_at > {{ onepassword_evidence_end() }}) then 1 else 0 end) as is_open_ambiguously
    from {{ ref('int_onepassword__access_paths') }} as paths
    where paths.known_since <= {{ onepassword_evidence_end() }}
    group by paths.vault_uuid, paths.user_uuid, paths.path, paths.group_uuid
  ) as paths
  where paths.is_open_ambiguously = 1
    or (paths.is_open = 0 and paths.ambiguously_ended_at = paths.ended_at)
  {%- for name, definition in onepassword_populations().items() if definition.model == 'onepassword__team_members' %}
  union all
  select '{{ name }}', count(*)
  from {{ onepassword_population(name) }} as members
  where members.is_order_ambiguous
  {%- endfor %}
),

coverage as (
  select
    controls.framework,
    controls.control,
    min(case when coverage.is_covered then 1 else 0 end) = 1 as is_covered,
    {%- for stream in onepassword_known_streams() %}
    max(case when coverage.stream = '{{ stream }}' then coverage.reason end) as {{ stream }}_reason{{ ',' if not loop.last }}
    {%- endfor %}
  from {{ ref('onepassword_controls') }} as controls
  inner join {{ ref('int_onepassword__period_coverage') }} as coverage
    on {{ onepassword_is_listed('coverage.stream', 'controls.streams') }}
  group by controls.framework, controls.control
),

{#- What the baselines that follow one another say of the log, where the time between them touches the period. #}
confirmations as (
  select confirmations.*
  from {{ ref('onepassword__log_confirmation') }} as confirmations
  where confirmations.from_as_of < {{ onepassword_evidence_to() }}
    and confirmations.to_as_of > {{ onepassword_evidence_from() }}
),

compared_lists as (
  select
    {{ onepassword_list(dbt.concat(["case when ranked.position = 1 then '' when ranked.positions = ranked.position then ' and ' else ', ' end", 'ranked.day']), 'ranked.position', separator='') }} as lists
  from (
    select
      cast({{ onepassword_to_date('compared.as_of') }} as {{ dbt.type_string() }}) as day,
      row_number() over (order by compared.as_of) as position,
      count(*) over () as positions
    from (
      select confirmations.from_as_of as as_of from confirmations
      union distinct
      select confirmations.to_as_of as as_of from confirmations
    ) as compared
  ) as ranked
),

{% set unloaded = "case when counted.unloaded > 0 then ', but the log was not loaded since the last list was read' else '' end" %}
confirmation as (
  select
    compared_lists.lists,
    counted.unloaded,
    case
      when counted.changes = 0 and counted.contradicted = 0
        then {{ dbt.concat(["'Nothing changed between the lists of '", 'compared_lists.lists', unloaded, "'.'"]) }}
      else {{ dbt.concat([
        "case when counted.explained = counted.changes and counted.contradicted = 0 then 'Confirmed' else 'Not confirmed' end",
        "' by the lists of '", 'compared_lists.lists', "': '",
        'cast(counted.explained as ' ~ dbt.type_string() ~ ')', "' of '", 'cast(counted.changes as ' ~ dbt.type_string() ~ ')', "' changes are in the log'",
        "case when counted.contradicted > 0 then " ~ dbt.concat(["', and it contradicts the later list in '", 'cast(counted.contradicted as ' ~ dbt.type_string() ~ ')']) ~ " else '' end",
        unloaded, "'.'"]) }}
    end as sentence
  from compared_lists
  cross join (
    select
      cast(sum(confirmations.changes) as {{ dbt.type_bigint() }}) as changes,
      cast(sum(confirmations.explained) as {{ dbt.type_bigint() }}) as explained,
      cast(sum(confirmations.contradicted) as {{ dbt.type_bigint() }}) as contradicted,
      sum(case when confirmations.is_log_loaded then 0 else 1 end) as unloaded
    from confirmations
  ) as counted
),

inputs as (
  {%- for input in onepassword_known_inputs() %}
  select '{{ input }}' as input, {{ 1 if onepassword_has_input(input) else 0 }} as is_supplied {{ 'union all' if not loop.last }}
  {%- endfor %}
),

{#- A rule cannot have found anything if it is left out, without an input that it needs, or before what it rests on is on record for long enough. #}
unjudged_rules as (
  select rules.rule
  from {{ ref('onepassword_rules') }} as rules
  inner join inputs
    on {{ onepassword_is_listed('inputs.input', 'rules.inputs') }}
  group by rules.rule
  having min(inputs.is_supplied) = 0
  {%- for rule in onepassword_disabled_rules() %}
  union distinct
  select '{{ rule }}' as rule
  {%- endfor %}
  union distinct
  select max('dormant_with_access') as rule
  from {{ ref('onepassword__data_coverage') }} as streams
  where streams.stream in ('item_usages', 'sign_in_attempts')
  having count(streams.first_event_at) < 2
    or max(streams.first_event_at) > {{ onepassword_add_days(onepassword_evidence_end(), -onepassword_setting('dormant_days')) }}
  union distinct
  select partly.rule from {{ ref('int_onepassword__partly_judged_rules') }} as partly
  union distinct
  select 'used_without_access' as rule
  from {{ ref('int_onepassword__settings') }} as settings
  where {{ onepassword_covered_from('access', onepassword_evidence_from()) }} is null
  union distinct
  select 'change_not_in_log' as rule
  from confirmation
  where confirmation.lists is null
    or confirmation.unloaded > 0
),

unjudged as (
  select
    controls.framework,
    controls.control,
    count(*) = max(length(controls.exception_rules) - length(replace(controls.exception_rules, ',', ''))) + 1 as is_every_rule,
    {{ onepassword_list('unjudged_rules.rule', onepassword_ordered('unjudged_rules.rule')) }} as rules
  from {{ ref('onepassword_controls') }} as controls
  inner join unjudged_rules
    on {{ onepassword_is_listed('unjudged_rules.rule', 'controls.exception_rules') }}
  group by controls.framework, controls.control
),

missing_inputs as (
  select controls.framework, controls.control
  from {{ ref('onepassword_controls') }} as controls
  inner join inputs
    on {{ onepassword_is_listed('inputs.input', 'controls.inputs') }}
  group by controls.framework, controls.control
  having max(inputs.is_supplied) = 0
),

{#- An input of which nothing is known to the events proves nothing. What is known to come from known addresses has not been judged. #}
unmatched_inputs as (
  select
    rested_on.framework,
    rested_on.control,
    {{ onepassword_list('rested_on.trouble', onepassword_ordered('rested_on.input'), separator='') }} as trouble,
    max(case when rested_on.input = 'known_addresses' then 1 else 0 end) = 1 as leaves_out_known_addresses
  from {{ ref('int_onepassword__input_controls') }} as rested_on
  group by rested_on.framework, rested_on.control
),

known_addresses as (
  select
    count(*) as networks,
    {{ onepassword_list('case when ranked.position <= 20 then ranked.address end', 'ranked.position', separator=', ') }} as addresses
  from (
    select networks.address, row_number() over (order by {{ onepassword_ordered('networks.address') }}) as position
    from {{ ref('int_onepassword__known_networks') }} as networks
  ) as ranked
),

evidence as (
  select
    controls.*,
    unmatched_inputs.trouble,
    coalesce(unmatched_inputs.leaves_out_known_addresses, false) as leaves_out_known_addresses,
    populations.model as population_model,
    populations.population_filter,
    populations.row_count,
    coalesce(populations.is_complete, false) as population_is_complete,
    coalesce(exceptions.exceptions, 0) as exceptions,
    coalesce(exceptions.decided_exceptions, 0) as decided_exceptions,
    coalesce(exceptions.other_findings, 0) as other_findings,
    coalesce(exceptions.decided_other_findings, 0) as decided_other_findings,
    coalesce(ambiguous.row_count, 0) as ambiguous_rows,
    coalesce(coverage.is_covered, false)
      and missing_inputs.control is null
      and coalesce(unmatched_inputs.trouble, '') = ''
      and not coalesce(unjudged.is_every_rule, false)
      and not coalesce(controls.most_dormant_days < {{ dormant_days }}, false) as is_covered,
    {%- for stream in onepassword_known_streams() %}
    coverage.{{ stream }}_reason,
    {%- endfor %}
    missing_inputs.control is not null as lacks_input,
    coalesce(unjudged.is_every_rule, false) as lacks_judgement,
    unjudged.rules as unjudged_rules
  from {{ ref('onepassword_controls') }} as controls
  left join populations on controls.population = populations.name
  left join ambiguous on controls.population = ambiguous.population
  left join exceptions on controls.framework = exceptions.framework and controls.control = exceptions.control
  left join coverage on controls.framework = coverage.framework and controls.control = coverage.control
  left join missing_inputs on controls.framework = missing_inputs.framework and controls.control = missing_inputs.control
  left join unmatched_inputs on controls.framework = unmatched_inputs.framework and controls.control = unmatched_inputs.control
  left join unjudged on controls.framework = unjudged.framework and controls.control = unjudged.control
)

select
  {{ onepassword_key(['evidence.framework', 'evidence.control']) }} as control_evidence_id,
  evidence.framework,
  evidence.control,
  evidence.claim,
  {{ dbt.concat(['evidence.limitation', "case when evidence.leaves_out_known_addresses then " ~ dbt.concat([
    "'; what comes from known_addresses, on which the rules of place are silent ('", "coalesce(known_addresses.addresses, 'none')",
    "case when known_addresses.networks > 20 then ', and others' else '' end", "')'"]) ~ " else '' end"]) }} as limitation,
  evidence.population_model,
  evidence.population as population_name,
  evidence.population_filter,
  cast(evidence.row_count as {{ dbt.type_bigint() }}) as population,
  evidence.population_is_complete,
  evidence.exception_rules,
  evidence.unjudged_rules,
  cast(evidence.exceptions as {{ dbt.type_bigint() }}) as exceptions,
  cast(evidence.decided_exceptions as {{ dbt.type_bigint() }}) as decided_exceptions,
  cast(evidence.other_findings as {{ dbt.type_bigint() }}) as other_findings,
  cast(evidence.decided_other_findings as {{ dbt.type_bigint() }}) as decided_other_findings,
  cast(evidence.ambiguous_rows as {{ dbt.type_bigint() }}) as ambiguous_rows,
  evidence.streams,
  case when {{ onepassword_is_listed("'change_not_in_log'", 'evidence.exception_rules') }} then confirmation.sentence end as confirmation,
  case
    when evidence.is_covered then 'covered'
    else trim({{ dbt.concat([
      "coalesce(" ~ dbt.concat(['evidence.audit_events_reason', "' '"]) ~ ", '')",
      "coalesce(" ~ dbt.concat(['evidence.item_usages_reason', "' '"]) ~ ", '')",
      "coalesce(" ~ dbt.concat(['evidence.sign_in_attempts_reason', "' '"]) ~ ", '')",
      "case when evidence.lacks_input then " ~ dbt.concat(["'It needs one of the inputs '", 'evidence.inputs', "'. '"]) ~ " else '' end",
      "coalesce(evidence.trouble, '')",
      "case when evidence.lacks_judgement then 'None of its rules could be judged: they are disabled, or need inputs or more days on record. ' else '' end",
      "case when evidence.most_dormant_days < " ~ dormant_days ~ " then " ~ dbt.concat(["'It asks for '", 'cast(evidence.most_dormant_days as ' ~ dbt.type_string() ~ ')', "' days of inactivity at most, and onepassword_dormant_days is " ~ dormant_days ~ ".'"]) ~ " else '' end",
    ]) }})
  end as coverage,
  case
    when not evidence.is_covered then 'not proven'
    when evidence.exceptions + evidence.other_findings > 0 then 'exceptions'
    else 'no exceptions'
  end as verdict,
  settings.evidence_from,
  settings.evidence_to,
  settings.as_of,
  settings.account_uuid
from evidence
cross join known_addresses
cross join confirmation
cross join {{ ref('int_onepassword__settings') }} as settings
