{#- What the log, and the baseline before, said at the time of each baseline, beside what the baseline says. -#}
{% set no_text = 'cast(null as ' ~ dbt.type_string() ~ ')' %}

with listings as (
  select
    listings.*,
    coalesce(
      listings.logged_state,
      lag(listings.state) over (partition by listings.kind, listings.container_uuid, listings.holder_uuid order by listings.as_of)
    ) as state_before
  from {{ ref('int_onepassword__listings') }} as listings
),

members as (
  select
    members.*,
    coalesce(
      members.logged_state,
      lag(members.state) over (partition by members.user_uuid order by members.as_of),
      case when members.has_acted then 'open' end
    ) as state_before
  from {{ ref('int_onepassword__listed_members') }} as members
),

{#- Of what changed while the lists were being read, they may show what was before or after. #}
compared as (
  select
    listings.as_of,
    case when listings.kind = 'membership' then 'group membership' else 'vault access' end as what,
    case when listings.kind <> 'membership' then listings.container_uuid end as vault_uuid,
    case listings.kind
      when 'membership' then listings.container_uuid
      when 'group vault' then listings.holder_uuid
    end as group_uuid,
    case when listings.kind <> 'group vault' then listings.holder_uuid end as user_uuid,
    coalesce(listings.state_before = 'open', false) as is_in_log,
    listings.is_listed as is_in_baseline
  from listings
  where listings.told_effect is null
  union all
  select
    members.as_of,
    'member',
    {{ no_text }},
    {{ no_text }},
    members.user_uuid,
    {#- A list of people may lack service accounts. #}
    coalesce(members.state_before = 'open', false) and (members.is_listed or members.kind not in ('service account', 'external')),
    members.is_listed and coalesce(members.listed_status <> 'removed', true)
  from members
  where not members.is_told
)

select
  {{ onepassword_key([onepassword_microseconds('compared.as_of'), 'compared.what', 'compared.vault_uuid', 'compared.group_uuid', 'compared.user_uuid']) }} as reconciliation_id,
  compared.as_of,
  compared.what,
  compared.vault_uuid,
  compared.group_uuid,
  compared.user_uuid,
  case
    when compared.is_in_log and compared.is_in_baseline then 'both'
    when compared.is_in_log then 'only in log'
    else 'only in baseline'
  end as agrees,
  settings.account_uuid
from compared
cross join {{ ref('int_onepassword__settings') }} as settings
where compared.is_in_log
  or compared.is_in_baseline
