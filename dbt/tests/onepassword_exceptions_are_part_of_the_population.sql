-- No control has more exceptions than its population has rows.
select evidence.framework, evidence.control, evidence.exceptions, evidence.population
from {{ ref('onepassword__control_evidence') }} as evidence
where evidence.exceptions > evidence.population
