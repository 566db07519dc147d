"""What a user may supply beside the events, put into tables of text as a seed would be."""

from __future__ import annotations

from typing import Any

from warehouses import Warehouse

Rows = list[dict[str, str | None]]


def supply(warehouse: Warehouse, **inputs: Rows) -> dict[str, Any]:
    """Puts the inputs into the warehouse, and gives the variable that leads the package to them. An input needs a row at least."""
    for name, rows in inputs.items():
        warehouse.put(name, rows)
    return {"onepassword_inputs": {name: f"supplied_{name}" for name in inputs}}


def baseline(truth: dict[str, Any], at: str) -> dict[str, Rows]:
    """The three baselines of an account as it truly was at a time, in the form of the truth's own times."""

    def held(entry: dict[str, Any], end: str = "ended_at") -> bool:
        return (entry["since"] or "") <= at and (entry[end] is None or entry[end] > at)

    def status(person: dict[str, Any]) -> str:
        return "suspended" if any(held(absence) for absence in person["suspensions"]) else "active"

    return {
        "baseline_members": [
            {"user_uuid": one["user_uuid"], "email": one["email"], "name": one["name"], "status": status(one), "as_of": at}
            for one in truth["people"]
            if (one["joined_at"] or "") <= at and (one["removed_at"] is None or one["removed_at"] > at)
        ],
        "baseline_group_members": [
            {"group_uuid": one["group_uuid"], "user_uuid": one["user_uuid"], "role": None, "as_of": at}
            for one in truth["memberships"]
            if held(one)
        ],
        "baseline_vault_access": [
            {"vault_uuid": one["vault_uuid"], "grantee_type": kind, "grantee_uuid": one[f"{kind}_uuid"], "as_of": at}
            for kind, entries in (("user", truth["direct_access"]), ("group", truth["group_access"]))
            for one in entries
            if held(one)
        ],
    }
