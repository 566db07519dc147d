-- Every pair that fires a rule is a pair whose meaning is known, and is as grave there.
select pair_rules.rule, pair_rules.object_type, pair_rules.action
from {{ ref('onepassword_pair_rules') }} as pair_rules
left join {{ ref('onepassword_audit_pairs') }} as pairs
  on pairs.object_type = pair_rules.object_type
  and pairs.action = pair_rules.action
  and pairs.severity = pair_rules.severity
where pairs.action is null
