"""Each input alone and all of them together, with repeats, unknown identifiers and addresses in mixed case. On DuckDB."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from account import Account
from conftest import AS_OF, MODELS
from inputs import Rows, baseline, supply
from warehouses import Warehouse

MakeWarehouse = Callable[[str], Warehouse]
NAMES = (
    *("vault_names", "group_names", "item_names", "privileged_vaults", "privileged_groups", "known_apps", "known_addresses", "own_domains"),
    "leavers",
    *("baselines", "baseline_members", "baseline_groups", "baseline_group_members", "baseline_vaults", "baseline_vault_access"),
    *("decisions", "sync_runs"),
)


@pytest.mark.parametrize("name", [*NAMES, "all"])
def test_an_input_adds_what_it_is_for_and_breaks_nothing(
    warehouse: MakeWarehouse, small_account: Account, expected: dict[str, list[dict[str, Any]]], inputs: dict[str, Rows], name: str
) -> None:
    assert set(inputs) == set(NAMES)
    empty = warehouse("duckdb").load(small_account.history)
    chosen = inputs if name == "all" else {name: inputs[name]}
    built = empty.build(AS_OF | supply(empty, **chosen))

    if not name.startswith("baseline") and name != "all":
        paths = {(row["vault_uuid"], row["user_uuid"], row["group_uuid"]) for row in built.rows("onepassword__current_vault_access")}
        assert paths == {(row["vault_uuid"], row["user_uuid"], row["group_uuid"]) for row in expected["onepassword__current_vault_access"]}
    if name in ("vault_names", "all"):
        assert all(row["vault_name"].startswith("Vault ") for row in built.rows("onepassword__vault_access_history"))
    if name in ("group_names", "all"):
        assert all(row["group_name"].startswith("Group '") for row in built.rows("onepassword__group_membership_history"))
    if name == "baseline_vault_access":
        assert {row["coverage_from"] for row in built.rows("onepassword__current_vault_access")} == {None}
        assert None not in {row["coverage_from"] for row in built.rows("onepassword__vault_access_history")}
    if name == "all":
        assert None not in {row["coverage_from"] for row in built.rows("onepassword__current_vault_access")}
    else:
        assert "no" not in {row["had_access"] for row in built.rows("onepassword__item_access")}


def test_a_baseline_older_than_the_log_covers_nothing(warehouse: MakeWarehouse, small_account: Account) -> None:
    before = "2026-07-01T00:00:00.000000Z"
    assert before < small_account.truth["log_start"]
    empty = warehouse("duckdb").load(small_account.history)
    built = empty.build(AS_OF | supply(empty, **baseline(small_account.truth, before)))
    assert {row["coverage_from"] for row in built.rows("onepassword__current_vault_access")} == {None}
    assert "no" not in {row["had_access"] for row in built.rows("onepassword__item_access")}


def test_a_baseline_after_the_time_of_the_evidence_is_not_used(warehouse: MakeWarehouse, small_account: Account) -> None:
    empty = warehouse("duckdb").load(small_account.history)
    told = baseline(small_account.truth, "2026-09-20T00:00:00.000000Z")
    built = empty.build({"onepassword_as_of": "2026-09-10"} | supply(empty, **told))
    assert "baseline" not in {row["basis"] for row in built.rows("onepassword__vault_access_history")}
    assert built.rows("onepassword__reconciliation") == []


@pytest.mark.parametrize("kind", ["postgres"])
def test_a_flag_may_be_a_bigint_as_in_a_seed_without_rows_on_v2(warehouse: MakeWarehouse, small_account: Account, kind: str) -> None:
    loaded = warehouse(kind).load(small_account.history.first(5))
    variables = AS_OF | supply(loaded, sync_runs=[{"ended_at": "2026-10-06T06:00:00Z", "succeeded": "1"}])
    loaded.execute("alter table airbyte.sync_runs alter succeeded type bigint using cast(succeeded as bigint)")
    built = loaded.build(variables, *MODELS, "--select", "+int_onepassword__last_syncs")
    assert built.rows("int_onepassword__last_syncs")


def test_an_exception_that_somebody_decided_stays_one_and_says_who_decided_it_and_why(warehouse: MakeWarehouse, small_account: Account) -> None:
    empty = warehouse("duckdb").load(small_account.history)
    before = empty.build(AS_OF, *MODELS)
    found = {row["finding_id"]: row for row in before.rows("onepassword__findings")}
    controls = before.rows("onepassword__control_evidence")
    of_controls = before.rows("int_onepassword__exceptions")
    sampled = sorted({row["finding_id"] for row in of_controls})[:2]
    # As the report's sample has it, with the reviewer's three columns filled in; the second row was not reviewed.
    reviewed = {"reviewer": ["Olu", None], "date": ["2026-10-10", None], "decision": ["accepted", None], "reason": ["A drill", None]}
    rows = [
        {name: str(found[id][name]) for name in ("finding_id", "rule", "subject_uuid")} | {name: values[at] for name, values in reviewed.items()}
        for at, id in enumerate(sampled)
    ]
    after = before.build(AS_OF | supply(before, decisions=rows), *MODELS)
    now = {row["finding_id"]: row for row in after.rows("onepassword__findings")}
    assert now.keys() == found.keys()
    decided = [row for row in now.values() if row["is_decided"]]
    assert [(row["finding_id"], row["decided_as"], row["decided_by"], str(row["decided_at"])[:10], row["decision_reason"]) for row in decided] == [
        (sampled[0], "accepted", "Olu", "2026-10-10", "A drill")
    ]
    counts = {(row["framework"], row["control"]): row for row in after.rows("onepassword__control_evidence")}
    for row in controls:
        same = counts[row["framework"], row["control"]]
        assert (same["exceptions"], same["other_findings"], same["verdict"]) == (row["exceptions"], row["other_findings"], row["verdict"])
    assert sum(row["decided_exceptions"] + row["decided_other_findings"] for row in counts.values()) > 0
    assert after.rows("onepassword__unmatched_inputs") == []


def test_what_a_build_found_first_is_told_by_when_it_was_found(warehouse: MakeWarehouse, small_account: Account) -> None:
    now, later = small_account.history.split(later=0.3)
    built = warehouse("duckdb").load(now).build(AS_OF, *MODELS)
    before = {row["finding_id"]: row["first_found_at"] for row in built.rows("onepassword__findings")}
    assert len(set(before.values())) == 1
    built.load(later).build(AS_OF, "--full-refresh", *MODELS)
    after = {row["finding_id"]: row["first_found_at"] for row in built.rows("onepassword__findings")}
    new = {id: at for id, at in after.items() if id not in before}
    assert new and {at for id, at in after.items() if id in before} == set(before.values())
    assert min(new.values()) > max(before.values())
