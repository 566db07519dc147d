"""The image: what is in it, and that it runs where little is allowed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from containers import (
    LOCKED_DOWN,
    catalog_of,
    docker,
    files_in,
    inspect,
    mounted,
    read_arguments,
    run,
    write_inputs,
)
from far_end import FarEnd
from places import ROOT, STREAMS

BACKFILL = 100_000
# For builders that reach the network in a way of their own.
BUILD_OPTIONS = os.environ.get("DOCKER_BUILD_OPTIONS", "").split()


def base_of_the_image() -> str:
    return re.search(r"^ARG NODE_IMAGE=(\S+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE).group(1)


def test_a_mistake_in_the_tests_or_the_benchmark_does_not_reach_the_image(image: str, tmp_path: Path) -> None:
    context = tmp_path / "context"
    left_behind = shutil.ignore_patterns("node_modules", "dist", ".git", ".venv*", "*.duckdb")
    shutil.copytree(ROOT, context, ignore=left_behind)
    for folder in ("bench", "test"):
        (context / folder / "mistake.ts").write_text("export const mistake: number = 'a string';\n")

    docker("build", *BUILD_OPTIONS, "--tag", f"{image}-with-mistakes", str(context))

    assert inspect(f"{image}-with-mistakes")["RootFS"] == inspect(image)["RootFS"]
    docker("rmi", f"{image}-with-mistakes")


def test_every_step_of_the_image_starts_from_the_base_that_a_release_can_pin() -> None:
    stages = [line for line in (ROOT / "Dockerfile").read_text().splitlines() if line.startswith("FROM ")]

    assert [stage.split(" AS ")[0].split()[-1] for stage in stages] == ["${NODE_IMAGE}", "${NODE_IMAGE}"]


def test_labels_are_those_of_the_metadata(image: str, metadata: dict) -> None:
    labels = inspect(image)["Config"]["Labels"]

    assert labels["io.airbyte.name"] == metadata["dockerRepository"]
    assert labels["io.airbyte.version"] == metadata["dockerImageTag"]


def test_airbyte_starts_what_docker_starts(image: str) -> None:
    config = inspect(image)["Config"]
    environment = dict(line.split("=", 1) for line in config["Env"])

    assert environment["AIRBYTE_ENTRYPOINT"] == " ".join(config["Entrypoint"])
    assert all(word.startswith(("/", "--")) for word in config["Entrypoint"])
    assert config["Cmd"] is None


def test_the_user_is_airbyte_with_id_1000_and_owns_its_directory(image: str) -> None:
    seen = docker(
        "run", "--rm", "--entrypoint", "sh", image, "-c", "id -un; id -u; id -g; stat -c %U:%G /airbyte; touch /airbyte/x"
    )

    assert seen.split() == ["airbyte", "1000", "1000", "airbyte:airbyte"]


def test_the_image_adds_one_file_to_its_base(image: str) -> None:
    added = files_in(image) - files_in(base_of_the_image())

    assert {path for path in added if not path.startswith("etc/")} == {"airbyte", "airbyte/main.js"}


def test_the_image_adds_at_most_five_megabytes_to_its_base(image: str) -> None:
    added = inspect(image)["Size"] - inspect(base_of_the_image())["Size"]

    assert 0 < added <= 5_000_000


def test_the_shell_commands_that_airbyte_uses_are_there(image: str) -> None:
    script = "for name in sh sleep mv echo kill cat; do command -v $name >/dev/null || echo $name; done"

    assert docker("run", "--rm", "--entrypoint", "sh", image, "-c", script) == ""


@pytest.mark.parametrize("user", ["1000:1000", "4711:4711"])
def test_every_command_runs_locked_down_as(user: str, image: str, far_end: FarEnd, scratch: Path) -> None:
    far_end.generate(dict.fromkeys(STREAMS, 5))
    write_inputs(scratch, config=far_end.config(), catalog=catalog_of(*STREAMS))
    options = (*LOCKED_DOWN, *mounted(scratch), "--user", user, "--memory", "256m", "--network", "host")

    spec = run(image, "spec", options=options)
    check = run(image, "check", "--config", "/inputs/config.json", options=options)
    discover = run(image, "discover", "--config", "/inputs/config.json", options=options)
    read = run(image, *read_arguments(), options=options)

    assert [(each.exit_code, each.stderr) for each in (spec, check, discover, read)] == [(0, "")] * 4
    assert len(spec.of_type("SPEC")) == 1
    assert check.of_type("CONNECTION_STATUS")[0]["connectionStatus"]["status"] == "SUCCEEDED"
    assert [stream["name"] for stream in discover.of_type("CATALOG")[0]["catalog"]["streams"]] == list(STREAMS)
    assert [len(read.records(stream)) for stream in STREAMS] == [5, 5, 5]


def test_airbytes_own_way_to_start_a_read_works(image: str, far_end: FarEnd, scratch: Path) -> None:
    far_end.generate({"item_usages": 7})
    write_inputs(scratch, config=far_end.config(), catalog=catalog_of("item_usages"), state=[])
    command = f"$AIRBYTE_ENTRYPOINT {' '.join(read_arguments())} --state /inputs/state.json"
    options = ("--network", "host", *mounted(scratch), "--workdir", "/inputs", "--entrypoint", "sh")

    read = run(image, "-c", f'(eval "{command}" > /tmp/pipe); code=$?; cat /tmp/pipe; exit $code', options=options)

    assert read.exit_code == 0
    assert len(read.records("item_usages")) == 7


def test_a_failed_read_is_a_failed_container(image: str, far_end: FarEnd, scratch: Path) -> None:
    far_end.revoke(far_end.token)
    write_inputs(scratch, config=far_end.config(), catalog=catalog_of(*STREAMS))

    read = run(image, *read_arguments(), options=("--network", "host", *mounted(scratch)))

    assert read.exit_code == 1
    assert {status for _, status in read.statuses()} == {"STARTED", "INCOMPLETE"}


def test_a_long_backfill_fits_into_256_megabytes(image: str, far_end: FarEnd, scratch: Path) -> None:
    far_end.generate(dict.fromkeys(STREAMS, BACKFILL // 3))
    write_inputs(scratch, config=far_end.config(), catalog=catalog_of(*STREAMS))
    limits = ("--memory", "256m", "--memory-swap", "256m", "--network", "host")
    # Kept after its end, so that the engine can tell whether memory ran out.
    container = docker("create", *limits, *LOCKED_DOWN, *mounted(scratch), image, *read_arguments())

    try:
        output = subprocess.Popen(["docker", "start", "--attach", container], stdout=subprocess.PIPE)
        records = sum(line.startswith(b'{"type":"RECORD"') for line in output.stdout)
        output.wait()
        state = inspect(container)["State"]
    finally:
        docker("rm", "--force", container)

    assert (state["ExitCode"], state["OOMKilled"]) == (0, False)
    assert records == BACKFILL // 3 * 3


def in_full_swing(far_end: FarEnd) -> bytes:
    far_end.answer_after(400)
    return b'{"type":"STATE"'


def waiting_for_the_rate_limit(far_end: FarEnd) -> bytes:
    far_end.fault("audit_events", times=10, kind="status", status=429)
    return b"RATE_LIMITED"


@pytest.mark.parametrize("situation", [in_full_swing, waiting_for_the_rate_limit])
def test_docker_stop_ends_a_read_within_seconds_and_not_as_a_success(
    situation: Callable[[FarEnd], bytes], image: str, far_end: FarEnd, scratch: Path
) -> None:
    far_end.generate({"audit_events": 30_000})
    sign = situation(far_end)
    write_inputs(scratch, config=far_end.config(), catalog=catalog_of("audit_events"))
    container = docker("create", "--network", "host", *mounted(scratch), image, *read_arguments())

    try:
        output = subprocess.Popen(
            ["docker", "start", "--attach", container], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        next(line for line in output.stdout if sign in line)
        started = time.monotonic()
        docker("stop", "--time", "30", container)
        seconds = time.monotonic() - started
        rest, _ = output.communicate()
        exit_code = inspect(container)["State"]["ExitCode"]
    finally:
        docker("rm", "--force", container)

    assert exit_code == 143
    assert seconds < 5
    assert [json.loads(line)["type"] for line in rest.split(b"\n") if b'"COMPLETE"' in line] == []
