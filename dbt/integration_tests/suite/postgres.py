"""A server of PostgreSQL of its own, in a folder of its own, that is gone when the tests are done."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def server() -> Iterator[dict[str, str]]:
    """Starts the server on a free port of the loopback interface, and gives the environment that leads dbt to it."""
    programs = newest_programs()
    directory = Path(tempfile.mkdtemp(prefix="postgres-"))
    data = str(directory / "data")
    port = free_port()
    # PostgreSQL refuses to run as root.
    as_user = []
    if os.getuid() == 0:
        user = next(entry.pw_name for entry in pwd.getpwall() if entry.pw_name in ("postgres", "nobody"))
        shutil.chown(directory, user)
        as_user = ["runuser", "-u", user, "--"]

    def run(program: str, *arguments: str) -> None:
        command = [*as_user, str(programs / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=directory, timeout=60)

    try:
        # Text is ordered as people expect it and not by code point, so that a model which relies on the order is found out.
        locale = ["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US"]
        run("initdb", "-D", data, "-U", "dbt", "-A", "trust", "-E", "UTF8", *locale, "--no-sync")
        options = f"-h 127.0.0.1 -p {port} -k {directory} -c fsync=off -c statement_timeout=120s"
        run("pg_ctl", "-D", data, "-l", str(directory / "log"), "-o", options, "-w", "start")
        try:
            yield {
                "POSTGRES_HOST": "127.0.0.1",
                "POSTGRES_PORT": str(port),
                "POSTGRES_USER": "dbt",
                "POSTGRES_DATABASE": "postgres",
            }
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(directory)


def newest_programs() -> Path:
    """The folder of the server's programs: Debian keeps them off the PATH, one folder a release."""
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    on_path = shutil.which("initdb")
    if not packaged and on_path is None:
        raise FileNotFoundError("PostgreSQL is not installed: initdb is neither on the PATH nor under /usr/lib/postgresql")
    return (packaged[-1] if packaged else Path(str(on_path)).resolve()).parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
