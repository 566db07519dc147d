{#- A domain is another one if it is not in `own_domains`; without that input, if it is not the inviting person's. -#}
with invitations as (
  select
    meanings.*,
    case when meanings.aux_info like '%@%' then lower({{ dbt.split_part('meanings.aux_info', "'@'", 2) }}) end as invited_domain,
    case
      when actors.kind <> 'service account' and meanings.actor_email like '%@%' then lower({{ dbt.split_part('meanings.actor_email', "'@'", 2) }})
    end as own_domain
  from {{ ref('int_onepassword__audit_meanings') }} as meanings
  left join {{ ref('int_onepassword__people') }} as actors on meanings.actor_uuid = actors.user_uuid
  where meanings.object_type = 'invite'
    and meanings.action = 'create'
),

events as (
  select
    invitations.event_uuid as window_key,
    invitations.actor_uuid as subject_uuid,
    coalesce(invitations.actor_name, invitations.actor_email) as subject,
    cast(null as {{ dbt.type_string() }}) as object,
    invitations.aux_info as detail,
    invitations.event_uuid,
    invitations.occurred_at
  from invitations
  {%- if onepassword_has_input('own_domains') %}
  left join (
    select distinct replace(lower(domains.domain), '@', '') as domain from {{ onepassword_input('own_domains') }} as domains
  ) as own_domains on invitations.invited_domain = own_domains.domain
  where invitations.invited_domain is not null
    and own_domains.domain is null
  {%- else %}
  where invitations.invited_domain <> invitations.own_domain
  {%- endif %}
)

{{ onepassword_finding('invited_from_another_domain') }}
