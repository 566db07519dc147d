"""The tables of the package's README and of its pages say what the seeds and the macros say."""

from __future__ import annotations

import csv
import re
from ast import literal_eval
from collections import defaultdict
from pathlib import Path

import pytest
from project import PACKAGE

README = (PACKAGE / "README.md").read_text(encoding="utf-8")
CLAIMS, CONTROLS, MARTS, OTHERS, OVERVIEW = (
    (PACKAGE / path).read_text(encoding="utf-8")
    for path in (
        "docs/what-may-be-claimed.md",
        "docs/rules-and-controls.md",
        "docs/marts.md",
        "docs/other-systems.md",
        "models/overview.md",
    )
)
SEVERITIES = ["low", "medium", "high"]
# How a sentence with which a run ends tells what to do, or what there is to choose from.
REMEDY = re.compile(r"\b(must (be|map)|There are|It (has|needs)|Set|Take|Write|Name one|Seed all|take the lists|ask for|draws from)\b")


def table(page: str, heading: str, first_column: str) -> list[dict[str, str]]:
    """The rows of the table under a heading whose first column is called so, without the marks of code."""
    section = page.split(f"\n## {heading}\n")[1].split("\n## ")[0]
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


def test_every_rule_stands_on_its_page_with_its_severities_and_its_inputs() -> None:
    graver = defaultdict(set)
    for pair in seed("pair_rules"):
        graver[pair["rule"]].add(pair["severity"])
    assert [(row["rule"], row["severity"], re.sub(r"\(.*\)", "", row["inputs"])) for row in table(CONTROLS, "Rules", "rule")] == [
        (rule["rule"], ", ".join(sorted(graver[rule["rule"]] or {rule["severity"]}, key=SEVERITIES.index)), rule["inputs"])
        for rule in seed("rules")
    ]


def test_every_rule_of_another_system_stands_with_what_answers_it_or_why_it_is_left_out() -> None:
    known = {rule["rule"] for rule in seed("rules")} | {path.stem for path in (PACKAGE / "models" / "marts").glob("*.sql")}
    rows = table(OTHERS, "Rules of other systems", "system")
    assert len({(row["system"], row["rule"]) for row in rows}) == len(rows) > 100
    assert {answer for row in rows for answer in row["answered by"].split(", ") if answer} <= known
    assert all(row["answered by"] or row["what is different, or why it is left out"] for row in rows)


def test_every_control_stands_on_its_page_with_what_it_rests_on() -> None:
    assert [tuple(row.values()) for row in table(CONTROLS, "Controls", "framework")] == [
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
    missing = {control["limitation"] for control in seed("controls") if control["limitation"] not in CLAIMS}
    assert missing == set()


def test_every_threshold_stands_beside_the_rules_with_its_default() -> None:
    defaults = re.findall(r"^    '(\w+)': (\d+),$", macro("onepassword_settings"), re.MULTILINE)
    assert [(row["threshold"], row["default"]) for row in table(CONTROLS, "Thresholds", "threshold")] == defaults


def test_every_variable_stands_in_the_readme() -> None:
    project = (PACKAGE / "dbt_project.yml").read_text(encoding="utf-8")
    declared = re.findall(r"^  (onepassword_\w+): (.*)$", project.split("\nvars:\n")[1].split("\n\n")[0], re.MULTILINE)
    rows = {row["variable"]: row["default"] for row in table(README, "Variables", "variable")}
    in_macro = re.search(r"macro onepassword_default_settings.*?return\(({.*?})\)", macro("onepassword_settings"), re.DOTALL)
    assert in_macro
    assert {f"onepassword_{name}": str(default) for name, default in literal_eval(in_macro[1]).items()}.items() <= dict(declared).items()
    undeclared = ["database", "schema", "table_prefix", *(f"{stream}_identifier" for stream in ("audit_events", "item_usages", "sign_in_attempts"))]
    assert set(rows) == {name for name, _ in declared} | {f"onepassword_{name}" for name in undeclared}
    assert {name: rows[name] for name, default in declared if default != "null"} == {
        name: default for name, default in declared if default != "null"
    }


def test_every_input_stands_in_the_readme_with_its_columns() -> None:
    known = macro("onepassword_inputs").split("onepassword_has_input")[0]
    lists = {name: re.findall(r"'(\w+)': \[", columns) for name, columns in re.findall(r"set (\w+) = \{(.*?)\} -%", known)}
    inputs = {}
    for name, columns, alias in re.findall(r"^    '(\w+)': (?:\{\s*(.*?)\}|(\w+)),$", known, re.MULTILINE | re.DOTALL):
        inputs[name] = lists[alias] if alias else re.findall(r"'(\w+)': \[", columns)
    assert {row["input"]: re.split(r", | or ", row["columns"]) for row in table(README, "Optional inputs", "input")} == inputs


@pytest.mark.parametrize("mart", sorted(path.stem for path in (PACKAGE / "models" / "marts").glob("onepassword__*.sql")))
def test_every_mart_has_its_section_with_a_query(mart: str) -> None:
    section = MARTS.split(f"\n## {mart}\n")[1].split("\n## ")[0]
    assert re.search(rf"```sql\n.*from {mart}\b.*?```", section, re.DOTALL)
    (row,) = [row for row in table(README, "Marts", "mart") if row["mart"] == f"[{mart}](docs/marts.md#{mart})"]
    assert row["answers"].endswith("?")


def test_the_layers_are_drawn_alike_in_the_readme_and_in_the_overview_of_dbt_docs() -> None:
    drawn = re.compile(r"```text\n.*?onepassword__\*.*?```", re.DOTALL)
    assert drawn.findall(README) == drawn.findall(OVERVIEW) != []


def test_every_sentence_with_which_the_package_ends_a_run_tells_what_to_do_or_the_readme_does() -> None:
    raised = [
        re.sub(r"\s+", " ", sentence)
        for folder in ("macros", "models")
        for path in sorted((PACKAGE / folder).rglob("*.sql"))
        for sentence in re.findall(r"raise_compiler_error\((.+?)\) *[-}]", path.read_text(encoding="utf-8"), re.DOTALL)
    ]
    explained = README.split("\n## What may go wrong\n")[1]
    starts = [re.split(r"['\"] ~", sentence.strip()[1:])[0].strip(" '\"") for sentence in raised if not REMEDY.search(sentence)]
    assert len(raised) > 20
    assert [start for start in starts if start not in explained] == []
