-- The short way of counting a population gives the number of its rows.
select counted.row_count as counted, listed.row_count as listed
from ({{ onepassword_population_count('item access') }}) as counted
cross join (select count(*) as row_count from {{ onepassword_population('item access') }} as population_rows) as listed
where counted.row_count <> listed.row_count
