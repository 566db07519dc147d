"""A server that resembles Snowflake, started for the tests."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from postgres import free_port
from project import PACKAGE

PYTHON = PACKAGE / ".venv-fakesnow" / "bin" / "python"


@contextmanager
def server(log: Path) -> Iterator[dict[str, str]]:
    """Starts fakesnow on a free port of the loopback interface, and gives the environment that leads dbt to it."""
    port = free_port()
    with log.open("w") as output:
        process = subprocess.Popen(
            [str(PYTHON), str(Path(__file__).with_name("fakesnow_server.py")), str(port)], stdout=output, stderr=output
        )
        try:
            wait_for(port, process, log)
            yield {"SNOWFLAKE_HOST": "127.0.0.1", "SNOWFLAKE_PORT": str(port)}
        finally:
            process.terminate()
            process.wait(timeout=20)


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f"fakesnow did not start:\n{log.read_text()}")
