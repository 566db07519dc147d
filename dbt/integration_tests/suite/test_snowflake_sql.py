"""The SQL for Snowflake holds nothing that Snowflake refuses and its likeness lets pass."""

from __future__ import annotations

import pytest
from snowflake_sql import assert_taken, refusals

REFUSED = [
    'select "uuid" from events',
    "select `uuid` from events",
    "select count(*) filter (where ok) from events",
    "select details ->> 'email' from events",
    "select details::json from events",
    "select cast(details as jsonb) from events",
    "select distinct on (uuid) * from events",
    "select moment at time zone 'UTC' from events",
    "select cast(moment as timestamp with time zone) from events",
    "select name from events where name ~ 'a.*'",
    "select members[1] from events",
    "select moment + interval 1 day from events",
    "select uuid, count(*) from events group by all",
    "select sum(n) over (order by n range between 5 preceding and current row) from events",
    "select string_agg(uuid, ',') from events",
    "select events.at as start from events",
]


@pytest.mark.parametrize("sql", REFUSED)
def test_what_snowflake_refuses_is_found(sql: str) -> None:
    assert len(refusals(sql)) == 1


@pytest.mark.parametrize(
    "sql",
    [
        "select 'say \"hello\" -> it''s' as sentence -- count(*) filter (where true)",
        "select cast(get_path(details, 'a.b') as varchar) as a, row_number() over (order by uuid rows between 1 preceding and current row)",
        "select listagg(uuid, ',') within group (order by uuid) as uuids, max_by(a, b) as start_at from events as src",
    ],
)
def test_what_snowflake_takes_is_not(sql: str) -> None:
    assert refusals(sql) == []


def test_a_build_is_refused_whose_models_or_tests_hold_such_a_thing() -> None:
    node = {"name": "events", "package_name": "onepassword", "compiled_code": REFUSED[2]}
    with pytest.raises(AssertionError, match="FILTER on an aggregate"):
        assert_taken({"nodes": {"model.onepassword.events": node}})
