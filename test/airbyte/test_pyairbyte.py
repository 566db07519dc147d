"""PyAirbyte, by the executable and by the image, into DuckDB and PostgreSQL, compared with what the far end served."""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import airbyte
import pytest
from airbyte import exceptions
from airbyte.results import ReadResult
from airbyte.sources.base import Source

import expectation
from far_end import FarEnd
from oddities import oddities, untakeable
from places import EXECUTABLE, ROOT, STREAMS
from warehouses import TYPES, Warehouse, postgres_server

COUNTS = {"audit_events": 1_250, "item_usages": 1_050, "sign_in_attempts": 60}

# One schema of the server for each test.
NUMBERS = itertools.count()

Connect = Callable[[dict[str, Any]], Source]


def days_ago(days: float) -> str:
    return (datetime.now(timezone.utc) - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture(scope="session")
def postgres() -> Iterator[dict[str, Any] | None]:
    with postgres_server() as server:
        yield server


@pytest.fixture(params=["executable into DuckDB", "image into PostgreSQL"])
def route(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def warehouse(route: str, postgres: dict[str, Any] | None, tmp_path: Path) -> Warehouse:
    if route == "executable into DuckDB":
        return Warehouse("duckdb", {"db_path": tmp_path / "warehouse.duckdb", "schema_name": "events"})
    if postgres is None:
        assert not os.environ.get("CI"), "CI has to have a PostgreSQL server"
        pytest.skip("no PostgreSQL server can be had here")
    return Warehouse("postgres", {**postgres, "schema_name": f"test_{next(NUMBERS)}"})


@pytest.fixture
def connect(route: str, image: str) -> Connect:
    def by_executable(config: dict[str, Any]) -> Source:
        return airbyte.get_source("source-1password", local_executable=EXECUTABLE, config=config)

    def by_image(config: dict[str, Any]) -> Source:
        return airbyte.get_source("source-1password", docker_image=image, use_host_network=True, config=config)

    return by_executable if route == "executable into DuckDB" else by_image


def sync(connect: Connect, config: dict[str, Any], warehouse: Warehouse, **options: Any) -> ReadResult:
    source = connect(config)
    source.select_all_streams()
    return source.read(warehouse.cache(), **options)


def rows_by_key(warehouse: Warehouse, stream: str) -> dict[str, dict[str, Any]]:
    """
    What the table says of the declared columns. PyAirbyte merges a read into what was there, but keeps both of two
    records that came in one read: rows of one key have to be the same.
    """
    declared = expectation.properties(stream)
    rows = [{name: row[name] for name in declared} for row in warehouse.rows(stream)]
    by_key = {row["uuid"]: row for row in rows}
    assert [row for row in rows if row != by_key[row["uuid"]]] == []
    return by_key


def assert_holds_what_was_served(warehouse: Warehouse, far_end: FarEnd, version: str = "v1") -> None:
    for stream in STREAMS:
        assert rows_by_key(warehouse, stream) == expectation.rows(stream, far_end.served(stream, version))


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_every_value_arrives_as_it_was_served(
    version: str, connect: Connect, warehouse: Warehouse, far_end: FarEnd
) -> None:
    far_end.generate(COUNTS)
    for stream in STREAMS:
        far_end.add(stream, *oddities(stream, days_ago(3)[:10]))
    config = far_end.config(api_version=version)

    connect(config).check()
    result = sync(connect, config, warehouse)

    assert result.processed_records == sum(COUNTS.values()) + sum(len(oddities(stream, "")) for stream in STREAMS)
    assert_holds_what_was_served(warehouse, far_end, version)


def test_what_a_warehouse_cannot_take_is_changed_and_kept_and_no_event_is_lost_or_stuck(
    connect: Connect, warehouse: Warehouse, far_end: FarEnd
) -> None:
    events = {stream: untakeable(stream, days_ago(3)[:10]) for stream in STREAMS}
    for stream in STREAMS:
        far_end.add(stream, *(sent for sent, _ in events[stream]))

    first = sync(connect, far_end.config(), warehouse)
    second = sync(connect, far_end.config(), warehouse)

    assert (first.processed_records, second.processed_records) == (sum(len(each) for each in events.values()), 0)
    for stream in STREAMS:
        rows = rows_by_key(warehouse, stream)
        expected = [row for _, row in events[stream]]
        assert [{name: rows[row["uuid"]][name] for name in row} for row in expected] == expected


def test_every_column_has_its_type_and_nothing_was_nulled(
    connect: Connect, warehouse: Warehouse, far_end: FarEnd
) -> None:
    far_end.generate(dict.fromkeys(STREAMS, 3))

    sync(connect, far_end.config(), warehouse)

    for stream in STREAMS:
        columns = warehouse.columns(stream)
        declared = {name: TYPES[expectation.kind(each)] for name, each in expectation.properties(stream).items()}
        added = {"_airbyte_raw_id", "_airbyte_extracted_at", "_airbyte_meta"}
        assert columns.keys() == declared.keys() | added
        assert [name for name, types in declared.items() if columns[name] not in types] == []
        assert [row["_airbyte_meta"] for row in warehouse.rows(stream)] == [{}] * 3


def test_the_documented_queries_run(connect: Connect, warehouse: Warehouse, far_end: FarEnd) -> None:
    far_end.generate(COUNTS)
    sync(connect, far_end.config(), warehouse)
    queries = re.findall(r"```sql\n(.*?);?\n```", (ROOT / "docs/1password.md").read_text(), re.DOTALL)

    answers = [warehouse.query(query.replace(":", "\\:")) for query in queries]

    assert queries
    assert all(answers)


def test_a_second_read_brings_only_what_is_new_and_what_came_late(
    connect: Connect, warehouse: Warehouse, far_end: FarEnd
) -> None:
    far_end.generate(COUNTS, span=(days_ago(60), days_ago(1)))
    sync(connect, far_end.config(), warehouse)
    far_end.generate(dict.fromkeys(STREAMS, 5), span=(days_ago(0.5), days_ago(0)))
    far_end.generate(dict.fromkeys(STREAMS, 2), span=(days_ago(100), days_ago(90)))

    second = sync(connect, far_end.config(), warehouse)
    third = sync(connect, far_end.config(), warehouse)

    assert (second.processed_records, third.processed_records) == (7 * len(STREAMS), 0)
    assert_holds_what_was_served(warehouse, far_end)


def test_events_that_come_again_in_a_later_read_get_no_second_row(
    connect: Connect, warehouse: Warehouse, far_end: FarEnd
) -> None:
    far_end.generate(COUNTS)
    sync(connect, far_end.config(), warehouse)
    before = [len(warehouse.rows(stream)) for stream in STREAMS]

    # Another version of the API begins anew, as a cursor that 1Password refuses would make it.
    again = sync(connect, far_end.config(api_version="v2"), warehouse)

    assert again.processed_records == sum(COUNTS.values())
    assert [len(warehouse.rows(stream)) for stream in STREAMS] == before
    assert_holds_what_was_served(warehouse, far_end, "v2")


def test_a_forced_full_refresh_brings_everything_again_and_merges_it(
    connect: Connect, warehouse: Warehouse, far_end: FarEnd
) -> None:
    far_end.generate(COUNTS)
    sync(connect, far_end.config(), warehouse)

    refresh = sync(connect, far_end.config(), warehouse, force_full_refresh=True)

    assert refresh.processed_records == sum(COUNTS.values())
    assert_holds_what_was_served(warehouse, far_end)


def test_a_forced_full_refresh_that_replaces_leaves_only_what_is_served_now(
    connect: Connect, warehouse: Warehouse, far_end: FarEnd, request: pytest.FixtureRequest
) -> None:
    far_end.generate(dict.fromkeys(STREAMS, 20))
    sync(connect, far_end.config(), warehouse)
    # The same account some time later, when the API serves other events only.
    later = FarEnd()
    request.addfinalizer(later.close)
    later.generate(dict.fromkeys(STREAMS, 4), span=(days_ago(2), days_ago(1)))

    sync(connect, later.config(), warehouse, force_full_refresh=True, write_strategy="replace")

    assert_holds_what_was_served(warehouse, later)


def test_a_rejected_token_fails_the_check_and_the_read(
    connect: Connect, warehouse: Warehouse, far_end: FarEnd
) -> None:
    far_end.revoke(far_end.token)

    with pytest.raises(exceptions.AirbyteConnectorCheckFailedError, match="rejected the token"):
        connect(far_end.config()).check()
    with pytest.raises(exceptions.AirbyteConnectorFailedError):
        sync(connect, far_end.config(), warehouse)


def test_a_stream_that_fails_fails_the_read_and_the_next_one_loses_nothing(
    connect: Connect, warehouse: Warehouse, far_end: FarEnd
) -> None:
    far_end.generate(COUNTS)
    partial = far_end.issue_token(features=["auditevents", "signinattempts"])

    with pytest.raises(exceptions.AirbyteConnectorFailedError):
        sync(connect, far_end.config(api_token=partial), warehouse)
    sync(connect, far_end.config(), warehouse)

    assert_holds_what_was_served(warehouse, far_end)
