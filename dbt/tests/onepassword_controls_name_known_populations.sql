-- Every control has a population that the macro onepassword_populations defines.
select controls.framework, controls.control, controls.population
from {{ ref('onepassword_controls') }} as controls
where controls.population not in (
  {%- for name in onepassword_populations() %}
  '{{ name }}'{{ ',' if not loop.last }}
  {%- endfor %}
)
