{{ onepassword_finding_config('invited_from_another_domain') }}
{#-
  A domain is another one if it is not in `own_domains`; without that input, if it is not the inviting person's. Where neither
  tells, because an address is not known or it was a machine that invited, that is said, once for whoever invited.
-#}
with invitations as (
  select
    meanings.*,
    case when meanings.aux_info like '%@%' then lower(trim({{ dbt.split_part('meanings.aux_info', "'@'", 2) }})) end as invited_domain,
    case
      when actors.kind <> 'service account' and meanings.actor_email like '%@%' then lower(trim({{ dbt.split_part('meanings.actor_email', "'@'", 2) }}))
    end as inviting_domain
  from {{ ref('int_onepassword__audit_meanings') }} as meanings
  left join {{ ref('int_onepassword__people') }} as actors on meanings.actor_uuid = actors.user_uuid
  where meanings.object_type = 'invite'
    and meanings.action = 'create'
),

judged as (
  select
    invitations.event_uuid,
    invitations.occurred_at,
    invitations.actor_uuid as subject_uuid,
    coalesce(invitations.actor_name, invitations.actor_email) as subject,
    cast(null as {{ dbt.type_string() }}) as object,
    invitations.aux_info as detail,
    {% if onepassword_has_input('own_domains') -%}
    case when invitations.invited_domain is not null then own_domains.domain is not null end as is_own
  from invitations
  left join (
    select distinct trim(replace(lower(domains.domain), '@', '')) as domain from {{ onepassword_input('own_domains') }} as domains
  ) as own_domains on invitations.invited_domain = own_domains.domain
    {%- else -%}
    invitations.invited_domain = invitations.inviting_domain as is_own
  from invitations
    {%- endif %}
),

foreign_ones as (
  select judged.*, judged.event_uuid as window_key from judged where not judged.is_own
),

unjudged_ones as (
  select judged.*, coalesce(judged.subject_uuid, '') as window_key from judged where judged.is_own is null
)

{{ onepassword_finding('invited_from_another_domain', events='foreign_ones') }}
union all
{{ onepassword_finding('invitation_not_judged', events='unjudged_ones') }}
