"""The warehouses that execute SQL themselves: what Airbyte loads goes in, the package is built, and its tables come out.

BigQuery, which cannot be run here, has a file of its own with the same methods.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import psycopg2
import snowflake.connector

import project
import snowflake_sql
import tables
from history import History
from tables import Layout

RAW = "airbyte"
BUILT = "evidence"
# Where dbt puts the intermediate models: the target's schema, and what dbt_project.yml adds to it.
INTERMEDIATE = f"{BUILT}_onepassword_intermediate"


class Warehouse:
    """An empty warehouse. Every method but :meth:`rows` and :meth:`marts` gives the warehouse again, so that calls make a chain::

        warehouse.load(history).build({"onepassword_as_of": "2026-07-01"}).rows("onepassword__team_members")
    """

    TYPES: dict[str, str]
    UNZONED: str

    def __init__(self, target: str, folder: Path, environment: dict[str, str], dbt: Path | None = None) -> None:
        self.project = project.Project(target, folder, environment, dbt=dbt)
        self._folder = folder

    def load(self, history: History, layout: Layout = Layout()) -> Warehouse:
        """Appends the records to the tables, which are made if need be; a stream that the history lacks gets no table."""
        for stream, records in history.streams.items():
            kinds = tables.columns(stream, layout)
            types = {name: self._type(kind, layout) for name, kind in kinds.items()}
            self._create(stream, types)
            self._insert(stream, kinds, types, list(tables.rows(stream, records, layout)))
        return self

    def put(self, table: str, rows: list[dict[str, str | None]]) -> Warehouse:
        """Puts rows of text, one at least, into a table beside the streams, in place of what was there."""
        kinds = dict.fromkeys(rows[0], "string")
        types = dict.fromkeys(rows[0], self.TYPES["string"])
        self._drop(table)
        self._create(table, types)
        self._insert(table, kinds, types, rows)
        return self

    def build(self, variables: dict[str, Any] | None = None, *arguments: str) -> Warehouse:
        """Runs ``dbt build`` without the unit tests, which do not look at the data; raises :class:`project.DbtFailed` when a
        model or a test fails."""
        self._run("build", "--exclude-resource-type", "unit_test", *arguments, variables=variables)
        return self

    def unit_test(self, variables: dict[str, Any] | None = None, *arguments: str) -> Warehouse:
        """Builds the models, each after its unit tests."""
        self._run("build", "--exclude-resource-type", "test", *arguments, variables=variables)
        return self

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of a model or seed by the names of its columns, in no order."""
        return self.query(f"select * from {schema_of(table)}.{table}")

    def marts(self) -> dict[str, list[dict[str, Any]]]:
        """The rows of every mart."""
        return self.marts_of(self.project)

    def marts_of(self, built: project.Project) -> dict[str, list[dict[str, Any]]]:
        """The rows of every mart that this project has built here."""
        return {name: self.rows(name) for name in project.marts(built.manifest())}

    def query(self, sql: str) -> list[dict[str, Any]]:
        """What a query gives; names of columns in lower case."""
        raise NotImplementedError

    def _run(self, command: str, *arguments: str, variables: dict[str, Any] | None) -> None:
        self.project.run(command, *arguments, variables=variables)

    def _create(self, table: str, types: dict[str, str]) -> None:
        self.execute(f"create schema if not exists {RAW}")
        declared = ", ".join(f"{self._name(name)} {kind}" for name, kind in types.items())
        self.execute(f"create table if not exists {RAW}.{table} ({declared})")

    def _drop(self, table: str) -> None:
        self.execute(f"drop table if exists {RAW}.{table}")

    def execute(self, sql: str) -> None:
        """Executes a statement that gives nothing."""
        raise NotImplementedError

    def _insert(self, table: str, kinds: dict[str, str], types: dict[str, str], rows: list[dict[str, Any]]) -> None:
        raise NotImplementedError

    def _type(self, kind: str, layout: Layout) -> str:
        return self.UNZONED if kind == "date-time" and not layout.zoned else self.TYPES[kind]

    def _name(self, column: str) -> str:
        return f'"{column}"'


class DuckDb(Warehouse):
    """A file of DuckDB, built by the open part of dbt v2 unless told otherwise: it needs a fifth of the time of 1.x, and
    ``test_engines.py`` shows that both build the same. Its schemas are emptied first."""

    TYPES = {"string": "varchar", "integer": "bigint", "date-time": "timestamptz", "object": "json"}
    UNZONED = "timestamp"

    def __init__(self, folder: Path, dbt: Path | None = project.V2_OPEN) -> None:
        self.path = folder / "warehouse.duckdb"
        super().__init__("duckdb", folder, {"DUCKDB_PATH": str(self.path)}, dbt)
        self.execute(f"drop schema if exists {RAW} cascade; drop schema if exists {BUILT} cascade; drop schema if exists {INTERMEDIATE} cascade")

    def query(self, sql: str) -> list[dict[str, Any]]:
        with self._connect() as connection:
            cursor = connection.execute(sql)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row)) for row in cursor.fetchall()]

    def execute(self, sql: str) -> None:
        with self._connect() as connection:
            connection.execute(sql)

    def _insert(self, table: str, kinds: dict[str, str], types: dict[str, str], rows: list[dict[str, Any]]) -> None:
        if not rows:
            return
        path = self._folder / f"{table}.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        declared = ", ".join(f"'{name}': '{type_}'" for name, type_ in types.items())
        self.execute(f"insert into {RAW}.{table} by name select * from read_json('{path}', columns = {{{declared}}})")

    @contextmanager
    def _connect(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with duckdb.connect(str(self.path)) as connection:
            connection.execute("set timezone = 'UTC'")
            yield connection


class Postgres(Warehouse):
    """A server of PostgreSQL, whose schemas are emptied first."""

    TYPES = {"string": "text", "integer": "bigint", "date-time": "timestamptz", "object": "jsonb"}
    UNZONED = "timestamp"

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._settings = {
            "host": environment["POSTGRES_HOST"],
            "port": environment["POSTGRES_PORT"],
            "user": environment["POSTGRES_USER"],
            "dbname": environment["POSTGRES_DATABASE"],
        }
        super().__init__("postgres", folder, environment)
        self.execute(f"drop schema if exists {RAW} cascade; drop schema if exists {BUILT} cascade; drop schema if exists {INTERMEDIATE} cascade")

    def query(self, sql: str) -> list[dict[str, Any]]:
        with self._cursor() as cursor:
            cursor.execute(sql)
            names = [column.name for column in cursor.description]
            return [dict(zip(names, row)) for row in cursor.fetchall()]

    def execute(self, sql: str) -> None:
        with self._cursor() as cursor:
            cursor.execute(sql)

    def _insert(self, table: str, kinds: dict[str, str], types: dict[str, str], rows: list[dict[str, Any]]) -> None:
        text = io.StringIO()
        writer = csv.writer(text)
        for row in rows:
            # An unquoted empty field is null; no text of an account is empty.
            writer.writerow([json.dumps(cell) if kinds[name] == "object" and cell is not None else cell for name, cell in row.items()])
        text.seek(0)
        with self._cursor() as cursor:
            cursor.copy_expert(f"copy {RAW}.{table} from stdin with (format csv)", text)

    @contextmanager
    def _cursor(self) -> Iterator[psycopg2.extensions.cursor]:
        connection = psycopg2.connect(**self._settings, options="-c timezone=UTC")
        try:
            with connection, connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()


class Snowflake(Warehouse):
    """A server that resembles Snowflake, whose schemas are emptied first; a build fails on what only the likeness takes."""

    TYPES = {"string": "varchar", "integer": "number(38, 0)", "date-time": "timestamp_tz", "object": "variant"}
    UNZONED = "timestamp_ntz"

    def __init__(self, folder: Path, environment: dict[str, str], dbt: Path | None = None) -> None:
        self._settings = {
            "account": "fakesnow",
            "host": environment["SNOWFLAKE_HOST"],
            "port": int(environment["SNOWFLAKE_PORT"]),
            "protocol": "http",
            "user": "dbt",
            "password": "unused",
            "database": "warehouse",
            "login_timeout": 20,
            "network_timeout": 60,
        }
        super().__init__("snowflake", folder, environment, dbt)
        for schema in (RAW, BUILT, INTERMEDIATE):
            self.execute(f"drop schema if exists {schema}")

    def build(self, variables: dict[str, Any] | None = None, *arguments: str) -> Warehouse:
        super().build(variables, *arguments)
        if self.project.is_in_process:
            snowflake_sql.assert_taken(self.project.manifest())
        return self

    def query(self, sql: str) -> list[dict[str, Any]]:
        with self._cursor() as cursor:
            cursor.execute(sql)
            names = [column.name.lower() for column in cursor.description]
            return [dict(zip(names, row)) for row in cursor.fetchall()]

    def execute(self, sql: str) -> None:
        with self._cursor() as cursor:
            cursor.execute(sql)

    def _insert(self, table: str, kinds: dict[str, str], types: dict[str, str], rows: list[dict[str, Any]]) -> None:
        # Values of a statement are constants on Snowflake, so objects are parsed in a SELECT over them.
        chosen = ", ".join(
            f"parse_json(column{at})" if kind == "object" else f"column{at}" for at, kind in enumerate(kinds.values(), 1)
        )
        with self._cursor() as cursor:
            for start in range(0, len(rows), 500):
                values = ", ".join(
                    f"({', '.join(literal(cell) for cell in row.values())})" for row in rows[start : start + 500]
                )
                cursor.execute(f"insert into {RAW}.{table} select {chosen} from values {values}")

    def _name(self, column: str) -> str:
        return column.upper()

    @contextmanager
    def _cursor(self) -> Iterator[snowflake.connector.cursor.SnowflakeCursor]:
        with snowflake.connector.connect(**self._settings) as connection, connection.cursor() as cursor:
            yield cursor


def schema_of(table: str) -> str:
    """Where a model or seed is."""
    return INTERMEDIATE if table.startswith("int_") else BUILT


def literal(value: Any) -> str:
    """A value of JSON as a literal of Snowflake's SQL."""
    if value is None:
        return "null"
    if isinstance(value, (dict, list)):
        value = json.dumps(value)
    if isinstance(value, str):
        return "'" + re.sub(r"(['\\])", r"\\\1", value) + "'"
    return str(value)
