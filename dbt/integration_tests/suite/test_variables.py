"""A variable that makes no sense ends the run at its start with one sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import account
import pytest
from conftest import MODELS
from history import History
from inputs import supply
from project import DbtFailed
from telling import audit, history
from warehouses import Warehouse

MakeWarehouse = Callable[[str], Warehouse]


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"onepassword_streams": ["audit_event"]}, "names the stream 'audit_event', which the source does not have"),
        ({"onepassword_streams": "audit_events"}, "onepassword_streams must be a list of streams"),
        ({"onepassword_as_of": "yesterday"}, "onepassword_as_of is 'yesterday', which is neither a date nor a date-time"),
        ({"onepassword_as_of": "2026-02-30"}, "onepassword_as_of is '2026-02-30', which is neither a date nor a date-time"),
        ({"onepassword_account_uuid": "two accounts"}, "onepassword_account_uuid is 'two accounts', which is no UUID of an account"),
        ({"onepassword_evidence_to": "2026-13-01"}, "onepassword_evidence_to is '2026-13-01'"),
        ({"onepassword_as_of": "0000-01-01"}, "onepassword_as_of is '0000-01-01', which is neither a date nor a date-time"),
        (
            {"onepassword_evidence_from": "2026-09-01", "onepassword_evidence_to": "2026-07-01"},
            "Set onepassword_evidence_from to an earlier time than onepassword_evidence_to",
        ),
        ({"onepassword_settle_days": "two"}, "onepassword_settle_days is 'two'. It must be a whole number"),
        ({"onepassword_dormant_days": -1}, "onepassword_dormant_days is '-1'. It must be a whole number"),
        ({"onepassword_dormant_days": 9999999999}, "onepassword_dormant_days is '9999999999'. It must be a whole number from 0 to 99999"),
        ({"onepassword_thresholds": {"burst": 3}}, "onepassword_thresholds names 'burst', which is no threshold"),
        ({"onepassword_thresholds": {"burst_items": "many"}}, "The threshold 'burst_items' in onepassword_thresholds is 'many'"),
        ({"onepassword_thresholds": {"burst_items_minutes": 7.5}}, "is '7.5'. It must be a whole number"),
        ({"onepassword_inputs": {"vaults": "my_vaults"}}, "onepassword_inputs names 'vaults', which is no input"),
        ({"onepassword_inputs": {"leavers": None}}, "onepassword_inputs names no model or seed for 'leavers'"),
        ({"onepassword_inputs": ["vault_names"]}, "onepassword_inputs must map names of inputs"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_variable_is_named(warehouse: MakeWarehouse, variables: dict[str, Any], sentence: str) -> None:
    with pytest.raises(DbtFailed, match=r"(?s).*") as failure:
        warehouse("duckdb").build(variables)
    assert sentence in str(failure.value)


def test_a_table_that_is_not_there_is_named_with_what_to_do(warehouse: MakeWarehouse) -> None:
    history = account.tell(1, people=14, days=20, audit_events=200, item_usages=100, sign_in_attempts=60).history
    with pytest.raises(DbtFailed) as failure:
        warehouse("duckdb").load(history.without("item_usages")).build()
    assert "There is no table" in str(failure.value)
    assert "or leave item_usages out of onepassword_streams" in str(failure.value)


def test_an_input_without_a_column_that_it_needs_is_named(warehouse: MakeWarehouse) -> None:
    empty = warehouse("duckdb").load(History({"audit_events": [], "item_usages": [], "sign_in_attempts": []}))
    with pytest.raises(DbtFailed) as failure:
        empty.build(supply(empty, leavers=[{"email": "ada@example.com"}]))
    assert "The input leavers (supplied_leavers) lacks the column left_on" in str(failure.value)


LISTED = {
    "baseline_members": [{"user_uuid": "ADA", "status": "active", "as_of": "2026-09-01T00:00:00Z"}],
    "baseline_group_members": [{"group_uuid": "OPS", "user_uuid": "ADA", "as_of": "2026-09-01T00:00:00Z"}],
}


@pytest.mark.parametrize("kind", ["duckdb", "postgres", "snowflake"])
@pytest.mark.parametrize(
    ("stated", "sentence"),
    [
        ({"members_count": "2"}, "The input baseline_members has 1 rows of the list of 2026-09-01 00:00:00"),
        ({"members_count": "1", "group_members_count": "0"}, "The input baseline_group_members has 1 rows"),
        ({"finished_at": "2026-08-31T23:59:59Z"}, "has a finished_at that is earlier than its as_of"),
        ({"account_uuid": "another"}, "The input baselines has a list of the account another, and the events are of ACCOUNT"),
        ({"as_of": "2026-08-01T00:00:00Z", "members_count": "1"}, "The input baseline_members has 0 rows of the list of 2026-08-01"),
    ],
    ids=["half a list", "an edited list", "a list that ends before it begins", "another account", "a list that is missing"],
)
def test_lists_that_are_not_what_they_say_end_the_run(warehouse: MakeWarehouse, kind: str, stated: dict[str, str], sentence: str) -> None:
    events = history({"audit_events": [audit("2026-08-01T00:00:00Z", "vault/create", "V1") | {"account_uuid": "ACCOUNT"}]})
    empty = warehouse(kind).load(events)
    nothing = {"finished_at": None, "account_uuid": "account", "members_count": None, "group_members_count": None}
    inputs = supply(empty, **LISTED, baselines=[nothing | {"as_of": "2026-09-01T00:00:00Z"} | stated])
    with pytest.raises(DbtFailed) as failure:
        empty.build(inputs, *MODELS, "--select", "+int_onepassword__baselines")
    assert sentence in str(failure.value)


def test_lists_that_are_what_they_say_are_taken_however_often_a_row_stands_in_them(warehouse: MakeWarehouse) -> None:
    empty = warehouse("duckdb").load(history({"audit_events": [audit("2026-08-01T00:00:00Z", "vault/create", "V1") | {"account_uuid": "ACCOUNT"}]}))
    twice = {name: rows + [row | {"user_uuid": "ada"} for row in rows] for name, rows in LISTED.items()}
    stated = [{"as_of": "2026-09-01T00:00:00Z", "account_uuid": "account", "members_count": "1", "group_members_count": "1"}]
    built = empty.build(supply(empty, **twice, baselines=stated), *MODELS, "--select", "+int_onepassword__baselines")
    [row] = built.rows("int_onepassword__baselines")
    assert (row["lists_members"], row["lists_memberships"], row["lists_grants"]) == (True, True, False)


def test_a_baseline_without_a_time_is_refused(warehouse: MakeWarehouse) -> None:
    empty = warehouse("duckdb").load(History({"audit_events": [], "item_usages": [], "sign_in_attempts": []}))
    inputs = supply(
        empty,
        baseline_members=[
            {"user_uuid": "ADA", "status": "active", "as_of": "2026-09-01T00:00:00Z"},
            {"user_uuid": "OLU", "status": "active", "as_of": None},
        ],
    )
    with pytest.raises(DbtFailed) as failure:
        empty.build(inputs)
    assert "hold rows without as_of: 1. Write the time of the export into every row" in str(failure.value)


def test_the_last_whole_quarter_before_the_time_of_the_evidence_is_its_period(warehouse: MakeWarehouse) -> None:
    empty = warehouse("duckdb").load(History({"audit_events": [], "item_usages": [], "sign_in_attempts": []}))
    for as_of, start, end in (
        ("2026-10-01", "2026-07-01", "2026-10-01"),
        ("2026-09-30T23:59:59Z", "2026-04-01", "2026-07-01"),
        ("2026-02-03T01:00:00+02:00", "2025-10-01", "2026-01-01"),
    ):
        built = empty.build({"onepassword_as_of": as_of}, "--exclude-resource-type", "test", "--select", "+int_onepassword__settings")
        [row] = built.rows("int_onepassword__settings")
        assert (str(row["evidence_from"])[:10], str(row["evidence_to"])[:10]) == (start, end)
