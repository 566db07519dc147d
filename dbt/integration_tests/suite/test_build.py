"""The package builds in every warehouse that can be run, with its unit tests and data tests, and again over what it built."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from account import Account
from comparison import assert_same
from conftest import AS_OF
from tables import Layout
from warehouses import Warehouse

MakeWarehouse = Callable[[str], Warehouse]


@pytest.mark.parametrize("kind", ["postgres", "snowflake"])
def test_the_marts_are_the_same_as_on_duckdb(
    warehouse: MakeWarehouse, small_account: Account, expected: dict[str, list[dict[str, Any]]], kind: str
) -> None:
    actual = warehouse(kind).load(small_account.history).build(AS_OF)
    assert_same(expected, actual.marts())
    assert_same(expected, actual.build(AS_OF).marts())


@pytest.mark.parametrize("kind", ["duckdb", "postgres", "snowflake"])
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
