"""Fixtures: an account that was invented, and warehouses by name."""

from __future__ import annotations

import json
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
from history import History
from inputs import Rows, lists, supply
from project import PACKAGE, Project
from stories import of_people, of_states
from telling import days
from warehouses import DuckDb, Postgres, Snowflake, Warehouse
from xdist.scheduler import LoadScopeScheduling

# Two days after the end of an account, so that every day is settled.
AS_OF = {"onepassword_as_of": "2026-10-07 00:00:00"}

EVERYWHERE = ["duckdb", "postgres", "snowflake", "bigquery"]
# What the stories say is judged where a build takes seconds; `test_build.py` compares them in the likenesses too.
IN_DATABASES = ["duckdb", "postgres"]

# Arguments of a build without tests.
MODELS = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")

Marts = dict[str, list[dict[str, Any]]]

READ: dict[tuple[str, str], Marts] = {}


def read_once(
    name: str, kind: str, warehouse: Callable[[str], Warehouse], history: History, inputs: dict[str, Rows], variables: dict[str, Any], marts: list[str]
) -> Marts:
    """These marts of a history with its inputs, which each kind of warehouse builds once. The data tests look at it on DuckDB, and elsewhere
    at the history with everything in it (``test_build.py``)."""
    if (name, kind) not in READ:
        empty = warehouse(kind).load(history)
        built = empty.build(variables | supply(empty, **inputs), *(() if kind == "duckdb" else MODELS))
        READ[name, kind] = {mart: built.rows(mart) for mart in marts}
    return READ[name, kind]


# What runs in one warehouse stays with one process, which starts its server once; the heaviest first. The rest is shared out.
# (pytest-xdist's own `loadgroup` does so by marks, which pytest 9.2 no longer lets it write.)
GROUPS = {"bigquery": ("[bigquery]", "test_googlesql"), "snowflake": ("[snowflake]", "on_snowflake_"), "postgres": ("[postgres]",)}


def warehouse_of(nodeid: str) -> str | None:
    return next((name for name, signs in GROUPS.items() if any(sign in nodeid for sign in signs)), None)


class ByWarehouse(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return warehouse_of(nodeid) or nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByWarehouse:
    return ByWarehouse(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    order = [*GROUPS, None]
    items.sort(key=lambda item: order.index(warehouse_of(item.nodeid)))


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
        "known_addresses": [{"address": f"{uses[0]['client']['ip_address']}/24"}, {"address": "2001:db8::/32"}, {"address": "nowhere"}],
        "own_domains": [{"domain": "EXAMPLE.com"}, {"domain": "nowhere.example"}],
        "leavers": [{"email": truth["people"][2]["email"].upper(), "left_on": "2026-09-01"}, {"email": "nobody@example.com", "left_on": "2026-09-01"}],
        **lists(truth, "2026-09-01T00:00:00.000000Z", "2026-10-01T00:00:00.000000Z"),
        "decisions": [
            {"finding_id": None, "rule": rule, "subject_uuid": one["user_uuid"].lower(), "decision": "accepted", "reason": "O'Brien", "date": "2026-09-20", "until": at}
            for one in truth["people"]
            for rule, at in (("gave_oneself_a_vault", None), ("new_country", "2026-12-31"), ("impossible_travel", "2026-09-21 10:00:00"), ("nothing", None))
        ],
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
def odd_history(small_account: Account) -> History:
    """The small account, the stories, and events that nobody knows, without time, person or pair, or with names of every kind."""
    somebody = {"uuid": "ODD", "name": "Zoë \\ O'Brien \"二\" <b>", "email": "Zoe@Example.com"}
    odd = (
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
    stories = of_states(days("2026-07-01", "2026-08-06")).and_also(of_people())
    return odd.and_also(stories.of_account(odd.streams["audit_events"][0].data["account_uuid"]))


def in_parts(empty: Warehouse, history: History, inputs: dict[str, Rows], *last: str, then: Project | None = None) -> Iterator[Marts]:
    """The marts of a history of which a tenth comes later, before that and after it; the inputs come with it. ``last`` are
    arguments of the later build, ``then`` is the project that makes it."""
    now, later = history.split(later=0.1)
    yield empty.load(now).build(AS_OF, *MODELS).marts()
    empty.project = then or empty.project
    yield empty.load(later).build(AS_OF | supply(empty, **inputs), *last).marts()


@pytest.fixture(scope="session")
def expected_of_everything(odd_history: History, inputs: dict[str, Rows], scratch: Path) -> list[Marts]:
    """The marts of the odd history in parts, as DuckDB builds them."""
    folder = scratch / "everything"
    folder.mkdir()
    return list(in_parts(DuckDb(folder), odd_history, inputs))


def bare_project(
    folder: Path, target: str, environment: dict[str, str], dbt: Path | None, configuration: dict[str, Any] | None = None, package: dict[str, str] | None = None
) -> Project:
    """Makes a project that has nothing but the package, from its folder or as told, and this configuration."""
    settings = {"name": "another", "version": "1.0.0", "flags": {"send_anonymous_usage_stats": False}}
    (folder / "dbt_project.yml").write_text(json.dumps(settings | (configuration or {})))
    (folder / "packages.yml").write_text(json.dumps({"packages": [package or {"local": str(PACKAGE)}]}))
    (folder / "seeds").mkdir()
    (folder / "models").mkdir()
    made = Project(target, folder / "target", environment, folder, dbt)
    made.run("deps")
    return made


@pytest.fixture
def another_project(tmp_path: Path) -> Callable[..., Project]:
    """Makes a bare project, and two models in it that call the package's macros."""
    models = {
        "access_in_september": "{{ onepassword.onepassword_access_as_of('2026-09-15') }}",
        "drawn_changes": "{{ onepassword.onepassword_sample('onepassword__admin_changes', 5, '2026-Q3') }}",
    }

    def make(target: str, environment: dict[str, str], package: dict[str, str] | None = None, dbt: Path | None = None) -> Project:
        made = bare_project(tmp_path, target, environment, dbt, package=package)
        for name, sql in models.items():
            (tmp_path / "models" / f"{name}.sql").write_text(sql)
        return made

    return make


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
