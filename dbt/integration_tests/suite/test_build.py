"""The package builds in every warehouse, with its data tests, and again over what it built: to the same marts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from account import Account
from comparison import assert_same
from conftest import AS_OF
from history import History
from inputs import Rows, supply
from tables import Layout
from warehouses import Warehouse

MakeWarehouse = Callable[[str], Warehouse]
Marts = dict[str, list[dict[str, Any]]]

EVERYWHERE = ["duckdb", "postgres", "snowflake", "bigquery"]
ELSEWHERE = EVERYWHERE[1:]

# A filter is SQL, in the words of the warehouse.
OWN = frozenset({"population_filter"})


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
