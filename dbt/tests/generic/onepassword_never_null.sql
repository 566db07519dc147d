{#- None of `columns` is null in any row. -#}
{% test onepassword_never_null(model, columns) %}
select checked.*
from {{ model }} as checked
where {% for column in columns %}checked.{{ column }} is null{{ ' or ' if not loop.last }}{% endfor %}
{% endtest %}
