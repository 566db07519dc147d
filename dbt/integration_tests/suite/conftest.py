"""Fixtures: an account that was invented, and warehouses by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import account
import emulator
import postgres
import pytest
from account import Account
from project import Project
from warehouses import DuckDb, Postgres, Snowflake, Warehouse

# Two days after the end of an account, so that every day is settled.
AS_OF = {"onepassword_as_of": "2026-10-07 00:00:00"}


@pytest.fixture(scope="session")
def small_account() -> Account:
    """A small account in which everything happens, small enough for a slow warehouse."""
    return account.tell(1, people=20, days=60, api_version="v2", audit_events=400, item_usages=200, sign_in_attempts=100)


@pytest.fixture(scope="session")
def expected(small_account: Account, scratch: Path, installed: None) -> dict[str, list[dict[str, Any]]]:
    """The marts of the small account as DuckDB builds them, with which those of the other warehouses are compared."""
    folder = scratch / "expected"
    folder.mkdir()
    return DuckDb(folder).load(small_account.history).build(AS_OF).marts()


@pytest.fixture(scope="session")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What dbt writes, a folder for each warehouse that stays from test to test, so that dbt parses the project only once."""
    return tmp_path_factory.mktemp("dbt")


@pytest.fixture(scope="session")
def installed(scratch: Path) -> None:
    """The package is installed into the integration project."""
    Project("duckdb", scratch, {}).run("deps")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[dict[str, str]]:
    with postgres.server() as environment:
        yield environment


@pytest.fixture(scope="session")
def snowflake_server(scratch: Path) -> Iterator[dict[str, str]]:
    with emulator.server(scratch / "fakesnow.log") as environment:
        yield environment


@pytest.fixture
def warehouse(request: pytest.FixtureRequest, scratch: Path, installed: None) -> Callable[[str], Warehouse]:
    """Makes an empty warehouse of a kind: ``duckdb``, ``postgres`` or ``snowflake``. There is one of each kind at a time."""

    def make(kind: str) -> Warehouse:
        folder = scratch / kind
        folder.mkdir(exist_ok=True)
        if kind == "duckdb":
            return DuckDb(folder)
        if kind == "postgres":
            return Postgres(folder, request.getfixturevalue("postgres_server"))
        if kind == "snowflake":
            return Snowflake(folder, request.getfixturevalue("snowflake_server"))
        raise ValueError(kind)

    return make
