"""Every line of the documents that installs dbt gives a dbt that builds the package, in an environment that had nothing.

``DBT_OF_TODAY=1`` runs the lines as they are. Without it they get an older dbt: 1.12 and v2 from 16 July 2026 on fetch a binary
from elsewhere while they are installed, and this suite reaches a package registry at most.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from account import REPOSITORY, Account
from conftest import AS_OF
from project import ALONE, PACKAGE, Project
from warehouses import RAW, DuckDb

TODAY = os.environ.get("DBT_OF_TODAY") == "1"
WHOLE_WHEELS = "dbt-core<1.12\ndbt==2.0.0rc196\n"
PAGES = [REPOSITORY / "README.md", PACKAGE / "README.md", *sorted((REPOSITORY / "docs").glob("*.md")), *sorted((PACKAGE / "docs").glob("*.md"))]
LINES = {line for page in PAGES for line in re.findall(r"pip install ([^`\n]*\bdbt\b[^`\n]*)", page.read_text(encoding="utf-8"))}


def test_the_documents_install_both_lines_of_dbt() -> None:
    assert any(line.startswith("dbt-core ") for line in LINES)
    assert "dbt" in LINES


@pytest.mark.parametrize("line", sorted(LINES))
def test_what_the_documents_install_builds_the_package(small_account: Account, tmp_path: Path, line: str) -> None:
    installed = tmp_path / "installed"
    subprocess.run([sys.executable, "-m", "venv", installed], check=True, timeout=120)
    (tmp_path / "constraints.txt").write_text(WHOLE_WHEELS)
    older = {} if TODAY else {"PIP_CONSTRAINT": str(tmp_path / "constraints.txt")}
    command = f"{installed}/bin/python -m pip install --quiet --disable-pip-version-check {line}"
    subprocess.run(command, shell=True, check=True, timeout=400, env=os.environ | older)

    loaded = DuckDb(tmp_path).load(small_account.history)
    # Today's dbt fetches the driver of DuckDB, for which it needs the way out.
    way_out = {name: os.environ.get(name, "") for name in ALONE} if TODAY else {}
    made = Project("duckdb", tmp_path, loaded.project.environment | way_out, PACKAGE, installed / "bin" / "dbt")
    made.run(
        *("build", "--exclude-resource-type", "unit_test", "--select", "+onepassword__data_coverage"),
        variables=AS_OF | {"onepassword_schema": RAW},
    )
    assert {row["verdict"] for row in loaded.rows("onepassword__data_coverage")} != {"not connected"}
