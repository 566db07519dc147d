{#- There are no rows, or none that `where` leaves. -#}
{% test onepassword_no_rows(model) %}
{#- Without an alias: dbt gives one to what `where` makes of the model. #}
select * from {{ model }}
{% endtest %}
