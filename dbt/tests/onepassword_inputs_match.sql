-- What the inputs name is known to the events. A warning: it may be right and have never occurred.
{{ config(severity='warn') }}

select unmatched.input, unmatched.value, unmatched.reason
from {{ ref('onepassword__unmatched_inputs') }} as unmatched
