"""Silence is never taken for success: what is missing, empty or stopped is said, and what rests on it is not proven."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import account
import pytest
from account import Account
from history import STREAMS, History
from inputs import supply
from warehouses import Warehouse

MakeWarehouse = Callable[[str], Warehouse]
AS_OF = "2026-10-02T00:00:00Z"
QUARTER = {"onepassword_as_of": AS_OF, "onepassword_evidence_from": "2026-08-01", "onepassword_evidence_to": "2026-09-20"}
COVERAGE = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test", "--select", "+onepassword__control_evidence")


@pytest.fixture(scope="module")
def busy() -> Account:
    """An account in which every stream has events on every day, up to the time of the evidence."""
    return account.tell(7, until=AS_OF, people=20, days=90, audit_events=4000, item_usages=3000, sign_in_attempts=2500)


def between(history: History, start: str, end: str, streams: tuple[str, ...] = STREAMS) -> History:
    """The history without what happened to some streams from one day to another."""
    return History(
        {
            stream: [one for one in records if stream not in streams or not start <= one.data["timestamp"] < end]
            for stream, records in history.streams.items()
        }
    )


def verdicts(built: Warehouse) -> dict[str, str]:
    rows = built.rows("onepassword__data_coverage")
    assert all(row["reason"] for row in rows)
    return {row["stream"]: row["verdict"] for row in rows}


def proven(built: Warehouse, stream: str) -> set[str]:
    """The verdicts of the controls that rest on a stream."""
    rows = built.query(
        "select evidence.verdict from evidence.onepassword__control_evidence as evidence "
        "inner join evidence.onepassword_controls as controls "
        "on evidence.framework = controls.framework and evidence.control = controls.control "
        f"where controls.streams like '%{stream}%'"
    )
    assert rows
    return {row["verdict"] for row in rows}


def test_a_complete_period_is_proven_whether_or_not_there_are_exceptions(warehouse: MakeWarehouse, busy: Account) -> None:
    built = warehouse("duckdb").load(busy.history).build(QUARTER, *COVERAGE)
    assert verdicts(built) == dict.fromkeys(STREAMS, "complete")
    found = {row["verdict"] for row in built.rows("onepassword__control_evidence")}
    assert {"no exceptions", "exceptions"} <= found
    days = built.rows("onepassword__daily_coverage")
    for stream in STREAMS:
        seen = sorted(row["day"] for row in days if row["stream"] == stream)
        assert [seen[0] + timedelta(days=at) for at in range(len(seen))] == seen
        assert seen[-1].isoformat() == AS_OF[:10]


@pytest.mark.parametrize("stream", STREAMS)
def test_a_stream_that_is_not_synced_is_said_and_proves_nothing(warehouse: MakeWarehouse, busy: Account, stream: str) -> None:
    others = [name for name in STREAMS if name != stream]
    built = warehouse("duckdb").load(busy.history.without(stream)).build(QUARTER | {"onepassword_streams": others}, *COVERAGE)
    assert verdicts(built) == dict.fromkeys(others, "complete") | {stream: "not connected"}
    assert proven(built, stream) == {"not proven"}


def test_a_stream_that_is_disconnected_later_leaves_nothing_behind(warehouse: MakeWarehouse, busy: Account) -> None:
    built = warehouse("duckdb").load(busy.history).build(QUARTER, *COVERAGE)
    built.build(QUARTER | {"onepassword_streams": ["audit_events", "sign_in_attempts"]}, *COVERAGE)
    assert verdicts(built)["item_usages"] == "not connected"
    assert built.rows("stg_onepassword__item_usages") == []


@pytest.mark.parametrize("stream", STREAMS)
def test_a_stream_without_events_is_empty_and_proves_nothing(warehouse: MakeWarehouse, busy: Account, stream: str) -> None:
    built = warehouse("duckdb").load(busy.history.emptied(stream)).build(QUARTER, *COVERAGE)
    assert verdicts(built)[stream] == "empty"
    assert proven(built, stream) == {"not proven"}


def test_three_days_without_any_stream_are_a_gap_and_two_are_none(warehouse: MakeWarehouse, busy: Account) -> None:
    gap = between(busy.history, "2026-09-01", "2026-09-04")
    built = warehouse("duckdb").load(gap).build(QUARTER, *COVERAGE)
    assert verdicts(built) == dict.fromkeys(STREAMS, "gap")
    assert {row["verdict"] for row in built.rows("onepassword__control_evidence")} == {"not proven"}

    short = between(busy.history, "2026-09-01", "2026-09-03")
    assert verdicts(warehouse("duckdb").load(short).build(QUARTER, *COVERAGE)) == dict.fromkeys(STREAMS, "complete")


def test_a_stream_that_stopped_for_three_days_proves_nothing_while_the_others_do(warehouse: MakeWarehouse, busy: Account) -> None:
    stopped = between(busy.history, "2026-09-01", "2026-09-04", ("sign_in_attempts",))
    built = warehouse("duckdb").load(stopped).build(QUARTER, *COVERAGE)
    assert proven(built, "sign_in_attempts") == {"not proven"}
    assert "not proven" not in {
        row["verdict"] for row in built.rows("onepassword__control_evidence") if row["control"] in ("10.2.1.2", "CC8.1")
    }


def test_a_stream_that_went_silent_is_quiet_and_all_of_them_are_stale(warehouse: MakeWarehouse, busy: Account) -> None:
    silent = between(busy.history, "2026-09-20", "2027", ("item_usages",))
    assert verdicts(warehouse("duckdb").load(silent).build(QUARTER, *COVERAGE))["item_usages"] == "quiet"

    stopped = between(busy.history, "2026-09-20", "2027")
    assert verdicts(warehouse("duckdb").load(stopped).build(QUARTER, *COVERAGE)) == dict.fromkeys(STREAMS, "stale")


def test_runs_of_the_sync_tell_whether_a_quiet_stream_is_complete_or_stale(warehouse: MakeWarehouse, busy: Account) -> None:
    def run(day: str, succeeded: str, stream: str) -> dict[str, str | None]:
        return {"ended_at": f"{day}T06:00:00Z", "succeeded": succeeded, "stream": stream}

    others = [run("2026-10-01", "true", name) for name in ("audit_events", "sign_in_attempts")]
    silent = between(busy.history, "2026-09-20", "2027", ("item_usages",))
    empty = warehouse("duckdb").load(silent)
    for last, verdict in (("true", "complete"), ("false", "stale")):
        runs = supply(empty, sync_runs=[*others, run("2026-09-28", "true", "item_usages"), run("2026-10-01", last, "item_usages")])
        assert verdicts(empty.build(QUARTER | runs, *COVERAGE))["item_usages"] == verdict


@pytest.mark.parametrize(
    ("period", "why"),
    [
        ({"onepassword_evidence_from": "2026-06-01", "onepassword_evidence_to": "2026-09-20"}, "begins before the first event"),
        ({"onepassword_evidence_from": "2026-08-01", "onepassword_evidence_to": "2026-10-01"}, "is not settled at its end"),
        ({"onepassword_evidence_from": "2026-08-01", "onepassword_evidence_to": "2026-12-01"}, "ends after the time of the evidence"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_period_that_the_log_does_not_cover_is_not_proven(
    warehouse: MakeWarehouse, busy: Account, period: dict[str, Any], why: str
) -> None:
    built = warehouse("duckdb").load(busy.history).build({"onepassword_as_of": AS_OF} | period, *COVERAGE)
    assert {row["verdict"] for row in built.rows("onepassword__control_evidence")} == {"not proven"}, why


def test_late_events_are_counted_once_the_stream_had_its_first_load(warehouse: MakeWarehouse, busy: Account) -> None:
    built = warehouse("duckdb").load(busy.history).build(QUARTER, *COVERAGE)
    first = min(one.emitted_at for one in busy.history.streams["item_usages"])
    kept = {one.data["uuid"]: one for one in sorted(busy.history.streams["item_usages"], key=lambda one: one.emitted_at)}

    def happened(moment: str) -> int:
        return round(datetime.fromisoformat(moment.replace("Z", "+00:00")).astimezone(timezone.utc).timestamp() * 1000)

    late = [one for one in kept.values() if happened(one.data["timestamp"]) > first and one.emitted_at - happened(one.data["timestamp"]) > 2 * 86_400_000]
    row = next(row for row in built.rows("onepassword__data_coverage") if row["stream"] == "item_usages")
    assert row["late_events"] == len(late) > 0
    assert row["repeated_rows"] == len(busy.history.streams["item_usages"]) - len(kept) > 0
