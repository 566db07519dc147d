"""Runs of the image, as Airbyte starts it or under a tighter hand."""

from __future__ import annotations

import json
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# What an operator may take away from the container.
LOCKED_DOWN = ("--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--workdir", "/tmp")


@dataclass
class Run:
    exit_code: int
    messages: list[dict[str, Any]]
    stderr: str

    def of_type(self, name: str) -> list[dict[str, Any]]:
        return [message for message in self.messages if message["type"] == name]

    def records(self, stream: str) -> list[dict[str, Any]]:
        return [message["record"]["data"] for message in self.of_type("RECORD") if message["record"]["stream"] == stream]

    def statuses(self) -> list[tuple[str, str]]:
        traces = [message["trace"] for message in self.of_type("TRACE")]
        statuses = [trace["stream_status"] for trace in traces if trace["type"] == "STREAM_STATUS"]
        return [(status["stream_descriptor"]["name"], status["status"]) for status in statuses]


def docker(*arguments: str) -> str:
    return subprocess.run(["docker", *arguments], check=True, capture_output=True, text=True).stdout.strip()


def inspect(name: str) -> dict[str, Any]:
    return json.loads(docker("inspect", name))[0]


def run(image: str, *arguments: str, options: tuple[str, ...] = ()) -> Run:
    result = subprocess.run(
        ["docker", "run", "--rm", *options, image, *arguments],
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    return Run(result.returncode, [json.loads(line) for line in result.stdout.split("\n") if line], result.stderr)


def write_inputs(directory: Path, **files: Any) -> None:
    for name, content in files.items():
        (directory / f"{name}.json").write_text(json.dumps(content))


def mounted(directory: Path) -> tuple[str, ...]:
    return ("--volume", f"{directory}:/inputs:ro")


def read_arguments() -> tuple[str, ...]:
    return ("read", "--config", "/inputs/config.json", "--catalog", "/inputs/catalog.json")


def catalog_of(*streams: str, sync_mode: str = "incremental") -> dict[str, Any]:
    return {
        "streams": [
            {
                "stream": {"name": name, "json_schema": {}, "supported_sync_modes": ["full_refresh", "incremental"]},
                "sync_mode": sync_mode,
                "destination_sync_mode": "append_dedup",
                "cursor_field": ["timestamp"],
                "primary_key": [["uuid"]],
            }
            for name in streams
        ]
    }


def files_in(image: str) -> set[str]:
    """Every path in the image, without a leading or trailing slash."""
    container = docker("create", image, "nothing")
    try:
        export = subprocess.Popen(["docker", "export", container], stdout=subprocess.PIPE)
        with tarfile.open(fileobj=export.stdout, mode="r|") as archive:
            paths = {member.name.strip("/") for member in archive}
        assert export.wait() == 0
        return paths
    finally:
        docker("rm", container)
