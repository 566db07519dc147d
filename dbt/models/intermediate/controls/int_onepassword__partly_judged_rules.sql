{#- Rules that the events of the period did not allow to judge everything. -#}
select distinct 'invited_from_another_domain' as rule
from {{ ref('onepassword__findings') }} as findings
where findings.rule = 'invitation_not_judged'
  and findings.is_in_period
