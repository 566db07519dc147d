{#- What the report is about: the settings, and since when its lists are complete. -#}
select
  settings.*,
  {{ onepassword_covered_from('access', onepassword_evidence_end()) }} as access_covered_from,
  {{ onepassword_covered_from('members', onepassword_evidence_end()) }} as members_covered_from
from {{ ref('int_onepassword__settings') }} as settings
