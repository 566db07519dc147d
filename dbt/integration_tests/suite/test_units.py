"""The unit tests of the models pass in every warehouse."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from account import Account
from conftest import AS_OF
from warehouses import Warehouse


@pytest.mark.parametrize("kind", ["duckdb", "postgres", "snowflake", "bigquery"])
def test_the_unit_tests_pass(warehouse: Callable[[str], Warehouse], small_account: Account, kind: str) -> None:
    warehouse(kind).load(small_account.history.first(5)).build(AS_OF).unit_test(AS_OF)
