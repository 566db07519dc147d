"""What the README tells somebody to do in a project of their own: install, fetch templates of the inputs, call the macros."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from account import Account
from conftest import AS_OF
from project import PACKAGE, DbtFailed, Project
from warehouses import RAW, Warehouse

MODELS = {
    "access_in_september": "{{ onepassword.onepassword_access_as_of('2026-09-15') }}",
    "drawn_changes": "{{ onepassword.onepassword_sample('onepassword__admin_changes', 5, '2026-Q3') }}",
}


@pytest.fixture
def another_project(tmp_path: Path) -> Callable[[Warehouse, str], Project]:
    """Makes a project that has nothing but the package and two models that call its macros."""

    def make(built: Warehouse, kind: str) -> Project:
        (tmp_path / "dbt_project.yml").write_text("name: another\nversion: 1.0.0\nflags: {send_anonymous_usage_stats: false}\n")
        (tmp_path / "packages.yml").write_text(f"packages:\n  - local: {PACKAGE}\n")
        (tmp_path / "seeds").mkdir()
        (tmp_path / "models").mkdir()
        for name, sql in MODELS.items():
            (tmp_path / "models" / f"{name}.sql").write_text(sql)
        made = Project(kind, tmp_path / "target", built.project.environment, tmp_path)
        made.run("deps")
        return made

    return make


@pytest.mark.parametrize("kind", ["duckdb", "postgres"])
def test_templates_of_inputs_build_as_they_are_and_the_macros_can_be_called(
    warehouse: Callable[[str], Warehouse],
    small_account: Account,
    another_project: Callable[[Warehouse, str], Project],
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    kind: str,
) -> None:
    loaded = warehouse(kind).load(small_account.history)
    made = another_project(loaded, kind)
    capfd.readouterr()
    made.run("run-operation", "onepassword_input_templates")
    templates = dict(line.split(": ") for line in capfd.readouterr().out.splitlines())
    for name, columns in templates.items():
        (tmp_path / "seeds" / name).write_text(columns + "\n")
    inputs = {name.removesuffix(".csv"): name.removesuffix(".csv") for name in templates}
    variables = {**AS_OF, "onepassword_schema": RAW}

    made.run("build", variables=variables)
    without = loaded.marts_of(made)
    made.run("build", variables={**variables, "onepassword_inputs": inputs})
    with_inputs = loaded.marts_of(made)

    assert len(inputs) == 12
    assert {rule for rule, _ in Counter(rules(with_inputs)) - Counter(rules(without))} <= {"unknown_app", "invited_from_another_domain"}
    changed = {name for name, rows in without.items() if len(with_inputs[name]) != len(rows)}
    assert changed <= {"onepassword__findings"}
    assert loaded.rows("access_in_september")
    assert len(loaded.rows("drawn_changes")) == 5
    with pytest.raises(DbtFailed, match="which is later than onepassword_as_of"):
        made.run("compile", "--inline", "{{ onepassword.onepassword_access_as_of('2026-12-01') }}", variables=variables)


def rules(marts: dict[str, list[dict[str, Any]]]) -> list[tuple[str, str]]:
    """Each finding. An empty list of known apps or own domains says that there are none, so those two rules find more."""
    return [(row["rule"], row["finding_id"]) for row in marts["onepassword__findings"]]
