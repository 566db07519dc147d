{#-
  Whether the person of a use could open its vault at its time, for `usages` with `user_uuid`, `vault_uuid` and `occurred_at`:
  the joins, and the answers that stand on them.
-#}
{%- macro onepassword_join_access(usages) -%}
left join {{ ref('int_onepassword__coverage') }} as coverage
  on coverage.what = 'access'
  and {{ usages }}.vault_uuid = coverage.container_uuid
  and {{ usages }}.occurred_at >= coverage.covered_from
  and {{ usages }}.occurred_at < coalesce(coverage.hole_at, {{ onepassword_end_of_time() }})
left join {{ ref('int_onepassword__access_stretches') }} as stretches
  on {{ usages }}.vault_uuid = stretches.vault_uuid
  and {{ usages }}.user_uuid = stretches.user_uuid
  and {{ usages }}.occurred_at >= coalesce(stretches.starts_at, {{ onepassword_beginning() }})
  and {{ usages }}.occurred_at < coalesce(stretches.ends_at, {{ onepassword_end_of_time() }})
left join {{ ref('int_onepassword__unannounced_access') }} as unannounced
  on {{ usages }}.vault_uuid = unannounced.vault_uuid
  and {{ usages }}.user_uuid = unannounced.user_uuid
  and {{ usages }}.occurred_at >= unannounced.possible_from
  and {{ usages }}.occurred_at < coalesce(unannounced.possible_to, {{ onepassword_end_of_time() }})
{%- endmacro -%}


{#- The log and the baselines cover the time, and show no access. -#}
{%- macro onepassword_shows_no_access(usages) -%}
  not coalesce(stretches.has_access, false)
    and {{ usages }}.user_uuid is not null
    and {{ usages }}.vault_uuid is not null
    and {{ usages }}.occurred_at > coverage.covered_from
    and {{ usages }}.occurred_at < coverage.covered_to
{%- endmacro -%}


{%- macro onepassword_had_access(usages) -%}
  case
    when stretches.has_access then 'yes'
    when {{ onepassword_shows_no_access(usages) }} and unannounced.vault_uuid is null and not coalesce(stretches.is_order_ambiguous, false) then 'no'
    else 'unknown'
  end
{%- endmacro -%}
