"""Every model, seed, source and column says what it is; none is described that does not exist."""

from __future__ import annotations

from collections.abc import Callable

from account import Account
from conftest import AS_OF
from warehouses import BUILT, Warehouse


def test_every_model_and_every_column_is_described(warehouse: Callable[[str], Warehouse], small_account: Account) -> None:
    built = warehouse("duckdb").load(small_account.history.first(5)).build(AS_OF)
    manifest = built.project.manifest()
    nodes = [
        node
        for node in manifest["nodes"].values()
        if node["package_name"] == "onepassword" and node["resource_type"] in ("model", "seed")
    ]
    found = built.query(f"select table_name, column_name from information_schema.columns where table_schema = '{BUILT}'")
    columns: dict[str, set[str]] = {}
    for row in found:
        columns.setdefault(row["table_name"], set()).add(row["column_name"])

    lacking = []
    for node in nodes:
        described = {name for name, column in node["columns"].items() if column["description"].strip()}
        # An ephemeral model is in no warehouse: its columns are those of its tests.
        real = columns.get(node["name"], described if node["config"].get("materialized") == "ephemeral" else set())
        lacking += [node["name"]] if not node["description"].strip() else []
        lacking += [f"{node['name']}.{name}" for name in sorted(real - described)]
        lacking += [f"{node['name']}.{name}, which does not exist" for name in sorted(set(node["columns"]) - real)]
    lacking += [source["name"] for source in manifest["sources"].values() if not source["description"].strip()]
    assert len(nodes) > 50
    assert lacking == []
