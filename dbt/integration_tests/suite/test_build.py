"""The package builds in every warehouse, with its data tests, and again over what it built: to the same marts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from account import Account
from comparison import assert_same
from conftest import AS_OF
from history import History
from inputs import Rows, supply
from tables import Layout
from warehouses import DuckDb, Warehouse

MakeWarehouse = Callable[[str], Warehouse]
Marts = dict[str, list[dict[str, Any]]]

EVERYWHERE = ["duckdb", "postgres", "snowflake", "bigquery"]
ELSEWHERE = EVERYWHERE[1:]

# A filter is SQL, in the words of the warehouse.
OWN = frozenset({"population_filter"})


@pytest.fixture(scope="session")
def odd_history(small_account: Account) -> History:
    """The small account, and events that nobody knows, without time, person or pair, or with names of every kind."""
    somebody = {"uuid": "ODD", "name": "Zoë \\ O'Brien \"二\" <b>", "email": "Zoe@Example.com"}
    return (
        small_account.history.with_more(
            "audit_events",
            {"uuid": "ODD-1", "object_type": "comet", "action": "land", "actor_details": somebody},
            {"uuid": "ODD-2", "object_type": "user", "action": "suspend", "timestamp": None},
            {"uuid": "ODD-3", "object_type": None, "action": None, "actor_uuid": None, "actor_details": None, "session": None},
            {"uuid": "ODD-4", "object_type": "gm", "action": "join", "aux_uuid": None, "aux_details": None, "location": {}},
        )
        .with_more(
            "item_usages",
            {"uuid": "ODD-1", "action": "lick", "user": somebody},
            {"uuid": "ODD-2", "user": None, "client": None, "location": None},
            {"uuid": "ODD-3", "timestamp": "1970-01-01T00:00:00.000000Z"},
        )
        .with_more(
            "sign_in_attempts",
            {"uuid": "ODD-1", "category": "dream", "type": "dreamt", "target_user": somebody},
            {"uuid": "ODD-2", "target_user": {}, "location": {"latitude": None, "longitude": None}},
        )
    )


@pytest.fixture(scope="session")
def expected_of_everything(odd_history: History, inputs: dict[str, Rows], scratch: Path) -> Marts:
    """The marts of the odd history with every input, as DuckDB builds them."""
    folder = scratch / "everything"
    folder.mkdir()
    loaded = DuckDb(folder).load(odd_history)
    return loaded.build(AS_OF | supply(loaded, **inputs)).marts()


@pytest.mark.parametrize("kind", ELSEWHERE)
def test_the_marts_are_the_same_as_on_duckdb(
    warehouse: MakeWarehouse, small_account: Account, expected: Marts, kind: str
) -> None:
    assert_same(expected, warehouse(kind).load(small_account.history).build(AS_OF).marts(), OWN)


@pytest.mark.parametrize("kind", ELSEWHERE)
def test_with_odd_events_and_every_input_they_are_so_too_and_so_they_stay(
    warehouse: MakeWarehouse, odd_history: History, inputs: dict[str, Rows], expected_of_everything: Marts, kind: str
) -> None:
    loaded = warehouse(kind).load(odd_history)
    variables = AS_OF | supply(loaded, **inputs)
    assert_same(expected_of_everything, loaded.build(variables).marts(), OWN)
    assert_same(expected_of_everything, loaded.build(variables).marts(), OWN)


def test_no_mart_that_is_compared_is_empty(expected_of_everything: Marts) -> None:
    assert [name for name, rows in expected_of_everything.items() if not rows] == []


@pytest.mark.parametrize("kind", EVERYWHERE)
def test_what_comes_later_gives_the_same_marts_as_what_comes_at_once(
    warehouse: MakeWarehouse, small_account: Account, kind: str
) -> None:
    now, later = small_account.history.split(later=0.1)
    loaded = warehouse(kind).load(now).build(AS_OF).load(later)
    in_parts = loaded.build(AS_OF).marts()
    assert_same(loaded.build(AS_OF, "--full-refresh").marts(), in_parts)


@pytest.mark.parametrize("layout", [Layout(), Layout(metadata=False), Layout(zoned=False)], ids=["Airbyte", "bare", "no zone"])
def test_every_event_of_every_loader_comes_into_staging(warehouse: MakeWarehouse, small_account: Account, layout: Layout) -> None:
    built = warehouse("duckdb").load(small_account.history, layout).build(AS_OF)
    for stream, records in small_account.history.streams.items():
        events = {record.data["uuid"] for record in records}
        assert {row["event_uuid"] for row in built.rows(f"stg_onepassword__{stream}")} == events, stream
