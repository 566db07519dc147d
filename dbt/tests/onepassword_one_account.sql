{#- The package reads one account: the tables of two would mix their people and vaults. V1 rows do not name the account. -#}
select count(distinct events.account_uuid) as accounts
from (
  {% for stream in onepassword_known_streams() %}
  select events.account_uuid from {{ ref('stg_onepassword__' ~ stream) }} as events
  {{ 'union all' if not loop.last }}
  {% endfor %}
) as events
having count(distinct events.account_uuid) > 1
