"""Every model, seed, source, column and macro for users says what it is, in one place; none is described that does not exist."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from account import Account
from conftest import AS_OF
from project import PACKAGE
from warehouses import BUILT, INTERMEDIATE, Warehouse

# What BigQuery keeps of a column's description (`persist_docs`).
LONGEST = 1024


def test_every_model_and_every_column_is_described(warehouse: Callable[[str], Warehouse], small_account: Account) -> None:
    built = warehouse("duckdb").load(small_account.history.first(5)).build(AS_OF)
    manifest = built.project.manifest()
    nodes = [
        node
        for node in manifest["nodes"].values()
        if node["package_name"] == "onepassword" and node["resource_type"] in ("model", "seed")
    ]
    found = built.query(f"select table_name, column_name from information_schema.columns where table_schema in ('{BUILT}', '{INTERMEDIATE}')")
    columns: dict[str, set[str]] = {}
    for row in found:
        columns.setdefault(row["table_name"], set()).add(row["column_name"])

    lacking = []
    for node in nodes:
        described = {name for name, column in node["columns"].items() if 0 < len(column["description"].strip()) <= LONGEST}
        # An ephemeral model is in no warehouse: its columns are those of its tests.
        real = columns.get(node["name"], described if node["config"].get("materialized") == "ephemeral" else set())
        lacking += [node["name"]] if not node["description"].strip() else []
        lacking += [f"{node['name']}.{name}" for name in sorted(real - described)]
        lacking += [f"{node['name']}.{name}, which does not exist" for name in sorted(set(node["columns"]) - real)]
    lacking += [source["name"] for source in manifest["sources"].values() if not source["description"].strip()]
    called = {
        name
        for page in [PACKAGE / "README.md", *(PACKAGE / "docs").glob("*.md")]
        for name in re.findall(r"(?:onepassword\.|run-operation )(onepassword_\w+)", page.read_text(encoding="utf-8"))
    }
    lacking += [name for name in sorted(called) if not manifest["macros"][f"macro.onepassword.{name}"]["description"]]
    assert len(nodes) > 50
    assert len(called) == 3
    assert lacking == []


def test_what_three_columns_have_in_common_is_written_once() -> None:
    written = Counter(
        words
        for path in [*(PACKAGE / "models").rglob("*.yml"), *(PACKAGE / "seeds").glob("*.yml")]
        if path.name != "_sources.yml"
        for words in re.findall(r"^ {8}description: (?!\"\{\{|>)(.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert len(written) > 300
    assert [words for words, times in written.items() if times > 2] == []
