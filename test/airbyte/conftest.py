"""What every test here stands on: the far end, the wrapped `docker`, and the number of tests that have to pass."""

from __future__ import annotations

import json
import os
import shutil
import stat
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from far_end import FarEnd
from places import GENERATED_CONFIG, ROOT, STREAMS

# A test that is skipped or not collected looks as green as one that passed, so the standard suites are counted.
PASSED_IN_SUITE = {"test_docker_suite.py": 11, "test_source_suite.py": 12}

ALL_STREAMS = dict.fromkeys(STREAMS, 40)


def pytest_configure(config: pytest.Config) -> None:
    # The suites read their scenarios when they are collected, so the far end has to be there before any fixture.
    config.standing_far_end = far_end = FarEnd()
    far_end.generate(ALL_STREAMS)
    GENERATED_CONFIG.parent.mkdir(exist_ok=True)
    GENERATED_CONFIG.write_text(json.dumps(far_end.config()))
    config.docker_directory = docker_on_host_network()
    config.passed_in_suite = Counter()


def pytest_unconfigure(config: pytest.Config) -> None:
    config.standing_far_end.close()
    shutil.rmtree(config.docker_directory)


def docker_on_host_network() -> str:
    """Puts a `docker` on the PATH whose containers reach this machine: the CDK's suite cannot be told a network."""
    directory = tempfile.mkdtemp(prefix="docker-")
    wrapper = Path(directory) / "docker"
    wrapper.write_text(
        "#!/bin/sh\n"
        'case " $* " in\n'
        '  *" --network "*) ;;\n'
        '  " run "*) shift; set -- run --network host "$@" ;;\n'
        "esac\n"
        f'exec {shutil.which("docker")} "$@"\n'
    )
    wrapper.chmod(wrapper.stat().st_mode | stat.S_IXUSR)
    os.environ["PATH"] = directory + os.pathsep + os.environ["PATH"]
    return directory


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):
    report = (yield).get_result()
    if report.when == "call" and report.passed:
        item.config.passed_in_suite[item.path.name] += 1


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    wrong = miscounted(session.config)
    if wrong and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    # The suites skip by design what a scenario does not run; a skip of ours is said.
    for report in terminalreporter.getreports("skipped"):
        if Path(report.nodeid.split("::")[0]).name not in PASSED_IN_SUITE:
            terminalreporter.write_line(f"Skipped {report.nodeid}: {report.longrepr[2]}", yellow=True)
    for line in miscounted(config):
        terminalreporter.write_line(line, red=True)


def miscounted(config: pytest.Config) -> list[str]:
    """The suites in which another number of tests passed than has to; none if only some files were asked for."""
    if [Path(argument).resolve() for argument in config.args] != [Path(__file__).parent]:
        return []
    return [
        f"{suite}: {config.passed_in_suite[suite]} tests passed, {expected} have to"
        for suite, expected in PASSED_IN_SUITE.items()
        if config.passed_in_suite[suite] != expected
    ]


@pytest.fixture
def far_end() -> Iterator[FarEnd]:
    """A far end without events, of this test only. It must not have seen a request that 1Password would refuse."""
    far_end = FarEnd()
    yield far_end
    violations = far_end.violations
    far_end.close()
    assert violations == []


@pytest.fixture(scope="session")
def metadata() -> dict:
    return yaml.safe_load((ROOT / "metadata.yaml").read_text())["data"]


@pytest.fixture(scope="session")
def image(request: pytest.FixtureRequest) -> str:
    return request.config.getoption("--connector-image")


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """A directory that the container's user can enter, as pytest's own cannot be."""
    for directory in [tmp_path, *tmp_path.parents]:
        if directory.stat().st_uid == os.getuid() and directory.is_relative_to(tempfile.gettempdir()):
            directory.chmod(0o755)
    return tmp_path
