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
    "sync_runs",
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
