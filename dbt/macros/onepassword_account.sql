{#- The account to which evidence is limited, in lower case; none if the tables hold one alone. -#}
{%- macro onepassword_chosen_account() -%}
  {%- set chosen = var('onepassword_account_uuid', none) -%}
  {{ return(chosen | string | trim | lower if chosen else none) }}
{%- endmacro -%}


{#-
  A condition that leaves only the rows of the account that `onepassword_account_uuid` chooses; nothing where it chooses
  none. A row that names no account is taken for the chosen one's if no other account is in the tables.
-#}
{%- macro onepassword_of_account(alias) -%}
  {%- set chosen = onepassword_chosen_account() -%}
  {%- if chosen -%}
  and (
    lower({{ alias }}.account_uuid) = '{{ chosen }}'
    or (
      {{ alias }}.account_uuid is null
      and (
        select case when count(distinct lower(accounts.account_uuid)) = 1 then max(lower(accounts.account_uuid)) end
        from {{ ref('int_onepassword__accounts') }} as accounts
      ) = '{{ chosen }}'
    )
  )
  {%- endif -%}
{%- endmacro -%}
