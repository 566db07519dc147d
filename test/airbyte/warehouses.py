"""The databases that PyAirbyte writes into, and what they hold afterwards."""

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
from typing import Any

from airbyte.caches import DuckDBCache, PostgresCache
from airbyte.caches.base import CacheBase
from sqlalchemy import text

# The types of both databases that stand for each type of the schemas.
TYPES = {
    "date-time": {"TIMESTAMP", "timestamp without time zone"},
    "string": {"VARCHAR", "character varying"},
    "integer": {"BIGINT", "bigint"},
    "object": {"JSON", "json"},
}


class Warehouse:
    """A database with one schema for one test."""

    def __init__(self, kind: str, settings: dict[str, Any]) -> None:
        self._kind = kind
        self._settings = settings
        self._schema = settings["schema_name"]

    def cache(self) -> CacheBase:
        """A new one each time, as a new process would have: what it knows, it knows from the database."""
        return {"duckdb": DuckDBCache, "postgres": PostgresCache}[self._kind](**self._settings)

    def columns(self, table: str) -> dict[str, str]:
        rows = self.query(
            "SELECT column_name, data_type FROM information_schema.columns "
            f"WHERE table_name = '{table}' AND table_schema = '{self._schema}'"
        )
        return {row["column_name"]: row["data_type"] for row in rows}

    def rows(self, table: str) -> list[dict[str, Any]]:
        return self.query(f"SELECT * FROM {table}")

    def query(self, sql: str) -> list[dict[str, Any]]:
        """Asks in the schema of this test, so that the names of tables need no prefix."""
        cache = self.cache()
        with cache.get_sql_engine().connect() as connection:
            where = {"duckdb": "schema", "postgres": "search_path"}[self._kind]
            connection.execute(text(f"SET {where} = '{self._schema}'"))
            return [dict(row) for row in connection.execute(text(sql)).mappings()]


@contextmanager
def postgres_server() -> Iterator[dict[str, Any] | None]:
    """A server of its own on a free port of the loopback interface, or None where none can be had."""
    binaries = postgres_binaries()
    user = unprivileged_user()
    if binaries is None or user is None:
        yield None
        return
    directory = Path(tempfile.mkdtemp(prefix="postgres-"))
    data = str(directory / "data")
    shutil.chown(directory, user)
    # PostgreSQL refuses to run as root.
    as_user = ["runuser", "-u", user, "--"] if os.getuid() == 0 else []
    port = free_port()

    def run(program: str, *arguments: str) -> None:
        command = [*as_user, str(binaries / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=directory)

    try:
        run("initdb", "-D", data, "-U", "airbyte", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = f"-h 127.0.0.1 -p {port} -k {directory} -c fsync=off"
        run("pg_ctl", "-D", data, "-l", str(directory / "log"), "-o", options, "-w", "start")
        try:
            yield {"host": "127.0.0.1", "port": port, "username": "airbyte", "password": "unused", "database": "postgres"}
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(directory)


def postgres_binaries() -> Path | None:
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    on_path = shutil.which("initdb")
    found = packaged[-1] if packaged else on_path and Path(on_path).resolve()
    return found.parent if found else None


def unprivileged_user() -> str | None:
    if os.getuid() != 0:
        return pwd.getpwuid(os.getuid()).pw_name
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in names), None)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
