"""The marts say what was true in the account, and no more than its log shows. Over many accounts, on DuckDB."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from functools import cache
from typing import Any

import account
import pytest
from account import Account
from comparison import canonical
from conftest import AS_OF
from history import History, Record
from inputs import baseline, lists, supply
from warehouses import Warehouse

# TRUTH_SEEDS=30 asks as many accounts.
SEEDS = range(1, 1 + int(os.environ.get("TRUTH_SEEDS", "4")))
STATE = (
    *("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test", "--select"),
    "+onepassword__current_vault_access +onepassword__vault_access_history +onepassword__group_membership_history"
    " +onepassword__team_members +onepassword__item_access +onepassword__reconciliation +onepassword__log_confirmation",
)
Row = dict[str, Any]


@cache
def tell(seed: int) -> Account:
    """Accounts of both versions of the API, busy and quiet ones."""
    return account.tell(
        seed, people=14 + seed % 3 * 8, days=90, api_version=("v1", "v2")[seed % 2], audit_events=(900, 3000)[seed % 4 == 0]
    )


def truth_of(told: Account, name: str) -> list[Row]:
    """The true intervals of a kind in the names of the marts, with their times as text."""
    holder = {"direct_access": "user_uuid", "group_access": "group_uuid", "memberships": "user_uuid"}[name]
    container = "group_uuid" if name == "memberships" else "vault_uuid"
    return [
        {
            "pair": (one[container], one[holder]),
            "start": text_of(one["since"]),
            "end": text_of(one["ended_at"]),
            "ended_by": one["ended_by"],
        }
        for one in told.truth[name]
    ]


def text_of(moment: str | None) -> str | None:
    return None if moment is None else canonical(datetime.fromisoformat(moment.replace("Z", "+00:00")))


def built_intervals(built: Warehouse, name: str) -> list[Row]:
    if name == "memberships":
        rows = built.rows("onepassword__group_membership_history")
        start, keys = "joined_at", ("group_uuid", "user_uuid")
    else:
        grantee = "user" if name == "direct_access" else "group"
        rows = [row for row in built.rows("onepassword__vault_access_history") if row["grantee_type"] == grantee]
        start, keys = "granted_at", ("vault_uuid", "grantee_uuid")
    return [
        {
            "pair": tuple(row[key] for key in keys),
            "start": canonical(row[start]),
            "end": canonical(row["ended_at"]),
            "ended_by": row["ended_by"],
            "basis": row["basis"],
            "known_since": canonical(row["known_since"]),
        }
        for row in rows
    ]


def true_paths(told: Account, at: str | None = None) -> set[tuple[str | None, ...]]:
    """Who could truly open which vault along which path at a time, or can at the end."""

    def open_ones(name: str) -> list[Row]:
        if at is None:
            return [one for one in told.truth[name] if one["ended_at"] is None]
        return [one for one in told.truth[name] if (one["since"] or "") <= at and (one["ended_at"] is None or one["ended_at"] > at)]

    direct = {(one["vault_uuid"], one["user_uuid"], "direct", None) for one in open_ones("direct_access")}
    members = [(one["group_uuid"], one["user_uuid"]) for one in open_ones("memberships")]
    return direct | {
        (grant["vault_uuid"], user, "group", group)
        for grant in open_ones("group_access")
        for group, user in members
        if group == grant["group_uuid"]
    }


def built_paths(built: Warehouse) -> set[tuple[str | None, ...]]:
    rows = built.rows("onepassword__current_vault_access")
    return {(row["vault_uuid"], row["user_uuid"], row["path"], row["group_uuid"]) for row in rows}


def identity(interval: Row) -> tuple[Any, ...]:
    return (interval["pair"], interval["start"], interval["end"], interval["ended_by"])


# Each of the two is run over all accounts before the other, because dbt parses the project anew for other variables.
@pytest.mark.parametrize("seed", SEEDS)
def test_without_a_baseline_what_began_in_the_log_is_exact_and_nothing_older_gets_a_start(
    warehouse: Callable[[str], Warehouse], seed: int
) -> None:
    told = tell(seed)
    built = warehouse("duckdb").load(told.history).build(AS_OF, *STATE)

    for name in ("direct_access", "group_access", "memberships"):
        true = truth_of(told, name)
        found = built_intervals(built, name)
        assert {identity(one) for one in true if one["start"] is not None} == {identity(one) for one in found if one["start"] is not None}
        older = {identity(one) for one in true if one["start"] is None}
        for one in found:
            assert one["known_since"] is not None
            assert one["start"] is not None or (identity(one) in older and one["basis"] == "older than the log"), one
    assert built_paths(built) <= true_paths(told)
    for member in built.rows("onepassword__team_members"):
        person = next(one for one in told.truth["people"] if one["user_uuid"] == member["user_uuid"])
        assert member["status"] in (person["status"], "unknown"), (member, person)
        assert canonical(member["joined_at"]) == text_of(person["joined_at"])
        assert member["status"] != "removed" or canonical(member["removed_at"]) == text_of(person["removed_at"])
    assert {row["had_access"] for row in built.rows("onepassword__item_access")} <= {"yes", "unknown"}
    assert_access_of_uses(built, told)


@pytest.mark.parametrize("seed", SEEDS)
def test_with_a_baseline_of_a_random_time_the_marts_equal_the_truth(warehouse: Callable[[str], Warehouse], seed: int) -> None:
    told = tell(seed)
    start = datetime.fromisoformat(told.truth["log_start"].replace("Z", "+00:00"))
    moment = start + timedelta(days=random.Random(seed).uniform(2, 85))
    at = moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    empty = warehouse("duckdb").load(told.history)
    built = empty.build(AS_OF | supply(empty, **baseline(told.truth, at)), *STATE)

    assert built_paths(built) == true_paths(told)
    statuses = {row["user_uuid"]: row["status"] for row in built.rows("onepassword__team_members")}
    for person in told.truth["people"]:
        assert statuses.get(person["user_uuid"], "removed") == person["status"], person
    for name in ("direct_access", "group_access", "memberships"):
        found = built_intervals(built, name)
        exact = {identity(one) for one in found}
        assert {identity(one) for one in truth_of(told, name) if one["start"] is not None} <= exact
        ends = {(one["pair"], one["end"], one["ended_by"]) for one in found}
        still = [one for one in truth_of(told, name) if one["end"] is None or one["end"] > text_of(at)]
        assert {(one["pair"], one["end"], one["ended_by"]) for one in still} <= ends
        assert not [one for one in found if one["basis"] in ("opening not seen",) or one["ended_by"] == "not in baseline"]
    assert_access_of_uses(built, told)
    # Of a use after the last load of the audit log, and of the creator of a vault, the log may know nothing.
    [loaded_until] = [row["last_loaded_at"] for row in built.rows("onepassword__data_coverage") if row["stream"] == "audit_events"]
    unannounced = {(row["vault_uuid"], row["user_uuid"]) for row in built.rows("int_onepassword__unannounced_access")}
    for row in built.rows("onepassword__item_access"):
        if moment.replace(tzinfo=None) <= row["occurred_at"] < loaded_until and (row["vault_uuid"], row["user_uuid"]) not in unannounced:
            assert row["had_access"] in ("yes", "no"), row
    assert not [row for row in built.rows("onepassword__reconciliation") if row["agrees"] == "only in log"]


@pytest.mark.parametrize("seed", SEEDS)
def test_with_three_baselines_the_state_is_true_from_the_first_on_and_the_log_is_confirmed(warehouse: Callable[[str], Warehouse], seed: int) -> None:
    told = tell(seed)
    times = three_times(told, seed)
    empty = warehouse("duckdb").load(told.history)
    built = empty.build(AS_OF | supply(empty, **lists(told.truth, *times)), *STATE)

    paths = built.rows("int_onepassword__access_paths")
    for at in [*times, *random.Random(seed).sample(hours_after(times[0]), 5)]:
        assert paths_at(paths, at) == true_paths(told, at), at
    assert built_paths(built) == true_paths(told)
    statuses = {row["user_uuid"]: row["status"] for row in built.rows("onepassword__team_members")}
    for person in told.truth["people"]:
        assert statuses.get(person["user_uuid"], "removed") == person["status"], person
    assert_access_of_uses(built, told)
    confirmations = built.rows("onepassword__log_confirmation")
    assert len(confirmations) == 6
    assert {row["verdict"] for row in confirmations} <= {"confirmed", "nothing changed"}, confirmations
    assert {(row["as_of"], row["agrees"]) for row in built.rows("onepassword__reconciliation") if row["agrees"] != "both"} <= {
        (moment(times[0]), "only in baseline")
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_taken_out_of_the_log_between_two_baselines_is_found(warehouse: Callable[[str], Warehouse], seed: int) -> None:
    told = tell(seed)
    times = three_times(told, seed)
    chance = random.Random(-seed)
    moves = [
        record.data
        for record in told.history.streams["audit_events"]
        if kind_of(record.data) in MOVES and times[0] < text_of_event(record.data) <= times[2]
    ]
    taken = {move["uuid"] for move in chance.sample(moves, -(-len(moves) // 4))}
    kept = [record for record in told.history.streams["audit_events"] if record.data["uuid"] not in taken]
    empty = warehouse("duckdb").load(History({**told.history.streams, "audit_events": kept}))
    built = empty.build(AS_OF | supply(empty, **lists(told.truth, *times, minutes=0)), *STATE, "+int_onepassword__finding_change_not_in_log")

    expected = untold(told, kept, times)
    found = {
        (row["to_as_of"], row["pair_kind"], row["container_uuid"], row["holder_uuid"])
        for row in built.rows("int_onepassword__list_changes")
        if row["is_contradicted"] or not row["is_explained"]
    }
    assert found == expected
    assert len(built.rows("int_onepassword__finding_change_not_in_log")) == len(expected)
    assert sum(row["unexplained"] for row in built.rows("onepassword__log_confirmation")) <= len(expected)
    assert {row["verdict"] for row in built.rows("onepassword__log_confirmation") if row["to_as_of"] in {one[0] for one in expected}} >= (
        {"not confirmed"} if expected else set()
    )
    assert built_paths(built) == true_paths(told)
    hidden = {uuid for pair in hidden_pairs(told, taken, times) for uuid in pair}
    true = {one["event_uuid"]: one["had_access"] for one in told.truth["usage_access"]}
    groups: dict[str, set[str]] = {}
    for grant in told.truth["group_access"]:
        groups.setdefault(grant["vault_uuid"], set()).add(grant["group_uuid"])
    for row in built.rows("onepassword__item_access"):
        if row["had_access"] == "no" and not hidden & {row["vault_uuid"], row["user_uuid"], *groups.get(row["vault_uuid"], ())}:
            assert not true[row["event_uuid"]], row


# What opens or closes something, and is taken out of a log.
MOVES = ("uva/grant", "uva/revoke", "gva/grant", "gva/revoke", "gm/join", "gm/leave", "user/delete", "user/leave")
OPENINGS = ("uva/grant", "gva/grant", "gm/join")
ENDINGS = ("user/delete", "user/leave", "vault/delete", "group/delete", "sa/delete")


def pair_of(event: Row) -> tuple[str | None, str | None]:
    return (event["object_uuid"], event.get("aux_uuid"))


def kind_of(event: Row) -> str:
    return f"{event['object_type']}/{event['action']}"


def text_of_event(event: Row) -> str:
    return moment(event["timestamp"]).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(timezone.utc).replace(tzinfo=None)


def three_times(told: Account, seed: int) -> list[str]:
    start = moment(told.truth["log_start"])
    chance = random.Random(seed)
    chosen = sorted(chance.uniform(2, 85) for _ in range(3))
    return [(start + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%S.%fZ") for days in chosen]


def hours_after(at: str) -> list[str]:
    return [(moment(at) + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%S.%fZ") for hours in range(1, 24 * 80)]


def paths_at(paths: list[Row], at: str) -> set[tuple[str | None, ...]]:
    """The ways that the models know to have been open at a time."""
    then = moment(at)
    return {
        (row["vault_uuid"], row["user_uuid"], row["path"], row["group_uuid"])
        for row in paths
        if (row["lower_bound"] is None or row["lower_bound"] <= then) and (row["ended_at"] is None or row["ended_at"] > then)
    }


def hidden_pairs(told: Account, taken: set[str], times: list[str]) -> set[tuple[str | None, str | None]]:
    """Of what a pair was opened without anything that tells: what comes next of it is no closing that is left, and no list has it."""
    moves: dict[tuple[str | None, str | None], list[tuple[str, Row]]] = {}
    for record in told.history.streams["audit_events"]:
        if kind_of(record.data) in MOVES:
            moves.setdefault(pair_of(record.data), []).append((text_of_event(record.data), record.data))

    def is_listed(pair: tuple[str | None, str | None], start: str, end: str | None) -> bool:
        held = [
            one
            for name in ("direct_access", "group_access", "memberships")
            for one in told.truth[name]
            if pair in ((one.get("vault_uuid"), one.get("user_uuid")), (one.get("vault_uuid"), one.get("group_uuid")), (one.get("group_uuid"), one.get("user_uuid")))
            and (one["since"] or "") <= start
        ]
        return any(start < at < (end or "9") and any(one["ended_at"] is None or one["ended_at"] > at for one in held) for at in times)

    hidden = set()
    for pair, told_moves in moves.items():
        ordered = sorted(told_moves, key=lambda move: (move[0], move[1]["uuid"]))
        for (at, move), (next_at, following) in zip(ordered, [*ordered[1:], (None, None)]):
            if move["uuid"] in taken and kind_of(move) in OPENINGS:
                is_closed = following is not None and following["uuid"] not in taken and kind_of(following) not in OPENINGS
                if not is_closed and not is_listed(pair, at, next_at):
                    hidden.add(pair)
    return hidden


def untold(told: Account, kept: list[Record], times: list[str]) -> set[tuple[Any, ...]]:
    """What is true at the later of two lists, and neither the earlier one nor the events that are left say so; of what both
    could read."""
    told_by: dict[str, list[tuple[str, Row]]] = {}
    for record in kept:
        for uuid in {record.data["object_uuid"], record.data.get("aux_uuid")} - {None}:
            told_by.setdefault(uuid, []).append((text_of_event(record.data), record.data))

    def moves_of(container: str | None, holder: str) -> Iterator[tuple[str, str, bool]]:
        """What the events that are left say of a pair: when it was opened or closed."""
        for at, event in told_by.get(holder, []) + told_by.get(container or "", []):
            is_own = pair_of(event) == (container, holder)
            if is_own and event["action"] in ("grant", "join", "revoke", "leave"):
                yield at, event["uuid"], event["action"] in ("grant", "join")
            elif kind_of(event) in ENDINGS and event["object_uuid"] in (container, holder):
                yield at, event["uuid"], False
            elif container is None and kind_of(event) in ("user/join", "user/activate") and event["object_uuid"] == holder:
                yield at, event["uuid"], True

    spans: dict[tuple[str, str | None, str], list[Row]] = {}
    for kind, name, container, holder in (
        ("user vault", "direct_access", "vault_uuid", "user_uuid"),
        ("group vault", "group_access", "vault_uuid", "group_uuid"),
        ("membership", "memberships", "group_uuid", "user_uuid"),
    ):
        for one in told.truth[name]:
            spans.setdefault((kind, one[container], one[holder]), []).append(one)
    for one in told.truth["people"]:
        if one["kind"] != "service account":
            spans[("member", None, one["user_uuid"])] = [{"since": one["joined_at"], "ended_at": one["removed_at"]}]
    there = {one["vault_uuid"]: one for one in told.truth["vaults"]} | {one["group_uuid"]: one for one in told.truth["groups"]}

    def held(intervals: list[Row], at: str) -> bool:
        return any((one["since"] or "") <= at and (one["ended_at"] is None or one["ended_at"] > at) for one in intervals)

    found = set()
    for start, end in zip(times, times[1:]):
        for (kind, container, holder), intervals in spans.items():
            if container is not None and not all(held([{"since": there[container]["since"], "ended_at": there[container]["deleted_at"]}], at) for at in (start, end)):
                continue
            moved = sorted(move for move in moves_of(container, holder) if start < move[0] <= end)
            log_says = moved[-1][2] if moved else held(intervals, start)
            if log_says != held(intervals, end):
                found.add((moment(end), kind, container, holder))
    return found


def assert_access_of_uses(built: Warehouse, told: Account) -> None:
    """`yes` and `no` are never wrong; `unknown` may stand for either."""
    true = {one["event_uuid"]: one["had_access"] for one in told.truth["usage_access"]}
    for row in built.rows("onepassword__item_access"):
        assert row["had_access"] == "unknown" or (row["had_access"] == "yes") == true[row["event_uuid"]], row
