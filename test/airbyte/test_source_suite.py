"""The CDK's suite for sources, which is meant for Python classes: here it drives the executable."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from airbyte_cdk.test import entrypoint_wrapper
from airbyte_cdk.test.entrypoint_wrapper import EntrypointOutput
from airbyte_cdk.test.standard_tests.source_base import SourceTestSuiteBase

from places import EXECUTABLE, ROOT


class Executable:
    """Stands in for the Python class: the suite only asks whether there is a `spec`."""

    def spec(self, logger: object) -> None:
        raise NotImplementedError


def run_executable(
    source: Executable, args: list[str], expecting_exception: bool | None = None, *, expected_outcome: object = None
) -> EntrypointOutput:
    result = subprocess.run([EXECUTABLE, *args], capture_output=True, encoding="utf-8", timeout=300, check=False)
    failure = RuntimeError(f"exit code {result.returncode}") if result.returncode != 0 else None
    return EntrypointOutput(messages=result.stdout.splitlines(), stderr=result.stderr, uncaught_exception=failure)


class TestExecutable(SourceTestSuiteBase):
    @classmethod
    def get_connector_root_dir(cls) -> Path:
        return ROOT

    @classmethod
    def create_connector(cls, scenario: object) -> Executable:
        return Executable()

    @pytest.fixture(autouse=True)
    def drive_the_executable(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(entrypoint_wrapper, "_run_command", run_executable)


# The tests of the image come with the base class; test_docker_suite.py runs them.
for inherited in [name for name in dir(SourceTestSuiteBase) if name.startswith("test_docker_")]:
    setattr(TestExecutable, inherited, None)
