{#-
  Deletes from the roll-up of item use the days of which staging holds something else by now: events that were loaded since,
  or that were redelivered with another day, or without one. What has no load time may always be new. The roll-up then makes
  the days that it lacks.
-#}
{%- macro onepassword_delete_changed_days() -%}
  {%- if is_incremental() -%}
    {%- set days = onepassword_looked_up_days(onepassword_changed_days()) -%}
    {%- if days is none -%}
  delete from {{ this }} where day in ({{ onepassword_changed_days() }})
    {%- elif days -%}
  delete from {{ this }} where day in ({{ days | join(', ') }})
    {%- endif -%}
  {%- endif -%}
{%- endmacro -%}


{#- The days that the roll-up lacks, and those of which it has something else than staging. -#}
{%- macro onepassword_changed_days() %}
    select coalesce(staged.day, kept.day) as day
    from ({{ onepassword_item_use_days() }}
    ) as staged
    full join (
      select earlier.day, max(earlier.day_events) as events from {{ this }} as earlier group by earlier.day
    ) as kept on staged.day = kept.day
    where kept.day is null
      or staged.day is null
      or staged.events <> kept.events
      or staged.timed_events < staged.events
      or staged.last_loaded_at >= (select {{ onepassword_loaded_since('earlier') }} from {{ this }} as earlier)
{%- endmacro -%}


{#- The days of staging, each with its events and when they were loaded. `condition` on `usages` leaves days out. -#}
{%- macro onepassword_item_use_days(condition='true') %}
      select
        {{ onepassword_to_date('usages.occurred_at') }} as day,
        count(*) as events,
        count(usages.loaded_at) as timed_events,
        max(usages.loaded_at) as last_loaded_at
      from {{ ref('stg_onepassword__item_usages') }} as usages
      where usages.occurred_at is not null {{ onepassword_of_stream('item_usages') }}
        and {{ condition }}
      group by {{ onepassword_to_date('usages.occurred_at') }}
{%- endmacro -%}
