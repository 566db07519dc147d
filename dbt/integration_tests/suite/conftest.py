"""Fixtures: an account that was invented, and warehouses by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import account
import bigquery
import emulator
import postgres
import pytest
from account import Account
from bigquery import BigQuery, GoogleSql
from inputs import Rows, baseline
from warehouses import DuckDb, Postgres, Snowflake, Warehouse

# Two days after the end of an account, so that every day is settled.
AS_OF = {"onepassword_as_of": "2026-10-07 00:00:00"}


@pytest.fixture(scope="session")
def small_account() -> Account:
    """A small account in which everything happens, small enough for a slow warehouse."""
    return account.tell(1, people=20, days=60, api_version="v2", audit_events=400, item_usages=200, sign_in_attempts=100)


@pytest.fixture(scope="session")
def inputs(small_account: Account) -> dict[str, Rows]:
    """Every input of the small account, each row twice, and a row of something that the account does not have."""
    truth = small_account.truth
    uses = [one.data for one in small_account.history.streams["item_usages"]]
    vaults, groups = [one["vault_uuid"] for one in truth["vaults"]], [one["group_uuid"] for one in truth["groups"]]
    told: dict[str, Rows] = {
        "vault_names": [{"uuid": uuid, "name": f"Vault {at}"} for at, uuid in enumerate(vaults)] + [{"uuid": "nowhere", "name": "Nowhere"}],
        "group_names": [{"uuid": uuid, "name": f"Group '{at}'"} for at, uuid in enumerate(groups)] + [{"uuid": "nowhere", "name": None}],
        "item_names": [{"uuid": uuid, "name": "Item"} for uuid in sorted({one["item_uuid"] for one in uses})[:20]] + [{"uuid": None, "name": "No"}],
        "privileged_vaults": [{"uuid": vaults[0]}, {"uuid": "nowhere"}],
        "privileged_groups": [{"uuid": groups[0]}, {"uuid": "nowhere"}],
        "known_apps": [{"app_name": "1Password for Mac"}, {"app_name": "Nothing"}],
        "own_domains": [{"domain": "EXAMPLE.com"}, {"domain": "nowhere.example"}],
        "leavers": [{"email": truth["people"][2]["email"].upper(), "left_on": "2026-09-01"}, {"email": "nobody@example.com", "left_on": "2026-09-01"}],
        **baseline(truth, "2026-09-01T00:00:00.000000Z"),
        "sync_runs": [{"ended_at": "2026-10-06T06:00:00Z", "succeeded": "true"}],
    }
    return {name: rows + rows for name, rows in told.items()}


@pytest.fixture(scope="session")
def expected(small_account: Account, scratch: Path) -> dict[str, list[dict[str, Any]]]:
    """The marts of the small account as DuckDB builds them, with which those of the other warehouses are compared."""
    folder = scratch / "expected"
    folder.mkdir()
    return DuckDb(folder).load(small_account.history).build(AS_OF).marts()


@pytest.fixture(scope="session")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What dbt writes, a folder for each warehouse that stays from test to test, so that dbt parses the project only once."""
    return tmp_path_factory.mktemp("dbt")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[dict[str, str]]:
    with postgres.server() as environment:
        yield environment


@pytest.fixture(scope="session")
def snowflake_server(scratch: Path) -> Iterator[dict[str, str]]:
    with emulator.server(scratch / "fakesnow.log") as environment:
        yield environment


@pytest.fixture(scope="session")
def googlesql() -> Iterator[GoogleSql]:
    with bigquery.engine() as engine:
        yield engine


@pytest.fixture
def warehouse(request: pytest.FixtureRequest, scratch: Path) -> Callable[[str], Warehouse]:
    """Makes an empty warehouse of a kind: ``duckdb``, ``postgres``, ``snowflake`` or ``bigquery``. There is one of each kind at a time."""

    def make(kind: str) -> Warehouse:
        folder = scratch / kind
        folder.mkdir(exist_ok=True)
        if kind == "duckdb":
            return DuckDb(folder)
        if kind == "postgres":
            return Postgres(folder, request.getfixturevalue("postgres_server"))
        if kind == "snowflake":
            return Snowflake(folder, request.getfixturevalue("snowflake_server"))
        if kind == "bigquery":
            return BigQuery(folder, request.getfixturevalue("googlesql"))
        raise ValueError(kind)

    return make
