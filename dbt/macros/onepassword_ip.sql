{#-
  IP addresses by what they are, however they are spelt. No warehouse has the functions of another for this, so they are
  taken apart as text: `2001:db8::2`, `2001:0DB8:0:0:0:0:0:2` and `[2001:db8::2%en0]` are one address, and so are
  `192.0.2.1` and `::ffff:192.0.2.1`.
-#}

{#-
  The addresses of the column `address` of `addresses` with their 32 hexadecimal digits (`hex`), which are null for what is
  no address. Each step is distinct, so that PostgreSQL does not write all of them into one expression, which it would take
  minutes to plan.
-#}
{%- macro onepassword_parsed_addresses(addresses) -%}
{%- set hexadecimal = "'0123456789abcdef'" -%}
select
  grouped.address,
  case
    when grouped.colons = 0 then {{ dbt.concat(["'00000000000000000000ffff'", 'grouped.dotted_hex']) }}
    when grouped.colons > 8 or grouped.rest <> '' then cast(null as {{ dbt.type_string() }})
    when grouped.is_short and length(grouped.head_hex) + length(grouped.tail_hex) <= 28
      then {{ dbt.concat(['grouped.head_hex', "substr('00000000000000000000000000000000', 1, 32 - length(grouped.head_hex) - length(grouped.tail_hex))", 'grouped.tail_hex']) }}
    when not grouped.is_short and grouped.colons <= 7 and length(grouped.head_hex) = 32 then grouped.head_hex
  end as hex
from (
  select distinct
    octets.*,
    {%- for side in ['head', 'tail'] %}
    {%- set groups = [] -%}
    {%- for number in range(1, 9) -%}
      {%- set piece = 'coalesce(' ~ dbt.split_part('octets.' ~ side, "':'", number) ~ ", '')" -%}
      {%- do groups.append(
        '(case when ' ~ piece ~ " = '' then '' when " ~ piece ~ " like '%.%' then octets.dotted_hex when length(" ~ piece ~ ') <= 4 and translate(' ~ piece ~ ', ' ~ hexadecimal ~ ", '') = '' then lpad(" ~ piece ~ ", 4, '0') end)"
      ) -%}
    {%- endfor %}
    {{ dbt.concat(groups) }} as {{ side }}_hex{{ ',' if not loop.last }}
    {%- endfor %}
  from (
    select distinct
      numbered.*,
      {%- set hex_digits = [] -%}
      {%- for number in range(1, 5) -%}
        {%- set octet = 'numbered.octet_' ~ number -%}
        {%- do hex_digits.append('substr(' ~ hexadecimal ~ ', cast(floor(' ~ octet ~ ' / 16) as ' ~ dbt.type_int() ~ ') + 1, 1)') -%}
        {%- do hex_digits.append('substr(' ~ hexadecimal ~ ', cast(mod(' ~ octet ~ ', 16) as ' ~ dbt.type_int() ~ ') + 1, 1)') -%}
      {%- endfor %}
      case
        when length(numbered.dotted) - length(replace(numbered.dotted, '.', '')) = 3
          and numbered.octet_1 <= 255 and numbered.octet_2 <= 255 and numbered.octet_3 <= 255 and numbered.octet_4 <= 255
          then {{ dbt.concat(hex_digits) }}
      end as dotted_hex
    from (
      select distinct
        halves.*,
        {%- for number in range(1, 5) %}
        {%- set octet = 'coalesce(' ~ dbt.split_part('halves.dotted', "'.'", number) ~ ", '')" %}
        case
          when length({{ octet }}) between 1 and 3 and translate({{ octet }}, '0123456789', '') = '' then cast({{ octet }} as {{ dbt.type_int() }})
        end as octet_{{ number }}{{ ',' if not loop.last }}
        {%- endfor %}
      from (
        select distinct
          split.*,
          case
            when split.colons = 0 then split.text
            else coalesce(
              {%- for number in range(1, 9) %}
              {%- set piece = dbt.split_part('(case when split.is_short then split.tail else split.head end)', "':'", number) %}
              case when {{ piece }} like '%.%' then {{ piece }} end{{ ',' if not loop.last }}
              {%- endfor %}
            )
          end as dotted
        from (
          select
            cleaned.address,
            cleaned.text,
            length(cleaned.text) - length(replace(cleaned.text, ':', '')) as colons,
            cleaned.text like '%::%' as is_short,
            case when cleaned.text like '%::%' then coalesce({{ dbt.split_part('cleaned.text', "'::'", 1) }}, '') else cleaned.text end as head,
            case when cleaned.text like '%::%' then coalesce({{ dbt.split_part('cleaned.text', "'::'", 2) }}, '') else '' end as tail,
            coalesce({{ dbt.split_part('cleaned.text', "'::'", 3) }}, '') as rest
          from (
            select
              {{ addresses }}.address,
              coalesce({{ dbt.split_part("replace(replace(lower(trim(" ~ addresses ~ ".address)), '[', ''), ']', '')", "'%'", 1) }}, '') as text
            from {{ addresses }}
          ) as cleaned
        ) as split
      ) as halves
    ) as numbered
  ) as octets
) as grouped
{%- endmacro -%}


{#- 32 hexadecimal digits as 128 binary ones. -#}
{%- macro onepassword_bits(hex) -%}
  {%- set bits = namespace(sql="replace(replace(replace(" ~ hex ~ ", '1', 'x'), '0', '0000'), 'x', '0001')") -%}
  {%- set digits = {'2': '0010', '3': '0011', '4': '0100', '5': '0101', '6': '0110', '7': '0111', '8': '1000',
    '9': '1001', 'a': '1010', 'b': '1011', 'c': '1100', 'd': '1101', 'e': '1110', 'f': '1111'} -%}
  {%- for digit, binary in digits.items() -%}
    {%- set bits.sql = 'replace(' ~ bits.sql ~ ", '" ~ digit ~ "', '" ~ binary ~ "')" -%}
  {%- endfor -%}
  {{ return(bits.sql) }}
{%- endmacro -%}
