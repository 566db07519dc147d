"""The SQL for Snowflake holds nothing that Snowflake refuses and its likeness lets pass."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from account import Account
from conftest import AS_OF
from inputs import Rows, supply
from snowflake_sql import refusals
from warehouses import Warehouse

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


def test_no_model_and_no_test_holds_what_snowflake_refuses(
    warehouse: Callable[[str], Warehouse], small_account: Account, inputs: dict[str, Rows]
) -> None:
    loaded = warehouse("snowflake").load(small_account.history.first(5))
    forms = {"without inputs": AS_OF, "with inputs": AS_OF | supply(loaded, **inputs)}
    found, read = {}, 0
    # The second run finds tables, so that incremental models take their other form.
    for form, variables in forms.items():
        manifest = loaded.build(variables).project.manifest()
        for node in manifest["nodes"].values():
            if node.get("compiled_code") and node["package_name"] == "onepassword":
                read += 1
                found |= {f"{node['name']} {form}": refused for refused in [refusals(node["compiled_code"])] if refused}
    assert read > 100
    assert found == {}
