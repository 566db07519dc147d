"""The tables of the package's README say what the seeds and the macros say."""

from __future__ import annotations

import csv
import re
from ast import literal_eval
from collections import defaultdict
from pathlib import Path

import pytest
from project import PACKAGE

README = (PACKAGE / "README.md").read_text(encoding="utf-8")
SEVERITIES = ["low", "medium", "high"]


def table(heading: str, first_column: str) -> list[dict[str, str]]:
    """The rows of the table under a heading whose first column is called so, without the marks of code."""
    section = README.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = section.split(f"\n| {first_column} |")[1].split("\n\n")[0].splitlines()
    names = [first_column, *cells(rows[0])]
    return [dict(zip(names, cells(row.removeprefix("|")))) for row in rows[2:]]


def cells(row: str) -> list[str]:
    return [cell.strip().replace("`", "") for cell in row.strip().removesuffix("|").split("|")]


def seed(name: str) -> list[dict[str, str]]:
    with (PACKAGE / "seeds" / f"onepassword_{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def macro(name: str) -> str:
    return (PACKAGE / "macros" / f"{name}.sql").read_text(encoding="utf-8")


def test_every_rule_stands_in_the_readme_with_its_severities_its_inputs_and_the_rules_of_others_that_it_covers() -> None:
    graver, covers = defaultdict(set), defaultdict(list)
    for pair in seed("pair_rules"):
        graver[pair["rule"]].add(pair["severity"])
    for peer in seed("peer_rules"):
        covers[peer["covered_by"]].append(f"{peer['product']}: {peer['rule']}")
    assert [
        (row["rule"], row["severity"], re.sub(r"\(.*\)", "", row["inputs"]), row["covers"]) for row in table("Rules of the findings", "rule")
    ] == [
        (
            rule["rule"],
            ", ".join(sorted(graver[rule["rule"]] or {rule["severity"]}, key=SEVERITIES.index)),
            rule["inputs"],
            "; ".join(covers[rule["rule"]]),
        )
        for rule in seed("rules")
    ]


def test_what_others_have_and_the_package_leaves_out_stands_in_the_readme_with_the_reason() -> None:
    left_out = [(peer["product"], peer["rule"], peer["reason"]) for peer in seed("peer_rules") if peer["covered_by"] == "out"]
    assert [(row["system"], row["rule"], row["reason"]) for row in table("Rules of the findings", "system")] == left_out


def test_every_control_stands_in_the_readme_with_what_it_rests_on() -> None:
    assert [tuple(row.values()) for row in table("Controls", "framework")] == [
        (
            control["framework"],
            control["control"],
            control["population"],
            control["exception_rules"],
            control["streams"] + (f"; one of {control['inputs']}" if control["inputs"] else ""),
        )
        for control in seed("controls")
    ]


def test_every_limitation_stands_on_the_page_of_what_may_be_claimed() -> None:
    page = (PACKAGE / "docs" / "what-may-be-claimed.md").read_text(encoding="utf-8")
    missing = {control["limitation"] for control in seed("controls") if control["limitation"] not in page}
    assert missing == set()


def test_every_threshold_stands_in_the_readme_with_its_default() -> None:
    defaults = re.findall(r"^    '(\w+)': (\d+),$", macro("onepassword_settings"), re.MULTILINE)
    assert [(row["threshold"], row["default"]) for row in table("Variables", "threshold")] == defaults


def test_every_variable_stands_in_the_readme() -> None:
    project = (PACKAGE / "dbt_project.yml").read_text(encoding="utf-8")
    declared = re.findall(r"^  (onepassword_\w+): (.*)$", project.split("\nvars:\n")[1].split("\n\n")[0], re.MULTILINE)
    rows = {row["variable"]: row["default"] for row in table("Variables", "variable")}
    in_macro = re.search(r"macro onepassword_default_settings.*?return\(({.*?})\)", macro("onepassword_settings"), re.DOTALL)
    assert in_macro
    assert {f"onepassword_{name}": str(default) for name, default in literal_eval(in_macro[1]).items()}.items() <= dict(declared).items()
    assert set(rows) == {name for name, _ in declared} | {"onepassword_database", "onepassword_schema"}
    assert {name: rows[name] for name, default in declared if default != "null"} == {
        name: default for name, default in declared if default != "null"
    }


def test_every_input_stands_in_the_readme_with_its_columns() -> None:
    known = macro("onepassword_inputs").split("onepassword_has_input")[0]
    lists = {name: re.findall(r"'(\w+)': \[", columns) for name, columns in re.findall(r"set (\w+) = \{(.*?)\} -%", known)}
    inputs = {}
    for name, columns, alias in re.findall(r"^    '(\w+)': (?:\{\s*(.*?)\}|(\w+)),$", known, re.MULTILINE | re.DOTALL):
        inputs[name] = lists[alias] if alias else re.findall(r"'(\w+)': \[", columns)
    assert {row["input"]: re.split(r", | or ", row["columns"]) for row in table("Optional inputs", "input")} == inputs


@pytest.mark.parametrize("mart", sorted(path.stem for path in (PACKAGE / "models" / "marts").glob("onepassword__*.sql")))
def test_every_mart_has_its_section_with_a_query(mart: str) -> None:
    section = README.split(f"\n### {mart}\n")[1].split("\n#")[0]
    assert re.search(rf"```sql\n.*from {mart}\b.*?```", section, re.DOTALL)


def test_every_sentence_with_which_the_package_ends_a_run_is_explained() -> None:
    raised = [
        re.sub(r"\s+", " ", start)
        for folder in ("macros", "models")
        for path in sorted((PACKAGE / folder).rglob("*.sql"))
        for start in re.findall(r"raise_compiler_error\(\s*['\"](.+?)['\"](?= ~|\))", path.read_text(encoding="utf-8"))
    ]
    explained = README.split("\n## Troubleshooting\n")[1]
    assert len(raised) > 10
    assert [start for start in raised if start.strip(" '") not in explained] == []
