{#- No two intervals of one key overlap. `starts_at` may be null (before everything), and so may `ends_at` (still open). -#}
{% test onepassword_no_overlap(model, key, starts_at, ends_at) %}

{% set beginning = onepassword.onepassword_timestamp_literal(modules.datetime.datetime(1900, 1, 1)) %}
{% set end_of_time = onepassword.onepassword_timestamp_literal(modules.datetime.datetime(2999, 1, 1)) %}

select ordered.*
from (
  select
    {{ key | join(', ') }},
    coalesce({{ ends_at }}, {{ end_of_time }}) as ends,
    lead(coalesce({{ starts_at }}, {{ beginning }})) over (
      partition by {{ key | join(', ') }}
      order by coalesce({{ starts_at }}, {{ beginning }}), coalesce({{ ends_at }}, {{ end_of_time }})
    ) as next_starts
  from {{ model }}
) as ordered
where ordered.next_starts < ordered.ends

{% endtest %}
