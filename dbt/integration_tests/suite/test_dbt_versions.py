"""The package runs on the oldest and on the newest dbt that it promises, and neither has anything to warn of."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from account import Account
from conftest import AS_OF
from project import INTEGRATION_TESTS, PACKAGE
from warehouses import DuckDb


@pytest.mark.parametrize("environment", [".venv-dbt-1.10", ".venv"])
def test_dbt_builds_without_a_warning(small_account: Account, tmp_path: Path, environment: str) -> None:
    warehouse = DuckDb(tmp_path).load(small_account.history)
    command = [
        *(str(PACKAGE / environment / "bin" / "dbt"), "--log-format", "json", "--log-level-file", "none", "--show-all-deprecations"),
        *("build", "--exclude-resource-type", "unit_test", "--no-partial-parse", "--vars", json.dumps(AS_OF)),
        *("--project-dir", str(INTEGRATION_TESTS), "--profiles-dir", str(INTEGRATION_TESTS), "--target", "duckdb"),
    ]
    settings = {"DUCKDB_PATH": str(warehouse.path), "DBT_TARGET_PATH": str(tmp_path), "DBT_LOG_PATH": str(tmp_path), "DO_NOT_TRACK": "1"}
    run = subprocess.run(command, env=os.environ | settings, capture_output=True, text=True, timeout=300, check=False)
    events = [json.loads(line)["info"] for line in run.stdout.splitlines() if line.startswith("{")]
    assert len(events) > 100
    assert [(event["name"], event["msg"]) for event in events if event["level"] in ("warn", "error")] == []
    assert run.returncode == 0, run.stderr
