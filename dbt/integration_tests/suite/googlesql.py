"""GoogleSQL's own parser, analyzer and reference implementation, as a small database that keeps its tables in memory.

It is the SQL of BigQuery as its authors wrote it down, built to WebAssembly: types are checked before anything runs, and what
runs gives the answers that the language defines. It has its own virtual environment (``requirements-zetasql.txt``), so this
file is a program there, and ``bigquery.py`` talks to it: one JSON object a line on standard input, one answer a line on
standard output, ``{"ok": ...}`` or ``{"error": "..."}``.
"""

from __future__ import annotations

import ctypes
import json
import re
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import wasmtime
from google.protobuf.message import Message
from zetasql.core import wasm_client
from zetasql.core.exceptions import ZetaSQLError
from zetasql.wasi import get_wasm_path
from zetasql.wasi._pb2.zetasql.local_service import local_service_pb2 as service
from zetasql.wasi._pb2.zetasql.proto import options_pb2, simple_catalog_pb2
from zetasql.wasi._pb2.zetasql.public import options_pb2 as language
from zetasql.wasi._pb2.zetasql.public import simple_table_pb2, type_pb2, value_pb2
from zetasql.wasi._pb2.zetasql.resolved_ast import resolved_ast_enums_pb2
from zetasql.wasi._pb2.zetasql.resolved_ast import resolved_node_kind_pb2 as node_kinds

# What BigQuery offers of the language, among what a query of this package could want. Everything else is refused.
FEATURES = """
    ANALYTIC_FUNCTIONS WITH_ON_SUBQUERY WITH_RECURSIVE SELECT_STAR_EXCEPT_REPLACE QUALIFY PIVOT UNPIVOT
    ORDER_BY_IN_AGGREGATE LIMIT_IN_AGGREGATE HAVING_IN_AGGREGATE NULL_HANDLING_MODIFIER_IN_AGGREGATE
    NULL_HANDLING_MODIFIER_IN_ANALYTIC NULLS_FIRST_LAST_IN_ORDER_BY GROUP_BY_ROLLUP GROUPING_SETS GROUPING_BUILTIN
    CIVIL_TIME DATE_TIME_CONSTRUCTORS DATE_ARITHMETICS EXTENDED_DATE_TIME_SIGNATURES WEEK_WITH_WEEKDAY INTERVAL_TYPE
    FORMAT_IN_CAST SAFE_FUNCTION_CALL NUMERIC_TYPE BIGNUMERIC_TYPE DECIMAL_ALIAS PARAMETERIZED_TYPES
    JSON_TYPE JSON_ARRAY_FUNCTIONS JSON_VALUE_EXTRACTION_FUNCTIONS JSON_CONSTRUCTOR_FUNCTIONS JSON_KEYS_FUNCTION
    ENABLE_CONSTANT_EXPRESSION_IN_JSON_PATH NAMED_ARGUMENTS ADDITIONAL_STRING_FUNCTIONS ALLOW_REGEXP_EXTRACT_OPTIONALS
    CONCAT_MIXED_TYPES IS_DISTINCT LIKE_ANY_SOME_ALL ARRAY_ORDERING UNNEST_AND_FLATTEN_ARRAYS ALLOW_CONSECUTIVE_ON
    INVERSE_TRIG_FUNCTIONS CBRT_FUNCTIONS ROUND_WITH_ROUNDING_MODE DISALLOW_GROUP_BY_FLOAT
    CREATE_TABLE_PARTITION_BY CREATE_TABLE_CLUSTER_BY
""".split()

# The statements that dbt makes of models.
STATEMENTS = ("QUERY", "CREATE_TABLE_AS_SELECT", "CREATE_VIEW", "MERGE", "DELETE")

# BigQuery's names of types, each with its kind and the field of a value in which it travels.
TYPES = {
    "STRING": (type_pb2.TYPE_STRING, "string_value"),
    "BOOL": (type_pb2.TYPE_BOOL, "bool_value"),
    "INT64": (type_pb2.TYPE_INT64, "int64_value"),
    "FLOAT64": (type_pb2.TYPE_DOUBLE, "double_value"),
    "NUMERIC": (type_pb2.TYPE_NUMERIC, "numeric_value"),
    "BIGNUMERIC": (type_pb2.TYPE_BIGNUMERIC, "bignumeric_value"),
    "DATE": (type_pb2.TYPE_DATE, "date_value"),
    "TIMESTAMP": (type_pb2.TYPE_TIMESTAMP, "timestamp_value"),
    "JSON": (type_pb2.TYPE_JSON, "json_value"),
    "BYTES": (type_pb2.TYPE_BYTES, "bytes_value"),
}
ALIASES = {"BIGINT": "INT64", "INT": "INT64", "INTEGER": "INT64"}
NAMES = {kind: name for name, (kind, _) in TYPES.items()}
INNER = resolved_ast_enums_pb2.ResolvedJoinScanEnums.INNER
TEXT = re.compile(r"'(?:[^'\\]|\\.)*'", re.DOTALL)
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


class WebAssembly(wasm_client.WasmClient):
    """The library's client, which copies memory at once instead of byte by byte and compiles the module only the first time."""

    def __init__(self) -> None:
        path = Path(get_wasm_path())
        compiled = path.with_suffix(".compiled")
        load = wasmtime.Module.from_file

        def cached(engine: wasmtime.Engine, _path: str) -> wasmtime.Module:
            try:
                return wasmtime.Module.deserialize_file(engine, str(compiled))
            except (wasmtime.WasmtimeError, OSError):
                module = load(engine, str(path))
                compiled.write_bytes(module.serialize())
                return module

        wasm_client.Module = type("Module", (), {"from_file": staticmethod(cached)})
        super().__init__(str(path))

    def write_bytes(self, ptr: int, data: bytes) -> None:
        ctypes.memmove(self._address(ptr), data, len(data))

    def read_bytes(self, ptr: int, size: int) -> bytes:
        return ctypes.string_at(self._address(ptr), size)

    def _address(self, ptr: int) -> int:
        """Pointers of 32 bits come as signed numbers."""
        start = ctypes.addressof(self.memory.data_ptr().contents)
        return start + (ptr & 0xFFFFFFFF)


class Database:
    """Tables by name; each a list of columns and the rows as the implementation takes and gives them."""

    def __init__(self) -> None:
        self._client = WebAssembly()
        self._tables: dict[str, tuple[list[Any], list[Any]]] = {}
        self._checked: set[str] = set()
        self._language = options_pb2.LanguageOptionsProto(
            product_mode=language.PRODUCT_EXTERNAL,
            name_resolution_mode=language.NAME_RESOLUTION_DEFAULT,
            enabled_language_features=[getattr(language, f"FEATURE_{name}") for name in FEATURES],
            supported_statement_kinds=[getattr(node_kinds, f"RESOLVED_{name}_STMT") for name in STATEMENTS],
        )
        self._options = options_pb2.AnalyzerOptionsProto(
            language_options=self._language,
            default_timezone="UTC",
            error_message_mode=language.ERROR_MESSAGE_MULTI_LINE_WITH_CARET,
        )

    def create(self, name: str, columns: dict[str, str]) -> None:
        """Makes an empty table; the types are BigQuery's."""
        described = [
            simple_table_pb2.SimpleColumnProto(name=column, type=type_pb2.TypeProto(type_kind=TYPES[kind][0]))
            for column, kind in columns.items()
        ]
        self._tables[name] = (described, [])

    def insert(self, name: str, rows: list[list[Any]]) -> None:
        """Adds rows of JSON values, as :func:`encode` takes them, in the order of the columns."""
        columns, found = self._tables[name]
        kinds = [NAMES[column.type.type_kind] for column in columns]
        found.extend(
            service.TableData.Row(cell=[encode(kind, cell) for kind, cell in zip(kinds, row, strict=True)]) for row in rows
        )

    def create_as(self, name: str, sql: str) -> None:
        """Makes or replaces a table, as ``CREATE OR REPLACE TABLE name AS`` does."""
        self._tables[name] = self._evaluate(sql)

    def merge(self, name: str, sql: str, key: list[str]) -> int:
        """Replaces the rows that have the keys of the new ones, if there is a key, and adds the new ones, as dbt's MERGE does."""
        old_columns, old_rows = self._tables[name]
        columns, rows = self._evaluate(sql)
        if describe(columns) != describe(old_columns):
            raise ValueError(f"{name} has the columns {describe(old_columns)}, and the new rows {describe(columns)}")
        where = [[column.name for column in columns].index(column) for column in key]

        def key_of(row: Any) -> tuple[bytes, ...]:
            return tuple(row.cell[at].SerializeToString() for at in where)

        if not key:
            old_rows.extend(rows)
            return len(rows)
        replaced = {key_of(row) for row in rows}
        if len(replaced) < len(rows):
            raise ValueError("UPDATE/MERGE must match at most one source row for each target row")
        self._tables[name] = (columns, [row for row in old_rows if key_of(row) not in replaced] + rows)
        return len(rows)

    def delete(self, name: str, column: str, sql: str) -> None:
        """Deletes the rows that have in a column one of the values that a query gives, which is asked once and not for each row."""
        columns, rows = self._tables[name]
        at = [one.name for one in columns].index(column)
        gone = {row.cell[0].SerializeToString() for row in self._evaluate(sql)[1]} - {value_pb2.ValueProto().SerializeToString()}
        self._tables[name] = (columns, [row for row in rows if row.cell[at].SerializeToString() not in gone])

    def drop(self, name: str) -> None:
        """Drops a table if there is one."""
        self._tables.pop(name, None)

    def tables(self) -> dict[str, dict[str, Any]]:
        """Every table with its columns and the number of its rows."""
        return {name: {"columns": describe(columns), "rows": len(rows)} for name, (columns, rows) in self._tables.items()}

    def check(self, sql: str) -> None:
        """Analyses a statement, of whatever kind, without executing it; refuses those outer joins, too, that BigQuery refuses.
        Of statements that differ in their texts alone one is enough."""
        shape = TEXT.sub("''", sql)
        if shape in self._checked:
            return
        request = service.AnalyzeRequest(sql_statement=sql, options=self._options, simple_catalog=self._catalog(sql)[0])
        statement = self._call("Analyze", request, service.AnalyzeResponse).resolved_statement
        for message in inside(statement):
            if message.DESCRIPTOR.name == "ResolvedJoinScanProto" and message.join_type != INNER and not has_equality(message):
                kind = resolved_ast_enums_pb2.ResolvedJoinScanEnums.JoinType.Name(message.join_type)
                raise ValueError(f"{kind} OUTER JOIN cannot be used without a condition that is an equality of fields from both sides of the join")
        self._checked.add(shape)

    def query(self, sql: str) -> dict[str, Any]:
        columns, rows = self._evaluate(sql)
        names = [[column.name, NAMES[column.type.type_kind]] for column in columns]
        return {"columns": names, "rows": [[decode(cell) for cell in row.cell] for row in rows]}

    def _evaluate(self, sql: str) -> tuple[list[Any], list[Any]]:
        catalog, names = self._catalog(sql)
        request = service.PrepareQueryRequest(sql=sql, options=self._options, simple_catalog=catalog)
        for name in names:
            request.table_content[name].table_data.row.extend(self._tables[name][1])
        prepared = self._call("PrepareQuery", request, service.PrepareQueryResponse).prepared
        try:
            self.check(sql)
            answer = self._call(
                "EvaluateQuery",
                service.EvaluateQueryRequest(prepared_query_id=prepared.prepared_query_id),
                service.EvaluateQueryResponse,
            )
        finally:
            self._call("UnprepareQuery", service.UnprepareQueryRequest(prepared_query_id=prepared.prepared_query_id))
        return list(prepared.columns), list(answer.content.table_data.row)

    def _catalog(self, sql: str) -> tuple[Any, list[str]]:
        """A catalog of the tables that the query names, and their names: all rows travel with each query."""
        request = service.ExtractTableNamesFromStatementRequest(sql_statement=sql, options=self._language)
        answer = self._call("ExtractTableNamesFromStatement", request, service.ExtractTableNamesFromStatementResponse)
        wanted = {".".join(entry.table_name_segment) for entry in answer.table_name}
        names = sorted(wanted & self._tables.keys())
        tables = [simple_table_pb2.SimpleTableProto(name=name, column=self._tables[name][0]) for name in names]
        functions = options_pb2.ZetaSQLBuiltinFunctionOptionsProto(language_options=self._language)
        aliases = [
            simple_catalog_pb2.SimpleCatalogProto.NamedTypeProto(name=alias, type=type_pb2.TypeProto(type_kind=TYPES[name][0]))
            for alias, name in ALIASES.items()
        ]
        catalog = simple_catalog_pb2.SimpleCatalogProto(table=tables, named_type=aliases, builtin_function_options=functions)
        return catalog, names

    def _call(self, method: str, request: Message, *answer: type[Message]) -> Any:
        return self._client.call_grpc_func(f"ZetaSqlLocalService_{method}", request, *answer)


def inside(message: Message) -> Iterator[Any]:
    """A message and all messages in it."""
    yield message
    for field, value in message.ListFields():
        if field.type == field.TYPE_MESSAGE:
            for part in [value] if isinstance(value, Message) else value:
                yield from inside(part)


def unwrapped(node: Any) -> Any:
    """The node itself, out of the messages that say of which of many kinds it is."""
    while node.DESCRIPTOR.name.startswith("AnyResolved"):
        node = getattr(node, node.WhichOneof("node"))
    return node


def has_equality(join: Any) -> bool:
    """Whether a condition, joined to the others by AND, sets something of one side equal to something of the other."""
    left, right = columns_of(join.left_scan), columns_of(join.right_scan)
    for condition in conjuncts(join.join_expr):
        if condition.DESCRIPTOR.name == "ResolvedFunctionCallProto" and condition.parent.function.name == "ZetaSQL:$equal":
            one, other = (used_in(argument) for argument in condition.parent.argument_list)
            if one and other and (one <= left and other <= right or one <= right and other <= left):
                return True
    return False


def columns_of(scan: Any) -> set[int]:
    node = unwrapped(scan)
    while node.DESCRIPTOR.name != "ResolvedScanProto":
        node = node.parent
    return {column.column_id for column in node.column_list}


def conjuncts(expression: Any) -> Iterator[Any]:
    if not expression.WhichOneof("node"):
        return
    node = unwrapped(expression)
    if node.DESCRIPTOR.name == "ResolvedFunctionCallProto" and node.parent.function.name == "ZetaSQL:$and":
        for argument in node.parent.argument_list:
            yield from conjuncts(argument)
    else:
        yield node


def used_in(expression: Any) -> set[int]:
    return {message.column.column_id for message in inside(expression) if message.DESCRIPTOR.name == "ResolvedColumnRefProto"}


def describe(columns: Any) -> dict[str, str]:
    return {column.name: NAMES.get(column.type.type_kind, str(column.type).strip()) for column in columns}


def encode(kind: str, value: Any) -> Any:
    """A value of JSON as one of GoogleSQL: times and dates as ISO 8601 text, numbers and truths as they are."""
    cell = value_pb2.ValueProto()
    if value is None:
        return cell
    if kind == "TIMESTAMP":
        cell.timestamp_value.FromDatetime(datetime.fromisoformat(value))
    elif kind == "DATE":
        cell.date_value = (date.fromisoformat(value) - EPOCH.date()).days
    else:
        setattr(cell, TYPES[kind][1], value)
    return cell


def decode(cell: Any) -> Any:
    """The reverse of :func:`encode`; fixed-point numbers come as text, so that no digit is lost."""
    fields = cell.ListFields()
    if not fields:
        return None
    field, value = fields[0]
    if field.name == "timestamp_value":
        return (EPOCH + timedelta(seconds=value.seconds, microseconds=value.nanos // 1000)).isoformat(timespec="microseconds")
    if field.name == "date_value":
        return (EPOCH + timedelta(days=value)).date().isoformat()
    if field.name in ("numeric_value", "bignumeric_value"):
        return str(Decimal(int.from_bytes(value, "little", signed=True)).scaleb(-9 if field.name == "numeric_value" else -38))
    if field.name == "array_value":
        return [decode(element) for element in value.element]
    if isinstance(value, (str, int, float, bool)):
        return value
    raise TypeError(f"a value of the kind {field.name} has no text here")


def main() -> None:
    database = Database()
    operations: dict[str, Callable[..., Any]] = {
        name: getattr(database, name)
        for name in ("create", "insert", "create_as", "merge", "delete", "drop", "tables", "check", "query")
    }
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"ok": operations[request.pop("operation")](**request)}
        except (ZetaSQLError, ValueError, TypeError) as error:
            answer = {"error": str(error)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
