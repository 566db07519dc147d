{#-
  The marts are of one account: those of two would mix their people and vaults. The tables hold several where the token is a
  service provider's; then the variable onepassword_account_uuid chooses one. V1 rows may not name the account.
-#}
{% test onepassword_one_account(model) %}
select
  count(*) as accounts,
  {% if onepassword.onepassword_chosen_account() -%}
  'The tables do not have the account that onepassword_account_uuid names.'
  {%- else -%}
  'The tables hold several accounts. Set onepassword_account_uuid to one of them.'
  {%- endif %} as what_to_do
from {{ model }} as accounts
{% if onepassword.onepassword_chosen_account() -%}
having count(*) > 0
  and max(case when lower(accounts.account_uuid) = '{{ onepassword.onepassword_chosen_account() }}' then 1 else 0 end) = 0
{%- else -%}
having count(*) > 1
{%- endif %}
{% endtest %}
