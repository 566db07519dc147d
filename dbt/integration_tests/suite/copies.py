"""Copies of the package, for what an engine of dbt cannot do with the package as it stands."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import yaml
from project import INTEGRATION_TESTS, PACKAGE

HOOK = re.compile(r"^on-run-start:.*\n", re.MULTILINE)


def package(to: Path) -> Path:
    """Copies what a release holds: the package without its tests' and its tools' folders."""
    shutil.copytree(PACKAGE, to, symlinks=True, ignore=shutil.ignore_patterns(".*", "target", "logs", "bench", "integration_tests"))
    return to


def project(to: Path) -> Path:
    """Copies the integration project with a copy of the package, in ``onepassword``, which is then free to be changed."""
    shutil.copytree(INTEGRATION_TESTS, to, ignore=shutil.ignore_patterns("suite", "target", "logs", "dbt_packages"))
    package(to / "onepassword")
    (to / "packages.yml").write_text("packages:\n  - local: onepassword\n", encoding="utf-8")
    (to / "dbt_packages").mkdir()
    (to / "dbt_packages" / "onepassword").symlink_to("../onepassword")
    return to


def write_seeds_into_unit_tests(made: Path) -> None:
    """Gives each unit test the rows of the seeds that it takes as they are: v2 does not fill them in before August 2026."""
    copied = made / "onepassword"
    seeds = {path.stem: path.read_text(encoding="utf-8") for path in (copied / "seeds").glob("*.csv")}
    rows = {f"ref('{name}')": [known(row) for row in csv.DictReader(text.splitlines())] for name, text in seeds.items()}
    for path in (copied / "unit_tests").rglob("*.yml"):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for given in (one for test in content["unit_tests"] for one in test["given"]):
            if given["input"] in rows and "rows" not in given:
                given["rows"] = rows[given["input"]]
        path.write_text(yaml.safe_dump(content), encoding="utf-8")


def known(row: dict[str, str]) -> dict[str, object]:
    """A row of a seed, with null where its field is empty."""
    return {name: {"": None, "true": True, "false": False}.get(cell, cell) for name, cell in row.items()}


def without_a_warehouse(made: Path) -> None:
    """Takes out of the project what asks the warehouse while it is compiled: v2 runs the hook then too. Incremental models
    are compiled as for a later run."""
    settings = made / "onepassword" / "dbt_project.yml"
    without, found = HOOK.subn("", settings.read_text(encoding="utf-8"))
    assert found == 1
    settings.write_text(without, encoding="utf-8")
    answer = "{% macro is_incremental() %}{{ return(execute and config.get('materialized') == 'incremental') }}{% endmacro %}\n"
    (made / "macros" / "is_incremental.sql").write_text(answer, encoding="utf-8")
