{#-
  A decision is about one finding, or about whatever one rule finds of one subject. It covers what had happened by when it
  was made, or by `until`: a finding with a newer event is undecided again. A day counts to its end in UTC.
-#}
{%- set covers = [] -%}
{%- for moment, is_day in [('decided_at', 'is_decided_day'), ('until', 'is_until_day')] -%}
  {%- do covers.append('case when matched.' ~ is_day ~ ' then matched.last_at < ' ~ onepassword_add_hours('matched.' ~ moment, 24) ~ ' else matched.last_at <= matched.' ~ moment ~ ' end') -%}
{%- endfor %}

with decisions as (
  select distinct
    lower(supplied.finding_id) as finding_id,
    lower(supplied.rule) as rule,
    lower(supplied.subject_uuid) as subject,
    supplied.decision,
    supplied.reason,
    {#- What a reviewer wrote beside a row that had been decided before is the newer decision. #}
    coalesce(supplied.reviewer, supplied.decided_by) as decided_by,
    coalesce(supplied.date, supplied.decided_at) as decided_at,
    coalesce(case when supplied.date is not null then supplied.date_is_day else supplied.decided_at_is_day end, false) as is_decided_day,
    supplied.until,
    coalesce(supplied.until_is_day, false) as is_until_day
  from {{ onepassword_input('decisions') }} as supplied
  where supplied.decision is not null
),

matched as (
  select findings.finding_id as found_id, findings.last_at, decisions.*
  from decisions
  inner join {{ ref('int_onepassword__findings') }} as findings on decisions.finding_id = findings.finding_id
  union all
  select findings.finding_id, findings.last_at, decisions.*
  from decisions
  inner join {{ ref('int_onepassword__findings') }} as findings
    on decisions.rule = findings.rule
    and decisions.subject = lower(coalesce(findings.subject_uuid, findings.subject))
  where decisions.finding_id is null
),

judged as (
  select
    matched.*,
    {#- Without its date nobody can tell what a decision was about. #}
    matched.decided_at is not null and coalesce({{ covers | join(' or ') }}, false) as is_decided
  from matched
),

ranked as (
  select
    judged.*,
    row_number() over (
      partition by judged.found_id
      order by
        case when judged.is_decided then 0 else 1 end,
        coalesce(judged.decided_at, {{ onepassword_beginning() }}) desc,
        case when judged.finding_id is null then 1 else 0 end,
        {%- for column in ['decision', 'decided_by', 'reason'] %}
        {{ onepassword_ordered("coalesce(judged." ~ column ~ ", '')") }},
        {%- endfor %}
        coalesce(judged.until, {{ onepassword_beginning() }})
    ) as position
  from judged
)

select
  ranked.found_id as finding_id,
  ranked.is_decided,
  ranked.decision as decided_as,
  ranked.reason as decision_reason,
  ranked.decided_by,
  ranked.decided_at,
  ranked.until as decided_until
from ranked
where ranked.position = 1
