"""The marts say what was true in the account, and no more than its log shows. Over many accounts, on DuckDB."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from functools import cache
from typing import Any

import account
import pytest
from account import Account
from comparison import canonical
from conftest import AS_OF
from inputs import baseline, supply
from warehouses import Warehouse

SEEDS = range(1, 31)
STATE = (
    *("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test", "--select"),
    "+onepassword__current_vault_access +onepassword__vault_access_history +onepassword__group_membership_history"
    " +onepassword__team_members +onepassword__item_access +onepassword__reconciliation",
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


def true_paths(told: Account) -> set[tuple[str | None, ...]]:
    """Who can truly open which vault along which path at the end."""

    def open_ones(name: str) -> list[Row]:
        return [one for one in told.truth[name] if one["ended_at"] is None]

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


def assert_access_of_uses(built: Warehouse, told: Account) -> None:
    """`yes` and `no` are never wrong; `unknown` may stand for either."""
    true = {one["event_uuid"]: one["had_access"] for one in told.truth["usage_access"]}
    for row in built.rows("onepassword__item_access"):
        assert row["had_access"] == "unknown" or (row["had_access"] == "yes") == true[row["event_uuid"]], row
