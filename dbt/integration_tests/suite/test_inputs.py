"""Each input alone and all of them together, with repeats, unknown identifiers and addresses in mixed case. On DuckDB."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from account import Account
from conftest import AS_OF
from inputs import Rows, baseline, supply
from warehouses import Warehouse

MakeWarehouse = Callable[[str], Warehouse]
NAMES = (
    *("vault_names", "group_names", "item_names", "privileged_vaults", "privileged_groups", "known_apps", "own_domains", "leavers"),
    *("baseline_members", "baseline_group_members", "baseline_vault_access", "sync_runs"),
)


@pytest.fixture(scope="session")
def inputs(small_account: Account) -> dict[str, Rows]:
    """Every input of the small account, each row twice, and a row of something that the account does not have."""
    truth = small_account.truth
    uses = [one.data for one in small_account.history.streams["item_usages"]]
    vaults, groups = [one["vault_uuid"] for one in truth["vaults"]], [one["group_uuid"] for one in truth["groups"]]
    told: dict[str, Rows] = {
        "vault_names": [{"uuid": uuid, "name": f"Vault {at}"} for at, uuid in enumerate(vaults)] + [{"uuid": "nowhere", "name": "Nowhere"}],
        "group_names": [{"uuid": uuid, "name": f"Group '{at}'"} for at, uuid in enumerate(groups)] + [{"uuid": "nowhere", "name": None}],
        "item_names": [{"uuid": uuid, "name": "Item"} for uuid in sorted({one["item_uuid"] for one in uses})[:20]] + [{"uuid": None, "name": "No"}],
        "privileged_vaults": [{"uuid": vaults[0]}, {"uuid": "nowhere"}],
        "privileged_groups": [{"uuid": groups[0]}, {"uuid": "nowhere"}],
        "known_apps": [{"app_name": "1Password for Mac"}, {"app_name": "Nothing"}],
        "own_domains": [{"domain": "EXAMPLE.com"}, {"domain": "nowhere.example"}],
        "leavers": [{"email": truth["people"][2]["email"].upper(), "left_on": "2026-09-01"}, {"email": "nobody@example.com", "left_on": "2026-09-01"}],
        **baseline(truth, "2026-09-01T00:00:00.000000Z"),
        "sync_runs": [{"ended_at": "2026-10-06T06:00:00Z", "succeeded": "true"}],
    }
    return {name: rows + rows for name, rows in told.items()}


@pytest.mark.parametrize("name", [*NAMES, "all"])
def test_an_input_adds_what_it_is_for_and_breaks_nothing(
    warehouse: MakeWarehouse, small_account: Account, expected: dict[str, list[dict[str, Any]]], inputs: dict[str, Rows], name: str
) -> None:
    assert set(inputs) == set(NAMES)
    empty = warehouse("duckdb").load(small_account.history)
    chosen = inputs if name == "all" else {name: inputs[name]}
    built = empty.build(AS_OF | supply(empty, **chosen), "--exclude-resource-type", "unit_test")

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
    built = empty.build(AS_OF | supply(empty, **baseline(small_account.truth, before)), "--exclude-resource-type", "unit_test")
    assert {row["coverage_from"] for row in built.rows("onepassword__current_vault_access")} == {None}
    assert "no" not in {row["had_access"] for row in built.rows("onepassword__item_access")}


def test_a_baseline_after_the_time_of_the_evidence_is_not_used(warehouse: MakeWarehouse, small_account: Account) -> None:
    empty = warehouse("duckdb").load(small_account.history)
    told = baseline(small_account.truth, "2026-09-20T00:00:00.000000Z")
    built = empty.build({"onepassword_as_of": "2026-09-10"} | supply(empty, **told), "--exclude-resource-type", "unit_test")
    assert "baseline" not in {row["basis"] for row in built.rows("onepassword__vault_access_history")}
    assert built.rows("onepassword__reconciliation") == []
