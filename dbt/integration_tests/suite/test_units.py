"""The unit tests of the models pass in every warehouse; on DuckDB with both engines of v2, elsewhere with 1.11.

dbt 1.11 takes a second or more for each, so every third is run on PostgreSQL, and another sixth on each of the likenesses of Snowflake
and BigQuery; with ``EVERY_UNIT_TEST=1`` all of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import copies
import pytest
import yaml
from account import Account
from conftest import AS_OF
from project import PACKAGE, PROGRAMS, Project
from warehouses import DuckDb, Warehouse


def unit_tests() -> list[str]:
    return [test["name"] for test in defined()]


def defined() -> list[dict[str, Any]]:
    contents = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted((PACKAGE / "unit_tests").rglob("*.yml"))]
    return [test for content in contents for test in content["unit_tests"]]


@pytest.mark.parametrize(("kind", "sixths"), [("postgres", {0, 3}), ("snowflake", {1}), ("bigquery", {2})], ids=["postgres", "snowflake", "bigquery"])
def test_the_unit_tests_pass(warehouse: Callable[[str], Warehouse], small_account: Account, kind: str, sixths: set[int]) -> None:
    left_out = [name for at, name in enumerate(unit_tests()) if at % 6 not in sixths]
    exclude = ("--exclude", *(f"unit_test:{name}" for name in left_out)) if left_out and "EVERY_UNIT_TEST" not in os.environ else ()
    warehouse(kind).load(small_account.history.first(5)).unit_test(AS_OF, *exclude)


@pytest.fixture(scope="module")
def with_rows(scratch: Path) -> Path:
    """The integration project, with the rows of seeds written into the unit tests."""
    made = copies.project(scratch / "rows")
    copies.write_seeds_into_unit_tests(made)
    return made


@pytest.mark.parametrize("name", ["v2", "v2, open part"])
def test_the_unit_tests_pass_on_v2(small_account: Account, with_rows: Path, tmp_path: Path, name: str) -> None:
    loaded = DuckDb(tmp_path).load(small_account.history.first(5))
    made = Project("duckdb", tmp_path, loaded.project.environment, with_rows, PROGRAMS[name])
    made.run("build", "--exclude-resource-type", "test", variables=AS_OF)
    passed = [result["status"] for result in made.results() if result["unique_id"].startswith("unit_test.")]
    assert set(passed) == {"pass"}
    assert len(passed) > 200


def test_overrides_of_variables_stand_beside_overrides_of_macros() -> None:
    """Without them the parser of v2 writes null, which dbt 1.12 refuses under ``--use-v2-parser``, of disabled unit tests too."""
    overrides = [(test["name"], test["overrides"]) for test in defined() if "overrides" in test]
    assert len(overrides) > 50
    assert [name for name, override in overrides if "vars" in override and "macros" not in override] == []
