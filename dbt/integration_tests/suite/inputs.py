"""What a user may supply beside the events, put into tables of text as a seed would be."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from warehouses import Warehouse

Rows = list[dict[str, str | None]]


def supply(warehouse: Warehouse, **inputs: Rows) -> dict[str, Any]:
    """Puts the inputs into the warehouse, and gives the variable that leads the package to them. An input needs a row at least."""
    for name, rows in inputs.items():
        warehouse.put(name, rows)
    return {"onepassword_inputs": {name: f"supplied_{name}" for name in inputs}}


def lists(truth: dict[str, Any], *times: str, minutes: int = 3) -> dict[str, Rows]:
    """Everything that 1Password listed at each of the times, with who was asked and what could be read."""
    told: dict[str, Rows] = {}
    for at in times:
        read = baseline(truth, at)
        for kind in ("vault", "group"):
            read[f"baseline_{kind}s"] = [
                {f"{kind}_uuid": one[f"{kind}_uuid"], "name": f"The {kind} of {at[:10]}", "as_of": at}
                for one in truth[f"{kind}s"]
                if (one["since"] or "") <= at and (one["deleted_at"] is None or one["deleted_at"] > at)
            ]
        counts = {"members": "members", "groups": "groups", "group_members": "group_members", "vaults": "vaults", "vault_access": "vault_access"}
        finished = datetime.fromisoformat(at.replace("Z", "+00:00")) + timedelta(minutes=minutes)
        read["baselines"] = [
            {"as_of": at, "finished_at": finished.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), "account_uuid": None, "taken_by_uuid": "OWNER"}
            | {"taken_by_email": "owner@example.com", "tool": "a test"}
            | {f"{name}_count": str(len(read[f"baseline_{rows}"])) for name, rows in counts.items()}
        ]
        for name, rows in read.items():
            told.setdefault(name, []).extend(rows)
    return told


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
