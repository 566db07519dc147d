"""BigQuery, which cannot be run here: stock dbt-bigquery, with a client that has GoogleSQL's own implementation behind it.

What dbt sends is taken apart only as far as its own wrapping goes (``create or replace table ... as``, ``merge into ... using``,
``delete ... where ... in``); every SELECT is analysed and executed by the implementation, and every MERGE and DELETE analysed
whole. Nothing else of BigQuery is here: no permissions, no costs, no limits of size.
"""

from __future__ import annotations

import csv
import io
import json
import re
import select
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

from google.api_core.exceptions import BadRequest, NotFound
from google.cloud.bigquery import DatasetReference, LoadJobConfig, SchemaField, Table, TableReference
from project import PACKAGE
from tables import Layout
from warehouses import BUILT, INTERMEDIATE, RAW, Warehouse, schema_of

PYTHON = PACKAGE / ".venv-zetasql" / "bin" / "python"
PROJECT = "nowhere"
TIMEOUT_S = 240

COMMENTS = re.compile(r"\A(?:\s|/\*.*?\*/|--[^\n]*\n)*", re.DOTALL)
PATH = re.compile(r"`([^`.]+)`\.`([^`.]+)`\.`([^`.]+)`")
CREATE = re.compile(
    r"create or replace (table|view) `([^`]+)`"
    r"(?:\s+(?:partition|cluster) by [^\n]*)*"
    r"\s*(?:options\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))?"
    r"\s*as\b(.*)",
    re.IGNORECASE | re.DOTALL,
)
MERGE = re.compile(
    r"merge into `([^`]+)` as DBT_INTERNAL_DEST\s+using \((.*)\) as DBT_INTERNAL_SOURCE\s+on (.*?)\s+when (?:not )?matched",
    re.IGNORECASE | re.DOTALL,
)
KEY = re.compile(r"DBT_INTERNAL_SOURCE\.`?(\w+)`? = DBT_INTERNAL_DEST\.`?\1`?", re.IGNORECASE)
DELETE = re.compile(r"delete from `([^`]+)` where (\w+) in \((.*)\)", re.IGNORECASE | re.DOTALL)

# The API names types as the older dialect did.
OLDER_NAMES = {"INT64": "INTEGER", "FLOAT64": "FLOAT", "BOOL": "BOOLEAN"}
NAMES = {older: name for name, older in OLDER_NAMES.items()}


class GoogleSql:
    """The process of ``googlesql.py``: its tables live as long as it does."""

    def __init__(self) -> None:
        self.views: set[str] = set()
        """Views are tables here, which dbt makes anew in the order in which they hang together."""
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [str(PYTHON), str(Path(__file__).with_name("googlesql.py"))], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __getattr__(self, operation: str) -> Any:
        """The methods of ``googlesql.Database``; what it refuses is a ``BadRequest``, as from BigQuery."""
        return lambda **arguments: self._ask({"operation": operation, **arguments})

    def close(self) -> None:
        self._process.kill()
        self._process.wait()

    def _ask(self, request: dict[str, Any]) -> Any:
        with self._lock:
            assert self._process.stdin and self._process.stdout
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            if not select.select([self._process.stdout], [], [], TIMEOUT_S)[0]:
                self.close()
                raise TimeoutError(f"GoogleSQL took more than {TIMEOUT_S} s for {str(request)[:2000]}")
            answer = json.loads(self._process.stdout.readline())
        if "error" in answer:
            raise BadRequest(answer["error"], errors=[{"message": answer["error"]}])
        return answer["ok"]


class Client:
    """As much of ``google.cloud.bigquery.Client`` as dbt-bigquery uses to build a project."""

    def __init__(self, engine: GoogleSql) -> None:
        self._engine = engine

    def query(self, query: str, **_: Any) -> Any:
        """Executes a statement. Whatever it computes is analysed on the way; what is not taken literally is analysed whole."""
        sql = PATH.sub(r"`\1.\2.\3`", COMMENTS.sub("", query)).strip().rstrip(";").rstrip()
        if re.match(r"(create schema|alter table)\b", sql, re.IGNORECASE):
            return job("SCRIPT")
        if created := CREATE.fullmatch(sql):
            kind, name, body = created.groups()
            self._engine.create_as(name=name, sql=body.strip())
            (self._engine.views.add if kind.lower() == "view" else self._engine.views.discard)(name)
            return job(f"CREATE_{kind.upper()}" + "_AS_SELECT" * (kind.lower() == "table"), destination=reference(name))
        if merged := MERGE.match(sql):
            self._engine.check(sql=sql)
            name, body, condition = merged.groups()
            return job("MERGE", affected=self._engine.merge(name=name, sql=body.strip(), key=KEY.findall(condition)))
        if deleted := DELETE.fullmatch(sql):
            self._engine.check(sql=sql)
            name, column, body = deleted.groups()
            values = body.strip() if "select" in body else f"select value from unnest([{body}]) as value"
            self._engine.delete(name=name, column=column, sql=values)
            return job("DELETE")
        if re.match(r"select\b|with\b|\(", sql, re.IGNORECASE):
            return job("SCRIPT", rows=Rows(self._engine.query(sql=sql)))
        raise BadRequest("not a statement that dbt makes of this package", errors=[{"message": f"not run here: {sql}"}])

    def get_table(self, table: TableReference | str) -> Table:
        name = full_name(table)
        found = self._engine.tables().get(name)
        if found is None:
            raise NotFound(f"there is no table {name}")
        fields = [{"name": column, "type": OLDER_NAMES.get(kind, kind)} for column, kind in found["columns"].items()]
        return Table.from_api_repr(
            {
                "tableReference": reference(name).to_api_repr(),
                "schema": {"fields": fields},
                "numRows": str(found["rows"]),
                "type": "VIEW" if name in self._engine.views else "TABLE",
            }
        )

    def list_tables(self, dataset: DatasetReference, **_: Any) -> list[Table]:
        start = f"{dataset.project}.{dataset.dataset_id}."
        return [self.get_table(reference(name)) for name in self._engine.tables() if name.startswith(start)]

    def list_routines(self, _dataset: DatasetReference) -> list[Any]:
        return []

    def get_routine(self, routine: Any) -> Any:
        raise NotFound(f"there is no routine {routine}")

    def list_datasets(self, **_: Any) -> list[DatasetReference]:
        return [DatasetReference(PROJECT, dataset) for dataset in (RAW, BUILT, INTERMEDIATE)]

    def delete_table(self, table: TableReference, not_found_ok: bool = False) -> None:
        self._engine.drop(name=full_name(table))

    def load_table_from_file(self, file: io.BufferedReader, table: TableReference, job_config: LoadJobConfig, **_: Any) -> Any:
        """Loads a seed: an empty field is null, as BigQuery reads CSV unless it is quoted."""
        name = full_name(table)
        fields: list[SchemaField] = list(job_config.schema)
        columns = {field.name: NAMES.get(field.field_type.upper(), field.field_type.upper()) for field in fields}
        lines = list(csv.reader(io.TextIOWrapper(file, encoding="utf-8"), delimiter=job_config.field_delimiter))
        self._engine.create(name=name, columns=columns)
        rows = [[parse(kind, cell) for kind, cell in zip(columns.values(), line, strict=True)] for line in lines[1:]]
        self._engine.insert(name=name, rows=rows)
        return SimpleNamespace(result=lambda **_: SimpleNamespace(state="DONE", error_result=None))

    def close(self) -> None:
        """The process outlives the connections of dbt."""


class Rows:
    """The rows of a query by the names of its columns."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self.schema = [SchemaField(name, OLDER_NAMES.get(kind, kind)) for name, kind in answer["columns"]]
        self._rows = [
            {name: value(kind, cell) for (name, kind), cell in zip(answer["columns"], row)} for row in answer["rows"]
        ]

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self._rows)


class BigQuery(Warehouse):
    """An empty project of BigQuery."""

    TYPES = {"string": "STRING", "integer": "INT64", "date-time": "TIMESTAMP", "object": "JSON"}
    UNZONED = "TIMESTAMP"

    def __init__(self, folder: Path, engine: GoogleSql) -> None:
        self._engine = engine
        super().__init__("bigquery", folder, {"BIGQUERY_PROJECT": PROJECT})
        for name in engine.tables():
            engine.drop(name=name)

    def _run(self, command: str, *arguments: str, variables: dict[str, Any] | None) -> None:
        with mock.patch("dbt.adapters.bigquery.connections.create_bigquery_client", lambda _: Client(self._engine)):
            super()._run(command, *arguments, variables=variables)

    def rows(self, table: str) -> list[dict[str, Any]]:
        return self.query(f"select * from `{PROJECT}.{schema_of(table)}.{table}`")

    def query(self, sql: str) -> list[dict[str, Any]]:
        return list(Rows(self._engine.query(sql=sql)))

    def execute(self, sql: str) -> None:
        Client(self._engine).query(re.sub(rf"\b({RAW}|{BUILT}|{INTERMEDIATE})\.(\w+)", rf"`{PROJECT}.\1.\2`", sql))

    def _drop(self, table: str) -> None:
        self._engine.drop(name=f"{PROJECT}.{RAW}.{table}")

    def _create(self, table: str, types: dict[str, str]) -> None:
        name = f"{PROJECT}.{RAW}.{table}"
        if name not in self._engine.tables():
            self._engine.create(name=name, columns=types)

    def _insert(self, table: str, kinds: dict[str, str], types: dict[str, str], rows: list[dict[str, Any]]) -> None:
        cells = [[json.dumps(cell) if isinstance(cell, dict) else cell for cell in row.values()] for row in rows]
        self._engine.insert(name=f"{PROJECT}.{RAW}.{table}", rows=cells)


@contextmanager
def engine() -> Iterator[GoogleSql]:
    """GoogleSQL, started and ended."""
    process = GoogleSql()
    try:
        yield process
    finally:
        process.close()


def job(statement_type: str, rows: Rows | None = None, destination: TableReference | None = None, affected: int = 0) -> Any:
    """A statement's job that is done, as the client gives it."""
    return SimpleNamespace(
        statement_type=statement_type,
        destination=destination,
        num_dml_affected_rows=affected,
        total_bytes_processed=0,
        total_bytes_billed=0,
        slot_millis=0,
        location=None,
        job_id=None,
        project=PROJECT,
        result=lambda **_: rows or Rows({"columns": [], "rows": []}),
    )


def reference(name: str) -> TableReference:
    return TableReference.from_string(name)


def full_name(table: TableReference | str) -> str:
    return table if isinstance(table, str) else f"{table.project}.{table.dataset_id}.{table.table_id}"


def parse(kind: str, text: str) -> Any:
    """A field of CSV as JSON."""
    if text == "":
        return None
    if kind == "INT64":
        return int(text)
    if kind == "FLOAT64":
        return float(text)
    if kind == "BOOL":
        return {"true": True, "false": False}[text.lower()]
    return text


def value(kind: str, cell: Any) -> Any:
    """A value of JSON as Google's client would give it."""
    if cell is None:
        return None
    if kind == "TIMESTAMP":
        return datetime.fromisoformat(cell)
    if kind == "DATE":
        return date.fromisoformat(cell)
    if kind in ("NUMERIC", "BIGNUMERIC"):
        return Decimal(cell)
    return cell
