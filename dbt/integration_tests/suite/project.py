"""Runs dbt on a project: 1.11 inside this process, so that what it has parsed once is kept, any other as a program."""

from __future__ import annotations

import io
import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

from dbt.cli.main import dbtRunner

INTEGRATION_TESTS = Path(__file__).parents[1]
PACKAGE = INTEGRATION_TESTS.parent

# The programs of dbt, by the names that the documents give them; 1.11 is also what runs inside this process.
PROGRAMS = {
    name: PACKAGE / f".venv{suffix}" / "bin" / "dbt"
    for name, suffix in {"1.11": "", "1.12": "-dbt-1.12", "v2": "-dbt-v2", "v2, open part": "-dbt-v2-open"}.items()
}
V2_OPEN = PROGRAMS["v2, open part"]

# Where v2 finds the driver of DuckDB, which it would else fetch: the demo's own library.
DRIVERS = sorted(PACKAGE.parent.glob("node_modules/@duckdb/node-bindings-*/"))
# Nobody listens at the proxy: whatever reaches for the network fails at once, and fails the test.
ALONE = {
    "DO_NOT_TRACK": "1",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "DBT_DISABLE_VERSION_CHECK": "true",
    "LD_LIBRARY_PATH": ":".join(str(folder) for folder in DRIVERS),
    **dict.fromkeys(["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"], "http://127.0.0.1:9"),
    **dict.fromkeys(["NO_PROXY", "no_proxy"], "127.0.0.1"),
}


class DbtFailed(AssertionError):
    """A command of dbt did not succeed; the message says which nodes failed, and why."""


class Project:
    """The integration project, or another one, with one target and a folder for what dbt writes."""

    def __init__(
        self,
        target: str,
        folder: Path,
        environment: dict[str, str],
        directory: Path = INTEGRATION_TESTS,
        dbt: Path | None = None,
    ) -> None:
        """``dbt`` is a program; without it, dbt runs in this process."""
        self._target = target
        self._folder = folder
        self.environment = environment
        self._directory = directory
        self._dbt = dbt
        self.is_in_process = dbt is None
        # The integration project and its copies run what tests the package itself; a user's project does not.
        tests_itself = "onepassword_integration_tests" in (directory / "dbt_project.yml").read_text(encoding="utf-8")
        self._own_tests = {"ONEPASSWORD_OWN_TESTS": "1" if tests_itself else ""}

    def run(self, command: str, *arguments: str, variables: dict[str, Any] | None = None) -> str:
        """Runs a command of dbt, and gives what it printed."""
        told = [
            *(command, *arguments),
            *("--project-dir", str(self._directory), "--profiles-dir", str(INTEGRATION_TESTS)),
            *("--profile", "onepassword_integration_tests", "--target", self._target),
            *(["--vars", json.dumps(variables)] if variables else []),
        ]
        settings = {**self.environment, **self._own_tests, "DBT_TARGET_PATH": str(self._folder), "DBT_LOG_PATH": str(self._folder)}
        if self._dbt is not None:
            return self._run_program(self._dbt, told, settings)
        with environment({**settings, "DO_NOT_TRACK": "1"}), redirect_stdout(io.StringIO()) as printed:
            outcome = dbtRunner().invoke(["--quiet", "--no-use-colors", "--log-level-file", "none", *told])
        if not outcome.success:
            results = list(getattr(outcome.result, "results", None) or [])
            raise DbtFailed(explain(command, self._target, outcome.exception, results))
        return printed.getvalue()

    def _run_program(self, dbt: Path, arguments: list[str], settings: dict[str, str]) -> str:
        run = subprocess.run(
            [str(dbt), *arguments], env=os.environ | ALONE | settings, capture_output=True, text=True, timeout=300, check=False
        )
        if run.returncode:
            raise DbtFailed(f"dbt {arguments[0]} on {self._target} failed\n{run.stdout}\n{run.stderr}")
        return run.stdout

    def results(self) -> list[dict[str, Any]]:
        """What came of each node when dbt last ran."""
        return json.loads((self._folder / "run_results.json").read_text(encoding="utf-8"))["results"]

    def manifest(self) -> dict[str, Any]:
        """What dbt knew of the project when it last ran."""
        return json.loads((self._folder / "manifest.json").read_text(encoding="utf-8"))


def models(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The models of the package by name."""
    return {
        node["name"]: node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["package_name"] == "onepassword"
    }


def marts(manifest: dict[str, Any]) -> list[str]:
    """The models whose names and columns are a contract."""
    return sorted(name for name in models(manifest) if name.startswith("onepassword__"))


def explain(command: str, target: str, exception: BaseException | None, results: list[Any]) -> str:
    failed = [result for result in results if result.status in ("error", "fail", "runtime error")]
    lines = [f"{result.node.name}: {(result.message or result.status).strip()}" for result in failed]
    if exception is not None:
        lines.append(f"{type(exception).__name__}: {exception}")
    return "\n".join([f"dbt {command} on {target} failed", *lines])


@contextmanager
def environment(values: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
