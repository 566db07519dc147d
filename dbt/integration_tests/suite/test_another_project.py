"""What the README tells somebody to do in a project of their own: install, fetch templates of the inputs, call the macros."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from account import Account
from conftest import AS_OF
from project import V2_OPEN, DbtFailed, Project
from warehouses import RAW, Warehouse

@pytest.mark.parametrize("kind", ["duckdb", "postgres"])
def test_templates_of_inputs_build_as_they_are_and_the_macros_can_be_called(
    warehouse: Callable[[str], Warehouse],
    small_account: Account,
    another_project: Callable[..., Project],
    tmp_path: Path,
    kind: str,
) -> None:
    loaded = warehouse(kind).load(small_account.history)
    made = another_project(kind, loaded.project.environment, dbt=V2_OPEN if kind == "duckdb" else None)
    printed = made.run("run-operation", "onepassword_input_templates")
    templates = dict(line.split(": ") for line in printed.splitlines() if ".csv: " in line)
    for name, columns in templates.items():
        (tmp_path / "seeds" / name).write_text(columns + "\n")
    inputs = {name.removesuffix(".csv"): name.removesuffix(".csv") for name in templates}
    variables = {**AS_OF, "onepassword_schema": RAW}

    made.run("build", variables=variables)
    without = loaded.marts_of(made)
    made.run("build", variables={**variables, "onepassword_inputs": inputs})
    with_inputs = loaded.marts_of(made)

    assert len(inputs) == 17
    assert {rule for rule, _ in Counter(rules(with_inputs)) - Counter(rules(without))} <= {"unknown_app", "invited_from_another_domain"}
    changed = {name for name, rows in without.items() if len(with_inputs[name]) != len(rows)}
    assert changed <= {"onepassword__findings", "onepassword__unmatched_inputs"}
    assert loaded.rows("access_in_september")
    assert len(loaded.rows("drawn_changes")) == 5
    with pytest.raises(DbtFailed, match="which is later than onepassword_as_of"):
        made.run("compile", "--inline", "{{ onepassword.onepassword_access_as_of('2026-12-01') }}", variables=variables)


def rules(marts: dict[str, list[dict[str, Any]]]) -> list[tuple[str, str]]:
    """Each finding. An empty list of known apps or own domains says that there are none, so those two rules find more."""
    return [(row["rule"], row["finding_id"]) for row in marts["onepassword__findings"]]
