-- Every event of Airbyte's tables is in the models. A warning: `dbt build --full-refresh` reads what is not, and forgets nothing.
{{ config(severity='warn') }}

select coverage.stream, coverage.unread_rows
from {{ ref('onepassword__data_coverage') }} as coverage
where coverage.unread_rows > 0
