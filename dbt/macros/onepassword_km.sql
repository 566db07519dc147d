{#- Kilometres between two places on the globe, by the haversine formula. BigQuery has no radians(). -#}
{%- macro onepassword_km(latitude_1, longitude_1, latitude_2, longitude_2) -%}
  {%- set degree = 0.017453292519943295 -%}
  (2 * 6371.0 * asin(sqrt(least(1.0,
    power(sin(({{ latitude_2 }} - {{ latitude_1 }}) * {{ degree }} / 2), 2)
    + cos({{ latitude_1 }} * {{ degree }}) * cos({{ latitude_2 }} * {{ degree }})
    * power(sin(({{ longitude_2 }} - {{ longitude_1 }}) * {{ degree }} / 2), 2)))))
{%- endmacro -%}
