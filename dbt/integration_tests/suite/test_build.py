"""The package builds in every warehouse, with its data tests, and again over what it built: to the same marts."""

from __future__ import annotations

import platform
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from account import Account
from comparison import assert_same
from conftest import AS_OF, MODELS
from history import History
from inputs import Rows, supply
from project import PACKAGE, PROGRAMS
from tables import Layout
from warehouses import DuckDb, Snowflake, Warehouse

MakeWarehouse = Callable[[str], Warehouse]
Marts = dict[str, list[dict[str, Any]]]

ELSEWHERE = ["postgres", "snowflake", "bigquery"]

# A filter is SQL, in the words of the warehouse.
OWN = frozenset({"population_filter"})


def in_parts(empty: Warehouse, account: Account, *last: str) -> Warehouse:
    """The account, of which a tenth is loaded and built later; ``last`` are arguments of that build."""
    now, later = account.history.split(later=0.1)
    return empty.load(now).build(AS_OF, *MODELS).load(later).build(AS_OF, *last)


@pytest.fixture(scope="session")
def expected_in_parts(small_account: Account, scratch: Path) -> Marts:
    folder = scratch / "parts"
    folder.mkdir()
    return in_parts(DuckDb(folder), small_account).marts()


@pytest.mark.parametrize("kind", ELSEWHERE)
def test_the_marts_are_the_same_as_on_duckdb_also_of_what_comes_later(
    warehouse: MakeWarehouse, small_account: Account, expected_in_parts: Marts, kind: str
) -> None:
    assert_same(expected_in_parts, in_parts(warehouse(kind), small_account, *MODELS).marts(), OWN)


@pytest.fixture(scope="session")
def cache_with_driver(scratch: Path) -> dict[str, str]:
    """The environment in which v2 finds the ADBC project's driver of Snowflake where it keeps the one that it would fetch."""
    [driver] = PACKAGE.glob(".venv-dbt-v2/lib/python*/site-packages/adbc_driver_snowflake/libadbc_driver_snowflake.so")
    kept = scratch / "cache" / "com.getdbt" / "adbc" / f"{platform.machine()}-manylinux_2_17-linux-gnu"
    kept.mkdir(parents=True)
    (kept / "libadbc_driver_snowflake-0.21.0.dev+dbt0.21.13.so").symlink_to(driver)
    return {"XDG_CACHE_HOME": str(scratch / "cache")}


@pytest.mark.parametrize("name", ["v2", "v2, open part"])
def test_v2_builds_the_same_marts_on_snowflake(
    snowflake_server: dict[str, str], cache_with_driver: dict[str, str], small_account: Account, expected_in_parts: Marts, tmp_path: Path, name: str
) -> None:
    built = in_parts(Snowflake(tmp_path, snowflake_server | cache_with_driver, PROGRAMS[name]), small_account)
    assert_same(expected_in_parts, built.marts(), OWN)


@pytest.mark.parametrize("kind", ELSEWHERE)
def test_with_odd_events_and_every_input_they_are_so_too_and_so_they_stay(
    warehouse: MakeWarehouse, odd_history: History, inputs: dict[str, Rows], expected_of_everything: Marts, kind: str
) -> None:
    loaded = warehouse(kind).load(odd_history)
    variables = AS_OF | supply(loaded, **inputs)
    assert_same(expected_of_everything, loaded.build(variables, *MODELS).marts(), OWN)
    assert_same(expected_of_everything, loaded.build(variables).marts(), OWN)


def test_no_mart_that_is_compared_is_empty(expected_of_everything: Marts) -> None:
    assert [name for name, rows in expected_of_everything.items() if not rows] == []


def test_what_comes_later_gives_the_same_marts_as_what_comes_at_once(warehouse: MakeWarehouse, small_account: Account) -> None:
    loaded = in_parts(warehouse("duckdb"), small_account)
    before = loaded.marts()
    assert_same(loaded.build(AS_OF, "--full-refresh").marts(), before)


@pytest.mark.parametrize("layout", [Layout(), Layout(metadata=False), Layout(zoned=False)], ids=["Airbyte", "bare", "no zone"])
def test_every_event_of_every_loader_comes_into_staging(warehouse: MakeWarehouse, small_account: Account, layout: Layout) -> None:
    built = warehouse("duckdb").load(small_account.history, layout).build(AS_OF)
    for stream, records in small_account.history.streams.items():
        events = {record.data["uuid"] for record in records}
        assert {row["event_uuid"] for row in built.rows(f"stg_onepassword__{stream}")} == events, stream
