"""What a later `dbt build` reads on BigQuery, from the statements that dbt-bigquery sends. No warehouse is asked.

A share of the account of account.sql is built in DuckDB with every list and every other input supplied, and gets as many
new events as run.py loads. dbt then builds the same tables on BigQuery, with a client that answers with DuckDB's columns
and values and keeps each statement: models, data tests of a user's project, hooks and look-ups. sqlglot takes each one
apart. What is assumed, where BigQuery's documents leave room for it the dearer way:

- A column costs its logical size: a text 2 bytes and its UTF-8, JSON as its text, a boolean 1, all else 8, null nothing. The
  mean of a column is that of the share, and a table has as many rows as the share's, scaled up.
- Of a table the columns count that are left once views are opened and what no outer query asks for is taken out. A table
  that a statement names twice counts twice, an expression of a `with` once. What comes of it if a statement pays once for a
  column, however often it reads it, is printed below the table.
- Days of a partition column are left out where it is compared with a constant: a literal, or a function of literals. A
  subquery is none. Airbyte's own tables have a partition for each day of `_airbyte_extracted_at`. Clustering saves nothing.
- A MERGE that updates, and a DELETE, pay for all columns of their target besides, in the days that a constant leaves; a MERGE
  that inserts only does not. Nothing comes out of a cache. Loads of seeds are free.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from unittest import mock

from run import AS_OF, COMPANY, LISTS, PACKAGE, PROJECT, STREAMS, measure, run_duckdb, users_build

# sqlglot is installed, compiled, beside the server that answers as Snowflake does.
sys.path += [str(path) for path in (PACKAGE / ".venv-fakesnow").glob("lib/python*/site-packages")]

import bigquery  # noqa: E402
import duckdb  # noqa: E402
from dbt.cli.main import dbtRunner  # noqa: E402
from google.api_core.exceptions import NotFound  # noqa: E402
from google.cloud.bigquery import Table  # noqa: E402
from sqlglot import exp, parse_one  # noqa: E402
from sqlglot.optimizer.pushdown_projections import pushdown_projections  # noqa: E402
from sqlglot.optimizer.qualify import qualify  # noqa: E402
from sqlglot.optimizer.scope import Scope, build_scope  # noqa: E402
from warehouses import BUILT, INTERMEDIATE, RAW  # noqa: E402

SHARE = 0.01
ACCOUNT = replace(COMPANY.share(SHARE), vaults=COMPANY.vaults)
"""Fewer people, who have as many vaults each and use them as often."""
NEW_EVENTS = 20_000

OTHER_INPUTS = """
create table airbyte.vault_names as select vault_uuid as uuid, name from airbyte.baseline_vaults;
create table airbyte.group_names as select group_uuid as uuid, name from airbyte.baseline_groups;
create table airbyte.item_names as select distinct item_uuid as uuid, 'Item ' || item_uuid as name from airbyte.item_usages limit 1000;
create table airbyte.privileged_vaults as select distinct vault_uuid as uuid from airbyte.baseline_vaults limit 5;
create table airbyte.privileged_groups as select distinct group_uuid as uuid from airbyte.baseline_groups limit 5;
create table airbyte.known_apps as select distinct client ->> 'app_name' as app_name from airbyte.item_usages;
create table airbyte.known_addresses as select '81.0.0.0/8' as address;
create table airbyte.own_domains as select 'example.com' as domain;
create table airbyte.leavers as select user_uuid, email, '2026-09-01' as left_on from airbyte.baseline_members limit 5;
create table airbyte.decisions as select 'new_country' as rule, user_uuid as subject_uuid, 'accepted' as decision, 'travels' as reason,
  'somebody' as decided_by, '2026-09-01' as decided_at, '2027-09-01' as until from airbyte.baseline_members limit 5;
create table airbyte.sync_runs as select as_of as ended_at, 'true' as succeeded from airbyte.baselines;
"""
INPUTS = [*LISTS, *re.findall(r"create table airbyte\.(\w+)", OTHER_INPUTS)]

TABLES = {f"{RAW}.{stream}": f"source `{stream}`" for stream in STREAMS}
TABLES |= {f"{BUILT}.stg_onepassword__{stream}": f"staging `{stream}`" for stream in STREAMS}
TABLES |= {f"{INTERMEDIATE}.int_onepassword__daily_item_use": "roll-up"}
"""The large ones, by schema and name."""
TYPES = {"VARCHAR": "STRING", "BIGINT": "INT64", "INTEGER": "INT64", "HUGEINT": "NUMERIC", "DOUBLE": "FLOAT64", "BOOLEAN": "BOOL"}

TEMPORARY = re.compile(r"__dbt_tmp\d*")

Day = date | None
"""A partition; None is that of the rows without a day."""
Filter = Callable[[Day], bool]


@dataclass
class Stored:
    """A table of the share."""

    types: dict[str, str]
    """The columns as BigQuery would type them."""
    is_view: bool
    sizes: dict[str, float] = field(default_factory=dict)
    """The bytes of each column."""
    days: dict[Day, float] = field(default_factory=dict)
    """The part of the rows in each partition."""


def dbt_arguments(folder: Path, target: str) -> list[str]:
    variables = {"onepassword_as_of": AS_OF, "onepassword_inputs": {name: f"supplied_{name}" for name in INPUTS}}
    return [
        *(*users_build(inputs=True), "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
        *("--target", target, "--vars", json.dumps(variables), "--target-path", str(folder / target), "--log-path", str(folder / target)),
    ]


class Share:
    """The share of the account in DuckDB, built once, with new events in Airbyte's tables."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / "warehouse.duckdb"
        run_duckdb(self._path, ACCOUNT.sql() + ACCOUNT.lists_sql() + OTHER_INPUTS)
        self._build()
        run_duckdb(self._path, ACCOUNT.sql(1, 1 + NEW_EVENTS / COMPANY.events()))
        self._connect()
        self.tables: dict[str, Stored] = {}
        for schema, name, kind in self._rows("select table_schema, table_name, table_type from information_schema.tables"):
            types = {column: kind for column, kind, *_ in self._rows(f"describe {schema}.{name}")}
            typed = {column: TYPES.get(kind, "TIMESTAMP" if "TIMESTAMP" in kind else kind) for column, kind in types.items()}
            self.tables[f"{schema}.{name}"] = Stored(typed, kind == "VIEW")

    def _build(self) -> None:
        program = "from dbt.cli.main import cli; cli()"
        measure([sys.executable, "-c", program, "--quiet", *dbt_arguments(self._folder, "duckdb")], {"DUCKDB_PATH": str(self._path)})

    def _connect(self) -> None:
        self._connection = duckdb.connect(str(self._path), read_only=True)
        self._connection.execute("set timezone = 'UTC'")

    def measure(self, partitions: dict[str, str]) -> None:
        """Fills in what the tables weigh after the later build. ``partitions`` has the column by which a table is divided."""
        self._connection.close()
        self._build()
        self._connect()
        for name, table in self.tables.items():
            if table.is_view:
                continue
            sizes = [size(column, kind) for column, kind in table.types.items()]
            [totals] = self._rows(f"select {', '.join(sizes)} from {name}")
            table.sizes = {column: float(total or 0) / SHARE for column, total in zip(table.types, totals, strict=True)}
            if name in partitions:
                counted = self._rows(f"select cast({partitions[name]} as date), count(*) from {name} group by 1")
                table.days = {day: count / sum(count for _, count in counted) for day, count in counted}

    def look_up(self, sql: str) -> list[dict[str, Any]]:
        """Answers what a model asks while it is compiled."""
        tree = parse_one(sql, read="bigquery")
        for table in tree.find_all(exp.Table):
            table.set("catalog", None)
        cursor = self._connection.execute(tree.sql("duckdb"))
        names = [column[0] for column in cursor.description]
        return [
            {name: cell.replace(tzinfo=timezone.utc) if isinstance(cell, datetime) else cell for name, cell in zip(names, row, strict=True)}
            for row in cursor.fetchall()
        ]

    def _rows(self, sql: str) -> list[tuple]:
        return self._connection.execute(sql).fetchall()


def size(column: str, kind: str) -> str:
    """The bytes of a column, as SQL."""
    column = f'"{column}"'
    if kind in ("STRING", "JSON"):
        return f"sum(strlen(cast({column} as varchar)) + {2 if kind == 'STRING' else 0})"
    return f"count({column}) * {1 if kind == 'BOOL' else 8}"


class Recorder(bigquery.Client):
    """A client that keeps what it is sent. Its tables are those of the share."""

    def __init__(self, share: Share) -> None:
        self._share = share
        self.statements: list[tuple[str, str]] = []
        """Each with the name of the node that sent it."""

    def query(self, query: str, **_: Any) -> Any:
        comment, sql = re.match(r"\s*/\* (.*?) \*/\s*(.*)", query, re.DOTALL).groups()
        node = json.loads(comment).get("node_id", "")
        sql = TEMPORARY.sub("__dbt_tmp", bigquery.COMMENTS.sub("", sql).strip().rstrip(";"))
        self.statements.append((node, sql))
        if not re.match(r"select|with|\(", sql, re.IGNORECASE):
            return bigquery.job("SCRIPT")
        answer = [{"failures": 0, "should_warn": False, "should_error": False}] if node.startswith("test.") else self._share.look_up(sql)
        rows = bigquery.Rows({"columns": [[name, "STRING"] for name in (answer or [{}])[0]], "rows": []})
        rows._rows = answer
        return bigquery.job("SCRIPT", rows=rows)

    def get_table(self, table: Any) -> Table:
        name = bigquery.full_name(table)
        stored = self._share.tables.get(TEMPORARY.sub("", name.split(".", 1)[1]))
        if stored is None:
            raise NotFound(f"there is no table {name}")
        fields = [{"name": column, "type": bigquery.OLDER_NAMES.get(kind, kind)} for column, kind in stored.types.items()]
        resource = {"tableReference": bigquery.reference(name).to_api_repr(), "schema": {"fields": fields}}
        return Table.from_api_repr(resource | {"type": "VIEW" if stored.is_view else "TABLE"})

    def list_tables(self, dataset: Any, **_: Any) -> list[Table]:
        schema = dataset.dataset_id
        return [self.get_table(bigquery.reference(f"{dataset.project}.{name}")) for name in self._share.tables if name.startswith(f"{schema}.")]

    def delete_table(self, table: Any, not_found_ok: bool = False) -> None:
        """Every statement is kept, so that nothing is ever there to be deleted."""

    def load_table_from_file(self, *_: Any, **__: Any) -> Any:
        return mock.Mock(**{"result.return_value.state": "DONE", "result.return_value.error_result": None})


def record(share: Share, folder: Path) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """The statements of a later build, and the columns by which its tables are divided."""
    client = Recorder(share)
    started = mock.patch("dbt.adapters.bigquery.connections.create_bigquery_client", lambda _: client)
    with started, mock.patch.dict(os.environ, {"BIGQUERY_PROJECT": bigquery.PROJECT}), redirect_stdout(sys.stderr):
        outcome = dbtRunner().invoke(["--quiet", "--log-level-file", "none", *dbt_arguments(folder, "bigquery")])
    if not outcome.success:
        raise SystemExit(f"dbt build failed: {outcome.exception or [result.message for result in outcome.result.results if result.failures]}")
    nodes = json.loads((folder / "bigquery" / "manifest.json").read_text(encoding="utf-8"))["nodes"].values()
    divided = {f"{node['schema']}.{node['name']}": node["config"].get("partition_by") for node in nodes}
    partitions = {name: partition["field"] for name, partition in divided.items() if partition}
    return client.statements, partitions | {f"{RAW}.{stream}": "_airbyte_extracted_at" for stream in STREAMS}


@dataclass(frozen=True)
class Scan:
    table: str
    columns: frozenset[str]
    filters: tuple[Filter, ...] = ()

    def part(self, stored: Stored) -> float:
        """Which part of the rows lies in the partitions that are read."""
        return sum(rows for day, rows in stored.days.items() if all(keeps(day) for keeps in self.filters)) if stored.days else 1

    def days(self, stored: Stored) -> int:
        return sum(1 for day in stored.days if all(keeps(day) for keeps in self.filters))


class Reader:
    """Takes statements apart."""

    def __init__(self, share: Share, partitions: dict[str, str], statements: list[tuple[str, str]]) -> None:
        self._partitions = partitions
        self._columns = {name: list(table.types) for name, table in share.tables.items()}
        self._schema: dict[str, Any] = {bigquery.PROJECT: defaultdict(dict)}
        for name, table in share.tables.items():
            schema, relation = name.split(".")
            for suffix in ("", "__dbt_tmp"):
                self._schema[bigquery.PROJECT][schema][relation + suffix] = table.types
        self._views: dict[str, exp.Query] = {}
        for _, sql in statements:
            if re.match(r"create or replace view", sql, re.IGNORECASE):
                tree = parse_one(sql, read="bigquery")
                self._views[relation_of(tree.this)] = tree.expression

    def scans(self, sql: str) -> list[Scan]:
        """What a statement reads; a target that is changed counts with all its columns."""
        tree = parse_one(sql, read="bigquery")
        if isinstance(tree, exp.Create):
            return [] if tree.kind == "VIEW" or tree.expression is None else self._of_query(tree.expression)
        if isinstance(tree, exp.Merge):
            found = self._of_query(tree.args["using"].this)
            is_updated = any(isinstance(branch.args["then"], exp.Update) for branch in tree.args["whens"].expressions)
            return found + ([self._target(tree.this, tree.args["on"])] if is_updated else [])
        if isinstance(tree, exp.Delete):
            where = tree.args["where"].this
            inner = [scan for query in where.find_all(exp.Select) if query.find_ancestor(exp.Select) is None for scan in self._of_query(query)]
            return [*inner, self._target(tree.this, where)]
        return self._of_query(tree) if isinstance(tree, exp.Query) else []

    def _target(self, table: exp.Table, condition: exp.Expression) -> Scan:
        name = relation_of(table)
        own = {table.alias, table.name, ""}
        filters = [keeps for column, keeps in filters_of(condition) if column.name == self._partitions.get(name) and column.table in own]
        return Scan(name, frozenset(self._columns[name]), tuple(filters))

    def _of_query(self, query: exp.Expression) -> list[Scan]:
        tree = query.copy().unnest() if isinstance(query, exp.Subquery) else query.copy()
        while opened := [table for table in tree.find_all(exp.Table) if table.db and relation_of(table) in self._views]:
            for table in opened:
                table.replace(exp.Subquery(this=self._views[relation_of(table)].copy(), alias=exp.TableAlias(this=exp.to_identifier(table.alias_or_name))))
        tree = qualify(tree, schema=self._schema, dialect="bigquery", quote_identifiers=False, canonicalize_table_aliases=False)
        tree = pushdown_projections(tree)
        root = build_scope(tree)
        self._uses = Counter(id(source) for scope in root.traverse() for _, source in scope.selected_sources.values())
        return list(self._of_scope(root, {}))

    def _of_scope(self, scope: Scope, asked: dict[str, list[Filter]]) -> Iterator[Scan]:
        """``asked`` are filters from outside, by the names of the columns of this query."""
        if scope.set_operation_scopes:
            names = scope.expression.named_selects
            for arm in scope.set_operation_scopes:
                theirs = dict(zip(names, arm.expression.named_selects, strict=True))
                yield from self._of_scope(arm, {theirs[name]: filters for name, filters in asked.items()})
            return
        select = scope.expression
        known: dict[tuple[str, str], list[Filter]] = defaultdict(list)
        for where in [select.args.get("where"), *(join for join in select.args.get("joins") or [] if not join.side)]:
            condition = where and (where.args.get("on") if isinstance(where, exp.Join) else where.this)
            for column, keeps in filters_of(condition):
                known[column.table, column.name].append(keeps)
        for join in (join for join in select.args.get("joins") or [] if join.side == "LEFT"):
            for column, keeps in filters_of(join.args.get("on")):
                if column.table == join.alias_or_name:
                    known[column.table, column.name].append(keeps)
        # A filter goes through a query that it can be moved into.
        if not any(projection.find(exp.Window) for projection in select.selects) and not select.args.get("limit"):
            for projection in select.selects:
                column = projection.unalias()
                if isinstance(column, exp.Column):
                    known[column.table, column.name] += asked.get(projection.alias_or_name, [])
        for alias, (_, source) in scope.selected_sources.items():
            filters = {name: kept for (table, name), kept in known.items() if table == alias}
            if isinstance(source, Scope):
                uses, self._uses[id(source)] = self._uses[id(source)], 0
                if uses:
                    yield from self._of_scope(source, filters if uses == 1 else {})
            elif isinstance(source, exp.Table):
                name = relation_of(source)
                columns = frozenset(column.name for column in scope.source_columns(alias))
                yield Scan(name, columns, tuple(filters.get(self._partitions.get(name, ""), [])))
        for inner in scope.subquery_scopes:
            yield from self._of_scope(inner, {})


def relation_of(table: exp.Table) -> str:
    return f"{table.db}.{table.name}"


def filters_of(condition: exp.Expression | None) -> Iterator[tuple[exp.Column, Filter]]:
    """The parts of a condition that say by constants which days of a column are left."""
    for part in condition.flatten() if isinstance(condition, exp.And) else [condition]:
        if isinstance(part, exp.Paren):
            yield from filters_of(part.this)
        elif isinstance(part, exp.And):
            yield from filters_of(part)
        elif isinstance(part, exp.Or):
            sides = [list(filters_of(side)) for side in part.flatten()]
            if all(len(side) == 1 for side in sides) and len({side[0][0].sql() for side in sides}) == 1:
                kept = [side[0][1] for side in sides]
                yield sides[0][0][0], lambda day, kept=kept: any(keeps(day) for keeps in kept)
        elif part is not None and (found := filter_of(part)):
            yield found


def filter_of(part: exp.Expression) -> tuple[exp.Column, Filter] | None:
    if isinstance(part, exp.Is) and isinstance(part.this, exp.Column) and isinstance(part.expression, exp.Null):
        return part.this, lambda day: day is None
    if isinstance(part, exp.In) and isinstance(part.this, exp.Column) and part.expressions:
        values = [constant(value) for value in part.expressions]
        return None if None in values else (part.this, lambda day: day in {value.date() for value in values})
    if isinstance(part, exp.Between) and isinstance(part.this, exp.Column):
        low, high = constant(part.args["low"]), constant(part.args["high"])
        return (part.this, lambda day: day is not None and low.date() <= day <= high.date()) if low and high else None
    if not isinstance(part, (exp.GT, exp.GTE, exp.LT, exp.LTE, exp.EQ)):
        return None
    left, right, kind = part.left, part.right, type(part)
    if isinstance(right, exp.Column):
        left, right, kind = right, left, {exp.GT: exp.LT, exp.GTE: exp.LTE, exp.LT: exp.GT, exp.LTE: exp.GTE}.get(kind, kind)
    value = constant(right) if isinstance(left, exp.Column) else None
    if value is None:
        return None
    if kind is exp.EQ:
        return left, lambda day: day == value.date()
    if kind in (exp.GT, exp.GTE):
        return left, lambda day: day is not None and day >= value.date()
    last = value.date() if kind is exp.LTE else (value - timedelta(microseconds=1)).date()
    return left, lambda day: day is not None and day <= last


def constant(value: exp.Expression) -> datetime | None:
    """A time that is a literal, or a function of literals; none of what is not known to be one."""
    if isinstance(value, exp.Literal) and value.is_string:
        return datetime.fromisoformat(value.name).replace(tzinfo=None) if re.match(r"\d{4}-\d\d-\d\d", value.name) else None
    if isinstance(value, (exp.Cast, exp.Paren, exp.Timestamp, exp.TsOrDsToDate, exp.Date)):
        inner = constant(value.this)
        is_day = isinstance(value, (exp.Date, exp.TsOrDsToDate)) or (isinstance(value, exp.Cast) and value.to.this == exp.DataType.Type.DATE)
        return datetime(inner.year, inner.month, inner.day) if inner and is_day else inner
    if isinstance(value, (exp.TimestampAdd, exp.TsOrDsAdd, exp.DateAdd)) and (inner := constant(value.this)):
        return inner + timedelta(**{f"{value.unit.name.lower()}s": int(value.expression.sql().strip("'()"))})
    return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", action="store_true", help="prints each scan of 10 MB or more too: its columns, and how many days of the table constants leave")
    each = parser.parse_args().each
    with tempfile.TemporaryDirectory(prefix="bench-dbt-bytes-") as name:
        folder = Path(name)
        share = Share(folder)
        statements, partitions = record(share, folder)
        share.measure(partitions)
    reader = Reader(share, partitions, statements)
    read: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    once = 0.0
    for node, sql in statements:
        dearest: dict[tuple[str, str], float] = {}
        for scan in reader.scans(sql):
            stored = share.tables.get(scan.table)
            if stored is None or not stored.sizes:
                continue
            part = scan.part(stored)
            costs = {(scan.table, column): stored.sizes[column] * part for column in scan.columns}
            dearest |= {key: max(cost, dearest.get(key, 0)) for key, cost in costs.items()}
            where = scan.table if scan.table in TABLES else "other"
            row = node.split(".")[-2 if node.startswith("test.") else -1] if node else "(no node)"
            row = f"test {row}" if node.startswith("test.") else row
            if re.match(r"merge|delete", sql, re.IGNORECASE) and scan.columns == frozenset(stored.types):
                where = "target"
            read[row][where] += sum(costs.values())
            if each and sum(costs.values()) >= 1e7:
                days = f"{scan.days(stored)} of {len(stored.days)} days" if stored.days else ""
                print("\t".join([row, sql.split(None, 1)[0], scan.table, f"{sum(costs.values()) / 1e9:.2f} GB", days, " ".join(sorted(scan.columns))]))
        once += sum(dearest.values())
    show(read, once, len(statements))


def show(read: dict[str, dict[str, float]], once: float, statements: int) -> None:
    columns = [*TABLES, "other", "target"]
    titles = [*TABLES.values(), "other tables", "changed target", "GB"]
    total = {where: sum(costs[where] for costs in read.values()) for where in columns}
    large = sorted((row for row in read if sum(read[row].values()) >= 5e7), key=lambda row: -sum(read[row].values()))
    others = {where: total[where] - sum(read[row][where] for row in large) for where in columns}

    def line(name: str, costs: dict[str, float]) -> str:
        cells = [costs[where] / 1e9 for where in columns]
        return f"| {name} | {' | '.join(f'{cell:.2f}' if cell >= 0.005 else '' for cell in cells)} | {sum(cells):.2f} |"

    print(f"{COMPANY.item_usages:,} item usages, {COMPANY.sign_in_attempts:,} sign-in attempts, {COMPANY.audit_events:,} audit events; every input; {NEW_EVENTS:,} new events; {statements} statements\n")
    print(f"| model or test | {' | '.join(titles)} |")
    print(f"| --- |{' --- |' * len(titles)}")
    for row in large:
        print(line(f"`{row}`", read[row]))
    print(line(f"*{len(read) - len(large)} others*", others))
    print(line("**sum**", total))
    print(f"\nA statement that pays once for a column, however often it reads it: {once / 1e9:.2f} GB.")


if __name__ == "__main__":
    main()
