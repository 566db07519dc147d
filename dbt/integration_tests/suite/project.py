"""Runs dbt on the integration project, inside this process, so that what dbt has parsed once is kept."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dbt.cli.main import dbtRunner

INTEGRATION_TESTS = Path(__file__).parents[1]
PACKAGE = INTEGRATION_TESTS.parent


class DbtFailed(AssertionError):
    """A command of dbt did not succeed; the message says which nodes failed, and why."""


class Project:
    """The integration project, or the package on its own, with one target and a folder for what dbt writes."""

    def __init__(self, target: str, folder: Path, environment: dict[str, str], directory: Path = INTEGRATION_TESTS) -> None:
        self._target = target
        self._folder = folder
        self.environment = environment
        self._directory = directory

    def run(self, command: str, *arguments: str, variables: dict[str, Any] | None = None) -> list[Any]:
        """Runs a command of dbt, and gives the result of each node."""
        with environment({**self.environment, "DO_NOT_TRACK": "1", "DBT_TARGET_PATH": str(self._folder)}):
            outcome = dbtRunner().invoke(
                [
                    *("--quiet", "--no-use-colors", "--log-level-file", "none", "--log-path", str(self._folder)),
                    *(command, *arguments),
                    *("--project-dir", str(self._directory), "--profiles-dir", str(INTEGRATION_TESTS)),
                    *("--profile", "onepassword_integration_tests", "--target", self._target),
                    *(["--vars", json.dumps(variables)] if variables else []),
                ]
            )
        results = list(getattr(outcome.result, "results", None) or [])
        if not outcome.success:
            raise DbtFailed(explain(command, self._target, outcome.exception, results))
        return results

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
