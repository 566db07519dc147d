"""The package builds in every warehouse, with its data tests, and again over what it built: to the same marts."""

from __future__ import annotations

import platform
from collections.abc import Callable
from pathlib import Path

import pytest
from account import Account
from comparison import assert_same
from conftest import AS_OF, MODELS, Marts, in_parts
from history import History
from inputs import Rows, supply
from project import PACKAGE, PROGRAMS, Project
from tables import Layout
from warehouses import DuckDb, Snowflake, Warehouse

MakeWarehouse = Callable[[str], Warehouse]
ELSEWHERE = ["postgres", "snowflake", "bigquery"]

# A filter is SQL, in the words of the warehouse.
OWN = frozenset({"population_filter"})


@pytest.mark.parametrize("kind", ELSEWHERE)
def test_the_marts_are_the_same_as_on_duckdb_also_of_what_comes_later(
    warehouse: MakeWarehouse, odd_history: History, inputs: dict[str, Rows], expected_of_everything: list[Marts], kind: str
) -> None:
    for expected, built in zip(expected_of_everything, in_parts(warehouse(kind), odd_history, inputs), strict=True):
        assert_same(expected, built, OWN)


@pytest.fixture(scope="session")
def cache_with_driver(scratch: Path) -> dict[str, str]:
    """The environment in which v2 finds the ADBC project's driver of Snowflake where it keeps the one that it would fetch."""
    [driver] = PACKAGE.glob(".venv-dbt-v2/lib/python*/site-packages/adbc_driver_snowflake/libadbc_driver_snowflake.so")
    kept = scratch / "cache" / "com.getdbt" / "adbc" / f"{platform.machine()}-manylinux_2_17-linux-gnu"
    kept.mkdir(parents=True)
    (kept / "libadbc_driver_snowflake-0.21.0.dev+dbt0.21.13.so").symlink_to(driver)
    return {"XDG_CACHE_HOME": str(scratch / "cache")}


def test_v2_builds_the_same_marts_on_snowflake_and_its_open_part_those_of_what_comes_later(
    snowflake_server: dict[str, str], cache_with_driver: dict[str, str], odd_history: History, inputs: dict[str, Rows], expected_of_everything: list[Marts], tmp_path: Path
) -> None:
    environment = snowflake_server | cache_with_driver
    empty, then = Snowflake(tmp_path, environment, PROGRAMS["v2"]), Project("snowflake", tmp_path / "open", environment, dbt=PROGRAMS["v2, open part"])
    for expected, built in zip(expected_of_everything, in_parts(empty, odd_history, inputs, then=then), strict=True):
        assert_same(expected, built, OWN)


def test_no_mart_that_is_compared_is_empty(expected_of_everything: list[Marts]) -> None:
    assert [name for name, rows in expected_of_everything[1].items() if not rows] == []


def test_what_comes_later_gives_the_same_marts_as_what_comes_at_once(
    warehouse: MakeWarehouse, odd_history: History, inputs: dict[str, Rows], expected_of_everything: list[Marts]
) -> None:
    loaded = warehouse("duckdb")
    list(in_parts(loaded, odd_history, inputs, *MODELS))
    assert_same(expected_of_everything[1], loaded.build(AS_OF | supply(loaded, **inputs), "--full-refresh").marts())


@pytest.mark.parametrize("layout", [Layout(), Layout(metadata=False), Layout(zoned=False)], ids=["Airbyte", "bare", "no zone"])
def test_every_event_of_every_loader_comes_into_staging(warehouse: MakeWarehouse, small_account: Account, layout: Layout) -> None:
    built = warehouse("duckdb").load(small_account.history, layout).build(AS_OF)
    for stream, records in small_account.history.streams.items():
        events = {record.data["uuid"] for record in records}
        assert {row["event_uuid"] for row in built.rows(f"stg_onepassword__{stream}")} == events, stream
