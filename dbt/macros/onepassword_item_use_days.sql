{#-
  Deletes from the roll-up of item use the days of which staging holds something else by now: events that were loaded since,
  or that were redelivered with another day, or without one. What has no load time may always be new. The roll-up then makes
  the days that it lacks.
-#}
{%- macro onepassword_delete_changed_days() -%}
  {%- if is_incremental() -%}
  delete from {{ this }} where day in (
    select kept.day
    from (select earlier.day, sum(earlier.uses) as uses from {{ this }} as earlier group by earlier.day) as kept
    left join ({{ onepassword_item_use_days() }}
    ) as staged on kept.day = staged.day
    where staged.day is null
      or staged.uses <> kept.uses
      or staged.timed_uses < staged.uses
      or staged.last_loaded_at >= (select {{ onepassword_loaded_since('earlier') }} from {{ this }} as earlier)
  )
  {%- endif -%}
{%- endmacro -%}


{#- The days of staging that the roll-up has, each with its uses and when they were loaded. -#}
{%- macro onepassword_item_use_days() %}
      select
        {{ onepassword_to_date('usages.occurred_at') }} as day,
        count(*) as uses,
        count(usages.loaded_at) as timed_uses,
        max(usages.loaded_at) as last_loaded_at
      from {{ ref('stg_onepassword__item_usages') }} as usages
      where {{ onepassword_is_item_use('usages') }}
      group by {{ onepassword_to_date('usages.occurred_at') }}
{%- endmacro -%}


{#- Whether a row of staging counts in the roll-up. -#}
{%- macro onepassword_is_item_use(usages) -%}
  not {{ usages }}.is_undated and {{ usages }}.vault_uuid is not null and {{ usages }}.user_uuid is not null {{ onepassword_of_stream('item_usages') }}
{%- endmacro -%}
