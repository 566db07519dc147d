"""Silence is never taken for success: what is missing, empty or stopped is said, and what rests on it is not proven."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any

import account
import pytest
from account import Account
from history import STREAMS, History
from inputs import supply
from telling import audit, days, history
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


def runs(start: str, end: str, succeeded: bool = True, stream: str | None = None) -> list[dict[str, str | None]]:
    """A run of the sync on each day from ``start`` to ``end``."""
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    return [
        {"ended_at": f"{first + timedelta(days=at)}T06:00:00Z", "succeeded": str(succeeded).lower(), "stream": stream}
        for at in range((last - first).days + 1)
    ]


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


def test_a_stream_that_is_disconnected_later_is_in_no_evidence_until_it_is_back(warehouse: MakeWarehouse, busy: Account) -> None:
    def evidence() -> tuple[dict[str, str], list[str]]:
        controls = [f"{row['control']} {row['population']} {row['verdict']}" for row in built.rows("onepassword__control_evidence")]
        return verdicts(built), sorted(controls)

    built = warehouse("duckdb").load(busy.history).build(QUARTER, *COVERAGE)
    before = evidence()
    built.build(QUARTER | {"onepassword_streams": ["audit_events", "sign_in_attempts"]}, *COVERAGE)
    assert verdicts(built)["item_usages"] == "not connected"
    assert built.rows("int_onepassword__item_usages") == built.rows("int_onepassword__daily_item_use") == []
    assert evidence() != before
    # Airbyte's table may be gone by then.
    built.execute("delete from airbyte.item_usages")
    built.build(QUARTER, *COVERAGE)
    assert evidence() == before


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
    others = [one for name in ("audit_events", "sign_in_attempts") for one in runs("2026-09-01", "2026-10-01", stream=name)]
    silent = between(busy.history, "2026-09-20", "2027", ("item_usages",))
    empty = warehouse("duckdb").load(silent)
    for last, verdict in ((True, "complete"), (False, "stale")):
        own = [*runs("2026-09-01", "2026-09-28", stream="item_usages"), *runs("2026-09-29", "2026-10-01", last, "item_usages")]
        assert verdicts(empty.build(QUARTER | supply(empty, sync_runs=others + own), *COVERAGE))["item_usages"] == verdict


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


def told(*parts: dict[str, Any], until: str = "2026-07-20", without: tuple[str, str] | None = None) -> History:
    return history(days("2026-01-01", until, without), *parts)


# The second quarter, seen some days after it.
JULY = {"onepassword_as_of": "2026-07-20T12:00:00Z"}


@pytest.mark.parametrize("in_may", [[], runs("2026-05-01", "2026-05-31", succeeded=False)], ids=["no runs", "failed runs"])
def test_a_sync_that_succeeds_weeks_later_explains_no_silence(warehouse: MakeWarehouse, in_may: Any) -> None:
    built = warehouse("duckdb").load(told(without=("2026-05-01", "2026-05-31")))
    supplied = [*runs("2026-01-01", "2026-04-30"), *in_may, *runs("2026-06-01", "2026-07-20")]
    built.build(JULY | supply(built, sync_runs=supplied), *COVERAGE)
    assert verdicts(built) == dict.fromkeys(STREAMS, "gap")
    reason = {row["reason"] for row in built.rows("onepassword__data_coverage")}
    # The first of June explains the last two days of May.
    assert reason == {
        "29 days from 2026-05-01 to 2026-05-29 had no event of this stream, and no successful sync is known of them: "
        "check what failed then."
    }
    assert {row["verdict"] for row in built.rows("onepassword__control_evidence")} == {"not proven"}


def test_a_stream_that_fails_alone_is_seen_by_its_runs(warehouse: MakeWarehouse) -> None:
    parts = days("2026-01-01", "2026-07-20")
    parts["item_usages"] = [one for one in parts["item_usages"] if not "2026-05-01" <= one["timestamp"][:10] <= "2026-05-31"]
    built = warehouse("duckdb").load(history(parts))
    other = [one for name in ("audit_events", "sign_in_attempts") for one in runs("2026-01-01", "2026-07-20", stream=name)]
    failing = [*runs("2026-01-01", "2026-04-30", stream="item_usages"), *runs("2026-06-01", "2026-07-20", stream="item_usages")]
    built.build(JULY | supply(built, sync_runs=other + failing), *COVERAGE)
    assert verdicts(built) == {"audit_events": "complete", "sign_in_attempts": "complete", "item_usages": "gap"}
    assert proven(built, "item_usages") == {"not proven"}


def test_syncs_that_succeeded_all_along_explain_a_silence(warehouse: MakeWarehouse) -> None:
    built = warehouse("duckdb").load(told(without=("2026-05-01", "2026-05-31")))
    built.build(JULY | supply(built, sync_runs=runs("2026-01-01", "2026-07-20")), *COVERAGE)
    assert verdicts(built) == dict.fromkeys(STREAMS, "complete")
    assert all(row["is_covered"] for row in built.rows("int_onepassword__period_coverage"))


def test_a_gap_is_dated_and_is_healed_where_it_lies_before_the_period(warehouse: MakeWarehouse) -> None:
    built = warehouse("duckdb").load(told(without=("2026-03-29", "2026-03-31"))).build(JULY, *COVERAGE)
    assert verdicts(built) == dict.fromkeys(STREAMS, "complete")
    built.build(JULY | {"onepassword_evidence_from": "2026-01-01"}, *COVERAGE)
    assert verdicts(built) == dict.fromkeys(STREAMS, "gap")
    assert {row["reason"] for row in built.rows("onepassword__data_coverage")} == {
        "3 days from 2026-03-29 to 2026-03-31 had no event of any stream, three or more in a row: "
        "check whether the syncs of that time failed."
    }


def test_a_gap_does_not_hide_a_stream_that_went_silent(warehouse: MakeWarehouse) -> None:
    parts = days("2026-01-01", "2026-07-20", without=("2026-05-01", "2026-05-04"))
    parts["item_usages"] = [one for one in parts["item_usages"] if one["timestamp"] < "2026-07-10"]
    built = warehouse("duckdb").load(history(parts)).build(JULY, *COVERAGE)
    assert verdicts(built) == {"audit_events": "gap", "sign_in_attempts": "gap", "item_usages": "quiet"}
    [quiet] = [row for row in built.rows("onepassword__data_coverage") if row["verdict"] == "quiet"]
    assert "2026-05-01 to 2026-05-04" in quiet["reason"]


def test_a_period_is_settled_by_a_load_after_its_last_days_had_settled(warehouse: MakeWarehouse) -> None:
    early = warehouse("duckdb").load(told(until="2026-07-02")).build(JULY, *COVERAGE)
    assert {row["verdict"] for row in early.rows("onepassword__control_evidence")} == {"not proven"}
    assert not any(row["is_settled"] for row in early.rows("onepassword__daily_coverage") if str(row["day"]) >= "2026-06-30")
    settled = warehouse("duckdb").load(told(until="2026-07-03")).build(JULY | {"onepassword_as_of": "2026-07-04"}, *COVERAGE)
    assert all(row["is_covered"] for row in settled.rows("int_onepassword__period_coverage"))
    assert {str(row["day"]) for row in settled.rows("onepassword__daily_coverage") if row["is_settled"]} >= {"2026-06-30"}


def test_values_that_were_changed_on_the_way_are_counted_and_said(warehouse: MakeWarehouse) -> None:
    nulled = {"changes": [{"field": "actor_details", "change": "NULLED", "reason": "DESTINATION_FIELD_SIZE_LIMITATION"}]}
    changed = audit("2026-05-02T09:00:00Z", "uva/grant", "V1", "BOB", actor_uuid=None, actor_details=None, _airbyte_meta=nulled)
    unknown = audit("2026-05-02T09:00:00Z", "uva/grant", "V1", "ANN", _airbyte_meta=None)
    built = warehouse("duckdb").load(told({"audit_events": [changed, unknown]})).build(JULY, *COVERAGE)
    rows = {row["stream"]: row for row in built.rows("onepassword__data_coverage")}
    assert {stream: row["changed_rows"] for stream, row in rows.items()} == {"audit_events": 1, "item_usages": 0, "sign_in_attempts": 0}
    assert rows["audit_events"]["reason"].endswith("Rows with values that were changed on the way, of which _airbyte_meta tells: 1.")


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
