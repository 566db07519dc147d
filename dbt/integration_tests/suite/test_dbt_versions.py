"""The package does the same on every dbt that it promises to run on: 1.11, 1.12, and both engines of v2. On DuckDB, and compiled
for BigQuery and Snowflake."""

from __future__ import annotations

import json
import re
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import create_server
from types import SimpleNamespace
from typing import Any
from unittest import mock

import copies
import pytest
from account import Account
from bigquery import Client
from comparison import assert_same
from conftest import AS_OF, MODELS, Marts, in_parts
from history import History
from inputs import Rows, supply
from project import PACKAGE, PROGRAMS, Project
from warehouses import RAW, DuckDb

V2 = ["v2", "v2, open part"]
LOUD = ("--log-format", "json", "--show-all-deprecations")


def warnings(printed: str) -> list[tuple[str, str]]:
    """What dbt warned of, in a log of JSON."""
    events = [json.loads(line)["info"] for line in printed.splitlines() if line.startswith("{")]
    assert len(events) > 100
    return [(event["name"], event["msg"]) for event in events if event["level"] in ("warn", "error")]


@contextmanager
def recorded() -> Iterator[tuple[dict[str, str], list[str]]]:
    """A proxy that answers nobody: the environment that leads to it, and who came."""
    callers: list[str] = []
    with create_server(("127.0.0.1", 0)) as listener:

        def listen() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    callers.append(connection.recv(1000).decode(errors="replace"))

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        yield dict.fromkeys(["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"], address), callers


@pytest.mark.parametrize("name", PROGRAMS)
def test_dbt_builds_the_same_marts_without_a_warning_and_asks_nobody(
    small_account: Account, expected: Marts, tmp_path: Path, name: str
) -> None:
    built = DuckDb(tmp_path, PROGRAMS[name]).load(small_account.history)
    with recorded() as (proxy, callers):
        built.project.environment |= proxy
        printed = built.project.run("build", "--exclude-resource-type", "unit_test", *LOUD, variables=AS_OF)
    assert warnings(printed) == []
    assert callers == []
    assert_same(expected, built.marts())


@pytest.mark.parametrize("name", ["1.11", "v2"])
def test_with_odd_events_and_every_input_the_marts_are_those_of_the_open_part_and_so_they_stay(
    odd_history: History, inputs: dict[str, Rows], expected_of_everything: list[Marts], tmp_path: Path, name: str
) -> None:
    built = DuckDb(tmp_path, PROGRAMS[name])
    for expected, found in zip(expected_of_everything, in_parts(built, odd_history, inputs, *MODELS), strict=True):
        assert_same(expected, found)
    assert_same(expected_of_everything[1], built.build(AS_OF | supply(built, **inputs)).marts())


def root(folder: Path, name: str, history: History, *arguments: str) -> Marts:
    """The marts of a history that comes in two parts, built by the package on its own."""
    folder.mkdir()
    loaded = DuckDb(folder)
    package = Project("duckdb", folder, loaded.project.environment, PACKAGE, PROGRAMS[name])
    for part in history.split(later=0.1):
        loaded.load(part)
        package.run("build", "--exclude-resource-type", "unit_test", *arguments, variables=AS_OF | {"onepassword_schema": RAW})
    return loaded.marts_of(package)


@pytest.fixture(scope="module")
def as_1_11_builds(small_account: Account, scratch: Path) -> Marts:
    return root(scratch / "1.11", "1.11", small_account.history, *MODELS)


@pytest.mark.parametrize("name", V2)
def test_the_package_on_its_own_and_in_parts_is_built_as_1_11_builds_it(
    small_account: Account, as_1_11_builds: Marts, tmp_path: Path, name: str
) -> None:
    assert_same(as_1_11_builds, root(tmp_path / "root", name, small_account.history))


@pytest.fixture(scope="module")
def offline(scratch: Path) -> Path:
    """The integration project, ready to be compiled without a warehouse."""
    made = copies.project(scratch / "offline")
    copies.without_a_warehouse(made)
    return made


def compiled(project: Path, folder: Path, name: str, target: str, *arguments: str) -> dict[str, str]:
    """Every file of the package that dbt compiles for a warehouse that it does not ask; by name, as v2 calls the folders otherwise."""
    # Without introspection 1.11 still makes a client, though it has nothing to ask it.
    nobody = SimpleNamespace(tables=dict)
    with mock.patch("dbt.adapters.bigquery.connections.create_bigquery_client", lambda _: Client(nobody)):
        dbt = None if name == "1.11" else PROGRAMS[name]
        Project(target, folder, {}, project, dbt).run("compile", "--no-introspect", *arguments, variables=AS_OF)
    found = {path.name: path.read_text(encoding="utf-8") for path in (folder / "compiled").rglob("*.sql")}
    assert len(found) > 200
    # When the run started, to the microsecond, which stagings are compiled with.
    started = re.compile(r"'20\d\d-\d\d-\d\d \d\d:\d\d:\d\d\.(?!000000|999999)\d{6}")
    found = {name: started.sub("'NOW", sql) for name, sql in found.items()}
    return found


@pytest.mark.parametrize("target", ["bigquery", "snowflake"])
def test_v2_compiles_what_1_11_compiles_byte_for_byte(offline: Path, tmp_path: Path, target: str) -> None:
    expected = compiled(offline, tmp_path / "1.11", "1.11", target, "--no-populate-cache")
    for name in V2:
        assert compiled(offline, tmp_path / name, name, target) == expected


@pytest.fixture(scope="module")
def repository(scratch: Path) -> str:
    """The address of a repository that has the package in a subfolder, with a tag, as a release is installed from."""
    folder = scratch / "repository"
    copies.package(folder / "dbt")
    git = ("git", "-C", str(folder), "-c", "user.name=dbt", "-c", "user.email=dbt@example.com")
    for arguments in (["init", "--quiet"], ["add", "--force", "--all"], ["commit", "--quiet", "-m", "A release"], ["tag", "v0.1.0"]):
        subprocess.run([*git, *arguments], check=True, timeout=60)
    return folder.as_uri()


@pytest.mark.parametrize("name", V2)
def test_installed_from_a_release_its_seeds_load_and_its_macros_can_be_called_with_the_default_variables(
    repository: str, tmp_path: Path, another_project: Callable[..., Project], name: str
) -> None:
    package = {"git": repository, "subdirectory": "dbt", "revision": "v0.1.0"}
    environment = {"DUCKDB_PATH": str(tmp_path / "empty.duckdb")}
    made = another_project("duckdb", environment, package=package, dbt=PROGRAMS[name])
    made.run("seed")
    made.run("compile", "--select", "access_in_september")
    [sql] = [path.read_text(encoding="utf-8") for path in (tmp_path / "target" / "compiled").rglob("access_in_september.sql")]
    assert "cast('2026-09-15 00:00:00.000000' as timestamp)" in sql
