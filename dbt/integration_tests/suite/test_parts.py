"""A project takes the parts of the package that it wants, under the names that its tables have, in the schemas that it likes."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from account import Account
from comparison import assert_same
from conftest import AS_OF, MODELS, bare_project
from project import INTEGRATION_TESTS, PACKAGE, PROGRAMS, V2_OPEN, DbtFailed, Project
from warehouses import BUILT, INTERMEDIATE, RAW, DuckDb, Warehouse

README = (PACKAGE / "README.md").read_text(encoding="utf-8")

# What may be left out at once; each is a path under `models: onepassword:`.
ALONE = [
    *("access_changes", "control_evidence", "group_membership_history", "reconciliation", "team_members"),
    *("unclassified_events", "unmatched_inputs", "vault_access_history"),
]
CONTROLS = ["intermediate.controls", "marts.onepassword__control_evidence"]
FINDINGS = ["intermediate.findings", "marts.onepassword__findings", *CONTROLS]
PARTS = {
    **{mart: [f"marts.onepassword__{mart}"] for mart in ALONE},
    "current access": ["marts.onepassword__current_vault_access", "marts.onepassword__team_members"],
    "controls": CONTROLS,
    "administrative changes": ["marts.onepassword__admin_changes", *CONTROLS],
    "log confirmation": ["marts.onepassword__log_confirmation", *CONTROLS],
    "findings": FINDINGS,
    "sign-ins": ["marts.onepassword__sign_ins", *FINDINGS],
    "item access": ["marts.onepassword__item_access", *FINDINGS],
    "all but coverage and access": [
        *(f"marts.onepassword__{mart}" for mart in ("admin_changes", "item_access", "log_confirmation", "reconciliation", "sign_ins")),
        *("marts.onepassword__unclassified_events", "marts.onepassword__unmatched_inputs", *FINDINGS),
    ],
}
EVERYTHING = {"models": {"onepassword": {"+enabled": False}}}
NOR_SEEDS = EVERYTHING | {"seeds": {"onepassword": {"+enabled": False}}}


def disabled(*paths: str) -> dict[str, Any]:
    """What stands in the project's dbt_project.yml to leave these out."""
    models: dict[str, Any] = {}
    for path in paths:
        folder, part = path.split(".")
        models.setdefault(folder, {})[part] = {"+enabled": False}
    return {"models": {"onepassword": models}}


@pytest.fixture
def users(tmp_path: Path) -> Callable[..., Project]:
    """Makes a user's project that has nothing but the package and this configuration."""

    def make(configuration: dict[str, Any], environment: dict[str, str] | None = None, dbt: Path | None = V2_OPEN, target: str = "duckdb") -> Project:
        variables = {"vars": {"onepassword_schema": RAW}}
        return bare_project(tmp_path, target, environment or {"DUCKDB_PATH": str(tmp_path / "empty.duckdb")}, dbt, variables | configuration)

    return make


def analysis(made: Project, folder: Path) -> tuple[dict[str, list[str]], list[str]]:
    """What the report's analysis says that it leaves out, and what it asks for."""
    made.run("compile", "--select", "onepassword__evidence", variables=AS_OF)
    [compiled] = (folder / "target" / "compiled").rglob("onepassword__evidence.sql")
    text = compiled.read_text(encoding="utf-8")
    about = json.loads(text.split("-- about: ")[1].splitlines()[0])
    return about["left_out"], re.findall(r"^-- query: (.+)$", text, re.MULTILINE)


@pytest.mark.parametrize("part", [*PARTS, "everything", "everything and the seeds"])
def test_what_is_left_out_is_missed_by_nothing(users: Callable[..., Project], tmp_path: Path, part: str) -> None:
    configuration = {"everything": EVERYTHING, "everything and the seeds": NOR_SEEDS}.get(part) or disabled(*PARTS[part])
    made = users(configuration)
    printed = made.run("parse", "--warn-error")
    assert "warning" not in printed
    left_out, asked = analysis(made, tmp_path)
    # The report shows the members at the end of the period, which are not the mart.
    lacking = {model for models in left_out.values() for model in models}
    missing = {path.split(".")[1] for path in PARTS.get(part, []) if path.startswith("marts.")}
    assert part.startswith("everything") or lacking == missing - SHOWN_NOWHERE
    assert not set(left_out) & set(asked)
    assert (asked == []) == part.startswith("everything")


# The report does not read these marts: it has what they say from other models.
SHOWN_NOWHERE = {f"onepassword__{mart}" for mart in ("current_vault_access", "group_membership_history", "unmatched_inputs", "vault_access_history")}


def test_what_is_left_out_is_missed_by_nothing_on_1_x(users: Callable[..., Project], tmp_path: Path) -> None:
    made = users(disabled(*PARTS["all but coverage and access"]), dbt=PROGRAMS["1.11"])
    left_out, asked = analysis(made, tmp_path)
    assert "controls" in left_out
    assert "population vault access" in asked


@pytest.mark.parametrize("name", ["1.11", "1.12"])
def test_a_project_of_1_x_can_leave_everything_out(users: Callable[..., Project], name: str) -> None:
    users(NOR_SEEDS, dbt=PROGRAMS[name]).run("parse", "--warn-error")


@pytest.mark.parametrize("part", ["current access", "all but coverage and access"])
def test_what_is_left_is_built_as_ever(
    users: Callable[..., Project], small_account: Account, expected: dict[str, list[dict[str, Any]]], tmp_path: Path, part: str
) -> None:
    loaded = DuckDb(tmp_path).load(small_account.history)
    made = users(disabled(*PARTS[part]), loaded.project.environment)
    made.run("build", "--warn-error", "--select", "package:onepassword", variables=AS_OF)
    marts = loaded.marts_of(made)
    missing = {path.removeprefix("marts.") for path in PARTS[part] if path.startswith("marts.")}
    assert set(marts) == set(expected) - missing
    assert_same({name: rows for name, rows in expected.items() if name in marts}, marts)


def test_a_project_that_leaves_everything_out_builds_nothing(users: Callable[..., Project], tmp_path: Path) -> None:
    made = users(NOR_SEEDS)
    made.run("build")
    assert [result["unique_id"] for result in made.results() if not result["unique_id"].startswith("operation.")] == []


def test_disabled_rules_find_nothing_are_not_built_and_are_not_taken_for_judged(
    users: Callable[..., Project], small_account: Account, expected: dict[str, list[dict[str, Any]]], tmp_path: Path
) -> None:
    rules = ["feed_silent", "dormant_with_access", "item_shared", "gave_oneself_a_vault"]
    found = Counter(row["rule"] for row in expected["onepassword__findings"])
    assert sum(found[rule] for rule in rules) > 0
    loaded = DuckDb(tmp_path).load(small_account.history)
    made = users({}, loaded.project.environment)
    made.run("build", "--warn-error", variables=AS_OF | {"onepassword_disabled_rules": rules})

    left = Counter(row["rule"] for row in loaded.rows("onepassword__findings"))
    assert left == Counter({rule: count for rule, count in found.items() if rule not in rules})
    built = {table["table_name"] for table in loaded.query(f"select table_name from information_schema.tables where table_schema = '{INTERMEDIATE}'")}
    assert not built & {"int_onepassword__finding_feed_silent", "int_onepassword__finding_dormant_with_access"}
    # Of these models other rules are left.
    assert built >= {"int_onepassword__finding_pairs", "int_onepassword__finding_self_grants"}
    for control in loaded.rows("onepassword__control_evidence"):
        resting = [rule for rule in rules if rule in re.split(", *", control["exception_rules"])]
        assert set(resting) <= set(re.split(", *", control["unjudged_rules"] or ""))
        if control["exception_rules"] in rules:
            assert control["verdict"] == "not proven"
            assert "None of its rules could be judged: they are disabled" in control["coverage"]
    with pytest.raises(DbtFailed, match="onepassword_disabled_rules names 'nothing', which is no rule"):
        made.run("build", variables={"onepassword_disabled_rules": ["nothing"]})


def test_a_users_build_has_tests_of_the_data_alone_and_the_packages_own_has_all(users: Callable[..., Project], tmp_path: Path) -> None:
    made = users({})
    made.run("parse")
    own = Project("duckdb", tmp_path / "own", {}, INTEGRATION_TESTS, V2_OPEN)
    own.run("parse")
    tests, all_tests = named_tests(made.manifest()), named_tests(own.manifest())
    assert len(tests) < 45
    assert len(all_tests) > 150
    assert tests < all_tests
    assert not made.manifest()["unit_tests"]
    assert len(own.manifest()["unit_tests"]) > 200


def named_tests(manifest: dict[str, Any]) -> set[str]:
    """The data tests of the package."""
    return {node["name"] for node in manifest["nodes"].values() if node["resource_type"] == "test" and node["package_name"] == "onepassword"}


def test_tables_are_found_by_the_prefix_of_the_connection_or_by_their_names(
    warehouse: Callable[[str], Warehouse], small_account: Account, expected: dict[str, list[dict[str, Any]]]
) -> None:
    named = {"audit_events": "op_audit_events", "item_usages": "op_item_usages", "sign_in_attempts": "sign_ins_of_ours"}
    loaded = warehouse("duckdb").load(small_account.history)
    for stream, table in named.items():
        loaded.execute(f"alter table {RAW}.{stream} rename to {table}")
    names = AS_OF | {"onepassword_table_prefix": "op_", "onepassword_sign_in_attempts_identifier": "sign_ins_of_ours"}

    assert_same(expected, loaded.build(names).marts())
    loaded.project.run("source", "freshness", variables=names)
    with pytest.raises(DbtFailed) as failure:
        loaded.build(AS_OF | {"onepassword_table_prefix": "op_"})
    [sentence] = set(re.findall(r"There is no table .*", str(failure.value)))
    assert {"op_sign_in_attempts", "onepassword_table_prefix", "onepassword_sign_in_attempts_identifier"} <= set(re.findall(r"\w+", sentence))


@pytest.mark.parametrize(("target", "name"), [("postgres", "1.11"), ("snowflake", "v2, open part"), ("bigquery", "v2, open part")])
def test_tables_have_their_names_in_every_warehouse(users: Callable[..., Project], target: str, name: str) -> None:
    made = users({}, {}, PROGRAMS[name], target)
    made.run("parse", variables={"onepassword_table_prefix": "op_", "onepassword_item_usages_identifier": "usages"})
    tables = {source["relation_name"].replace('"', "").replace("`", "") for source in made.manifest()["sources"].values()}
    assert {table.split(".", 1)[1] for table in tables} == {f"{RAW}.op_audit_events", f"{RAW}.usages", f"{RAW}.op_sign_in_attempts"}


@pytest.mark.parametrize(
    ("name", "configuration", "schemas"),
    [
        ("v2, open part", {}, {"marts": BUILT, "intermediate": INTERMEDIATE, "staging": BUILT, "seeds": BUILT}),
        (
            "v2, open part",
            {"models": {"onepassword": {"+schema": "onepassword"}}, "seeds": {"onepassword": {"+schema": "onepassword"}}},
            dict.fromkeys(["marts", "intermediate", "staging", "seeds"], f"{BUILT}_onepassword"),
        ),
        *(
            (name, {"models": {"onepassword": {"+schema": None}}}, dict.fromkeys(["marts", "intermediate", "staging", "seeds"], BUILT))
            for name in ("v2, open part", "1.11")
        ),
    ],
    ids=["as it comes", "a schema of its own", "the target's", "the target's on 1.11"],
)
def test_layers_lie_in_schemas_of_the_projects_choice_and_have_tags(
    users: Callable[..., Project], name: str, configuration: dict[str, Any], schemas: dict[str, str]
) -> None:
    made = users(configuration, dbt=PROGRAMS[name])
    made.run("parse")
    found: dict[str, set[str]] = {}
    tags: Counter[str] = Counter()
    for node in made.manifest()["nodes"].values():
        if node["resource_type"] in ("model", "seed"):
            found.setdefault(node["fqn"][1] if node["resource_type"] == "model" else "seeds", set()).add(node["schema"])
            tags.update(node["tags"])
    assert found == {layer: {schema} for layer, schema in schemas.items()}
    assert tags["staging"] == 3
    assert tags["marts"] == len(list((PACKAGE / "models" / "marts").glob("*.sql")))
    assert tags["intermediate"] > tags["findings"] > 25


@pytest.mark.parametrize("kind", ["duckdb", "postgres"])
def test_an_empty_build_makes_every_model(warehouse: Callable[[str], Warehouse], small_account: Account, kind: str) -> None:
    built = warehouse(kind).load(small_account.history.first(5)).build(AS_OF, "--empty", *MODELS)
    assert {len(rows) for rows in built.marts().values()} == {0}


def test_the_readme_names_every_part_that_can_be_left_out() -> None:
    section = README.split("\n## Leave parts out\n")[1].split("\n## ")[0]
    named = set(re.findall(r"`([\w.]+)`", section))
    assert {path for paths in PARTS.values() for path in paths} <= named


def test_every_rule_has_a_model_that_finds_it_and_can_be_disabled() -> None:
    text = (PACKAGE / "macros" / "onepassword_rules.sql").read_text(encoding="utf-8").split("endmacro")[0]
    models = {name: re.findall(r"'(\w+)'", rules) for name, rules in re.findall(r"'(\w+)': \[([^]]*)\]", text)}
    with (PACKAGE / "seeds" / "onepassword_rules.csv").open(encoding="utf-8") as file:
        rules = {row["rule"] for row in csv.DictReader(file)}
    # It tells what `invited_from_another_domain` could not judge, and goes with that.
    assert {rule for listed in models.values() for rule in listed} == rules - {"invitation_not_judged"}
    files = {path.stem.removeprefix("int_onepassword__finding_") for path in (PACKAGE / "models" / "intermediate" / "findings").glob("*__finding_*.sql")}
    assert set(models) == files
    for name in files:
        sql = (PACKAGE / "models" / "intermediate" / "findings" / f"int_onepassword__finding_{name}.sql").read_text(encoding="utf-8")
        assert sql.startswith(f"{{{{ onepassword_finding_config('{name}') }}}}\n")
