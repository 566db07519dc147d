"""Repeats, disorder and lateness do no harm, and what a table lacks becomes null. On DuckDB."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from account import Account
from comparison import assert_same
from conftest import AS_OF, EVERYWHERE, MODELS
from history import History, Record
from tables import Layout
from telling import Event, audit, days, history, use
from warehouses import INTERMEDIATE, DuckDb, Warehouse

MakeWarehouse = Callable[[str], Warehouse]
Marts = dict[str, list[dict[str, Any]]]

# What tells of the delivery and not of the events.
DELIVERY = frozenset({"loaded_at", "first_loaded_at", "last_loaded_at", "late_events", "repeated_rows", "is_settled"})

# A load that comes late would end a silence, which is what a verdict is for: here no silence counts.
PATIENT = AS_OF | {"onepassword_stale_after_hours": 10_000}


@pytest.fixture(scope="module")
def whole(scratch: Path, small_account: Account) -> Marts:
    """The marts of all events loaded at once."""
    folder = scratch / "whole"
    folder.mkdir()
    return DuckDb(folder).load(small_account.history).build(PATIENT, *MODELS).marts()


def test_repeated_rows_change_nothing(warehouse: MakeWarehouse, small_account: Account, whole: Marts) -> None:
    twice = warehouse("duckdb").load(small_account.history.repeated()).build(PATIENT, *MODELS)
    assert_same(whole, twice.marts(), without=DELIVERY)


def test_the_order_of_rows_changes_nothing(warehouse: MakeWarehouse, small_account: Account, whole: Marts) -> None:
    shuffled = warehouse("duckdb").load(small_account.history.shuffled(seed=3)).build(PATIENT, *MODELS)
    assert_same(whole, shuffled.marts())


@pytest.mark.parametrize("seed", range(3))
def test_events_that_come_later_change_the_past_as_if_they_had_been_there(
    warehouse: MakeWarehouse, small_account: Account, whole: Marts, seed: int
) -> None:
    now, later = small_account.history.split(later=0.1, seed=seed)
    parts = [later.first(len(later) // 6), later]
    loaded = warehouse("duckdb").load(now).build(PATIENT, *MODELS)
    for part in parts:
        loaded.load(part).build(PATIENT, *MODELS)
    assert_same(whole, loaded.marts(), without=DELIVERY)


def test_a_quarter_is_built_again_as_it_was(warehouse: MakeWarehouse, small_account: Account) -> None:
    """Events after ``as_of`` are left out everywhere, in whatever order the builds come."""
    before = {"onepassword_as_of": "2026-09-15T12:34:56Z"}
    cut = History(
        {
            stream: [one for one in records if one.data["timestamp"] <= "2026-09-15T12:34:56"]
            for stream, records in small_account.history.streams.items()
        }
    )
    only_then = warehouse("duckdb").load(cut).build(before, *MODELS).marts()
    again = warehouse("duckdb").load(small_account.history).build(PATIENT, *MODELS).build(before, *MODELS).marts()
    assert_same(only_then, again, without=DELIVERY)


def test_rows_of_both_versions_stand_side_by_side(warehouse: MakeWarehouse, small_account: Account, whole: Marts) -> None:
    def as_v1(record: Record) -> Record:
        data = {name: value for name, value in record.data.items() if name not in ("account_uuid", "actor_type", "actor_account_uuid")}
        for person in ("actor_details", "user", "target_user"):
            if data.get(person):
                data[person] = {name: data[person][name] for name in ("uuid", "name", "email") if name in data[person]}
        return Record(record.emitted_at, data)

    mixed = History(
        {
            stream: [as_v1(one) if at % 2 else one for at, one in enumerate(records)]
            for stream, records in small_account.history.streams.items()
        }
    )
    built = warehouse("duckdb").load(mixed).build(PATIENT, *MODELS)
    for state in ("onepassword__current_vault_access", "onepassword__vault_access_history", "onepassword__group_membership_history"):
        # Only V2 tells that somebody is of another account.
        assert_same({state: whole[state]}, {state: built.rows(state)}, without=frozenset({"user_kind"}))


def test_a_column_that_a_table_does_not_have_yet_is_null(warehouse: MakeWarehouse, small_account: Account) -> None:
    layout = Layout(missing={"audit_events": {"actor_type", "location", "aux_details"}, "sign_in_attempts": {"details", "location"}})
    built = warehouse("duckdb").load(small_account.history, layout).build(PATIENT, *MODELS)
    assert {(row["actor_type"], row["location_country"], row["aux_email"]) for row in built.rows("stg_onepassword__audit_events")} == {(None, None, None)}
    assert built.rows("onepassword__current_vault_access")


def event(uuid: str, **data: Any) -> Record:
    return Record(1_780_000_000_000, {"uuid": uuid, "timestamp": "2026-06-01T10:00:00.000000Z", **data})


def test_odd_events_become_honest_rows(warehouse: MakeWarehouse) -> None:
    """JSON null where an object is expected, no time, no person, no pair, and a code that nobody knows."""
    odd = History(
        {
            "audit_events": [
                event("A", object_type="uva", action="grant", object_uuid="VAULT", aux_uuid="ADA", actor_uuid="OLU", aux_details=None, session={}),
                event("B", object_type="uva", action="grant", object_uuid="VAULT", aux_details={"uuid": "BEN", "email": "ben@example.com"}),
                event("C", object_type="uva", action="grant", object_uuid="VAULT"),
                event("D", object_type="uva", action="grant", aux_uuid="ADA"),
                event("E", object_type="zzz", action="frob", object_uuid="VAULT", actor_details="nobody"),
                event("F"),
                Record(1_780_000_000_000, {"uuid": "G", "timestamp": "1970-01-01T00:00:00.000000Z", "object_type": "uva", "action": "revoke", "object_uuid": "VAULT", "aux_uuid": "ADA"}),
                Record(1_780_000_000_000, {"uuid": "H", "timestamp": None, "object_type": "uva", "action": "revoke", "object_uuid": "VAULT", "aux_uuid": "ADA"}),
            ],
            "item_usages": [event("I", vault_uuid="VAULT", item_uuid="ITEM", action="frob", user=None), event("J", action="reveal", user={"uuid": ""})],
            "sign_in_attempts": [event("K", category="frob_failed", type="frob", target_user=[], location={"country": "", "latitude": "north"})],
        }
    )
    built = warehouse("duckdb").load(odd).build({"onepassword_as_of": "2026-06-02"})
    current = built.rows("onepassword__current_vault_access")
    assert {(row["user_uuid"], row["user_status"], row["is_usable"]) for row in current} == {("ADA", "unknown", None), ("BEN", "unknown", None)}
    coverage = {row["stream"]: row for row in built.rows("onepassword__data_coverage")}
    assert (coverage["audit_events"]["events"], coverage["audit_events"]["undated_rows"]) == (6, 2)
    unknown = {(row["stream"], row["object_type"], row["action"]) for row in built.rows("onepassword__unclassified_events")}
    assert ("audit_events", "zzz", "frob") in unknown
    assert {stream for stream, _, _ in unknown} == {"audit_events", "item_usages", "sign_in_attempts"}
    assert {row["event_uuid"]: (row["user_uuid"], row["had_access"]) for row in built.rows("onepassword__item_access")} == {"I": (None, "unknown"), "J": (None, "unknown")}
    assert [(row["outcome"], row["country"]) for row in built.rows("onepassword__sign_ins")] == [("unknown", None)]


JUNE = {"onepassword_as_of": "2026-06-30T12:00:00Z"}


def loaded(at: str, stream: str, *events: Event) -> History:
    """Events of one stream, loaded at a time."""
    return History({stream: [Record(int(datetime.fromisoformat(at).timestamp() * 1000), one) for one in events]})


def coverage(built: Warehouse, stream: str = "audit_events") -> dict[str, Any]:
    [row] = [row for row in built.rows("onepassword__data_coverage") if row["stream"] == stream]
    return row


def held(built: Warehouse) -> set[tuple[str, str]]:
    return {(row["vault_uuid"], row["user_uuid"]) for row in built.rows("onepassword__current_vault_access")}


@pytest.mark.parametrize("kind", ["duckdb", "postgres"])
def test_what_a_restored_table_brings_back_is_said_and_read_on_request(warehouse: MakeWarehouse, kind: str) -> None:
    """Its rows come under load times that have been read past; `--full-refresh` reads them and forgets nothing."""
    built = warehouse(kind).load(history(days("2026-05-01", "2026-06-30"))).build(JUNE, *MODELS)
    assert coverage(built)["unread_rows"] == 0
    restored = [audit("2026-04-30T00:30:00Z", "uva/grant", "V1", "EVE"), audit("2026-05-02T00:30:00Z", "vault/export", "V1", by="EVE")]
    built.load(loaded("2026-05-05T00:00:00+00:00", "audit_events", *restored)).build(JUNE, *MODELS)
    told = coverage(built)
    assert (told["verdict"], told["unread_rows"], told["repeated_rows"]) == ("gap", 2, 0)
    assert "dbt build --full-refresh" in told["reason"]
    assert {row["verdict"] for row in built.rows("onepassword__control_evidence")} == {"not proven"}

    built.execute("delete from airbyte.audit_events where object_uuid = 'DAILY'")
    built.build(JUNE, "--full-refresh", *MODELS)
    told = coverage(built)
    assert (told["verdict"], told["unread_rows"], told["events"]) == ("complete", 0, 63)
    assert ("V1", "EVE") in held(built)


@pytest.mark.parametrize("kind", EVERYWHERE)
def test_the_use_of_items_by_day_follows_an_event_that_is_redelivered(warehouse: MakeWarehouse, kind: str) -> None:
    """With another day, without one, or by somebody else."""
    moved, lost, renamed = (use(f"2026-05-10T0{at}:00:00Z", "ANN", f"V{at}") for at in (1, 2, 3))
    built = warehouse(kind).load(history(days("2026-05-01", "2026-06-30"), {"item_usages": [moved, lost, renamed]}))
    uses = ("--select", "+int_onepassword__daily_item_use", *MODELS)
    built.build(JUNE, *uses)
    again = [moved | {"timestamp": "2026-05-12T01:00:00Z"}, lost | {"timestamp": "1970-01-01T00:00:00.000000Z"}]
    again.append(renamed | {"user": {"uuid": "ANN", "name": "Ann B.", "email": "ann@example.com"}})
    built.load(loaded("2026-06-30T06:00:00+00:00", "item_usages", *again)).build(JUNE, *uses)
    rows = {(row["vault_uuid"], str(row["day"]), row["user_name"], row["uses"]) for row in built.rows("int_onepassword__daily_item_use")}
    assert {row for row in rows if row[0] != "DAILY"} == {("V1", "2026-05-12", "Ann", 1), ("V3", "2026-05-10", "Ann B.", 1)}
    assert len(rows) == 61 + 2


def test_a_load_that_is_stamped_in_the_future_hides_nothing(warehouse: MakeWarehouse) -> None:
    built = warehouse("duckdb").load(history(days("2026-05-01", "2026-06-20")))
    built.load(loaded("2099-12-31T00:00:00+00:00", "audit_events", audit("2026-06-20T01:00:00Z", "uva/grant", "V1", "EVE")))
    built.build(JUNE, *MODELS)
    assert ("V1", "EVE") in held(built)
    assert coverage(built)["verdict"] == "stale"
    later = history(days("2026-06-21", "2026-06-30"), {"audit_events": [audit("2026-06-25T00:30:00Z", "uva/revoke", "V1", "EVE")]})
    built.load(later).build(JUNE, *MODELS)
    assert ("V1", "EVE") not in held(built)
    assert (coverage(built)["verdict"], coverage(built)["repeated_rows"]) == ("complete", 0)


def test_what_airbyte_lost_is_kept_unless_leave_is_given(warehouse: MakeWarehouse) -> None:
    grant = {"audit_events": [audit("2026-04-10T00:30:00Z", "uva/grant", "V1", "ANN")]}
    built = warehouse("duckdb").load(history(days("2026-04-01", "2026-06-30"), grant)).build(JUNE, *MODELS)
    built.execute("delete from airbyte.audit_events where timestamp < '2026-05-01'")
    for arguments in (MODELS, ("--full-refresh", *MODELS)):
        built.build(JUNE, *arguments)
        assert ("V1", "ANN") in held(built)
        assert coverage(built)["repeated_rows"] == 0
    built.build(JUNE | {"onepassword_allow_full_refresh": True}, *MODELS)
    assert ("V1", "ANN") in held(built)
    built.build(JUNE | {"onepassword_allow_full_refresh": True}, "--full-refresh", *MODELS)
    assert ("V1", "ANN") not in held(built)


def test_a_table_without_load_times_loses_nothing_that_staging_holds(warehouse: MakeWarehouse) -> None:
    plain = Layout(metadata=False)
    grant = {"audit_events": [audit("2026-05-10T00:30:00Z", "uva/grant", "V1", "ANN")]}
    built = warehouse("duckdb").load(history(days("2026-05-01", "2026-06-30"), grant), plain).build(JUNE, *MODELS)
    built.execute("delete from airbyte.audit_events where action = 'grant'")
    more = {"audit_events": [audit("2026-05-11T00:30:00Z", "uva/grant", "V1", "BOB")]}
    built.load(history(more), plain).build(JUNE, *MODELS)
    assert held(built) >= {("V1", "ANN"), ("V1", "BOB")}
    assert (coverage(built)["unread_rows"], coverage(built)["last_loaded_at"]) == (0, None)


def test_a_column_of_a_later_release_is_added_to_staging(warehouse: MakeWarehouse) -> None:
    built = warehouse("duckdb").load(history(days("2026-05-01", "2026-06-30"))).build(JUNE, *MODELS)
    for stream in ("audit_events", "item_usages", "sign_in_attempts"):
        built.execute(f"drop view if exists {INTERMEDIATE}.int_onepassword__{stream} cascade")
        built.execute(f"alter table evidence.stg_onepassword__{stream} drop column is_changed")
    built.build(JUNE, *MODELS)
    assert coverage(built)["changed_rows"] == 0


def test_only_the_chosen_accounts_rows_are_counted(warehouse: MakeWarehouse) -> None:
    parts = days("2026-05-01", "2026-06-30")
    mine, theirs = ({stream: [one | {"account_uuid": uuid, "uuid": f"{uuid} {one['uuid']}"} for one in events] for stream, events in parts.items()} for uuid in ("MINE", "THEIRS"))
    undated = [audit("1970-01-01T00:00:00Z", "vault/update", "V1", uuid=f"{uuid} undated", account_uuid=uuid) for uuid in ("MINE", "THEIRS", "THEIRS")]
    built = warehouse("duckdb").load(history(mine, theirs, {"audit_events": undated, "item_usages": theirs["item_usages"]}))
    built.build(JUNE | {"onepassword_account_uuid": "mine"}, *MODELS)
    assert (coverage(built)["undated_rows"], coverage(built)["repeated_rows"]) == (1, 0)
    assert coverage(built, "item_usages")["repeated_rows"] == 0


def test_an_account_without_a_single_event_builds(warehouse: MakeWarehouse) -> None:
    built = warehouse("duckdb").load(History({"audit_events": [], "item_usages": [], "sign_in_attempts": []})).build(AS_OF)
    assert {row["verdict"] for row in built.rows("onepassword__data_coverage")} == {"empty"}
    assert {row["verdict"] for row in built.rows("onepassword__control_evidence")} == {"not proven"}
