"""Reads the marts of the dbt package through dbt 1.x, and prints them as JSON lines.

    python read_marts.py [--project-dir DIR] [--profiles-dir DIR] [--target T] [--vars V]

The flags are dbt's own. Prints one object that says what was read (`about`), then for each query an object (`query`) with its
name, SQL and columns, and how a sample of it is drawn if one is wanted, followed by one array a row. It runs in the Python
of the dbt that built the models, so it needs no credentials of its own. It ends when its standard input does.
"""

import importlib.metadata
import json
import os
import re
import sys
import threading
from datetime import date, datetime, timezone
from decimal import Decimal

from dbt.adapters.factory import FACTORY
from dbt.cli.main import dbtRunner
from dbt.version import __version__ as dbt_version

PACKAGE = "onepassword"
SETTINGS = f"model.{PACKAGE}.int_onepassword__about"
QUERIES = f"{PACKAGE}__evidence"
FETCHED_AT_ONCE = 5_000


class ReadingError(Exception):
    """What keeps the marts from being read, in a sentence for the person at the terminal."""


def main():
    # dbt prints; the rows go where nothing else is written.
    out, sys.stdout = sys.stdout, sys.stderr
    flags = sys.argv[1:]

    manifest = run_dbt(["parse", *flags])
    adapter = current_adapter()
    if SETTINGS in manifest.disabled:
        raise ReadingError(f"The dbt project disables the models of the package {PACKAGE}, so there is nothing to report on.")
    if SETTINGS not in manifest.nodes:
        raise ReadingError(f"The dbt project does not have the package {PACKAGE}: add it to packages.yml and run dbt deps.")
    relation = manifest.nodes[SETTINGS].relation_name
    settings = next(objects(adapter, f"select * from {relation}"), None)
    if settings is None:
        raise ReadingError(f"{relation} is empty: build the package with dbt first.")

    # As they were when the models were built, even if that was "now".
    times = {f"onepassword_{name}": settings[name] for name in ("as_of", "evidence_from", "evidence_to")}
    variables = {**adapter.config.cli_vars, **times}
    compiled = run_dbt(["compile", "--select", QUERIES, *without_vars(flags), "--vars", json.dumps(variables, default=str)])
    adapter = current_adapter()
    analysis = compiled.results[0].node.compiled_code
    facts = json.loads(re.search(r"^-- about: (.+)$", analysis, flags=re.MULTILINE)[1])
    adapter_name = f"{facts['adapter']} {importlib.metadata.version('dbt-' + facts['adapter'])}"
    emit(out, {"about": {**facts, "dbt_version": dbt_version, "adapter": adapter_name, **settings}})
    for name, sql, sample in queries_of(analysis):
        columns, batches = query(adapter, sql)
        emit(out, {"query": {"name": name, "sql": sql, "columns": columns, **sample}})
        for rows in batches:
            out.writelines(json.dumps([plain(value) for value in row]) + "\n" for row in rows)
    adapter.cleanup_connections()


def queries_of(analysis):
    """A line "-- query: NAME" starts each query; "-- sample: RULE", with the rule as JSON, the one that draws its sample."""
    for part in re.split(r"^-- query: ", analysis, flags=re.MULTILINE)[1:]:
        name, sql = part.split("\n", 1)
        sql, *sample = re.split(r"^-- sample: (.+)$", sql, flags=re.MULTILINE)
        yield name.strip(), sql.strip(), {"sample": {**json.loads(sample[0]), "sql": sample[1].strip()}} if sample else {}


def run_dbt(arguments):
    result = dbtRunner().invoke(["--log-level", "none", "--log-level-file", "none", *arguments])
    if not result.success:
        reasons = []
        error = result.exception
        while error is not None:
            reasons.append(str(error).strip())
            error = error.__cause__ or error.__context__
        raise ReadingError("\n".join([f"dbt {arguments[0]} failed.", *dict.fromkeys(reasons)]))
    return result.result


def current_adapter():
    """The adapter of the last invocation of dbt, with the project's configuration in it."""
    return next(iter(FACTORY.adapters.values()))


def without_vars(flags):
    where = flags.index("--vars") if "--vars" in flags else len(flags)
    return flags[:where] + flags[where + 2 :]


def query(adapter, sql):
    """The names of the columns, in lower case, and an iterator over lists of rows."""
    connections = adapter.connections
    adapter.acquire_connection("evidence")
    if hasattr(connections, "add_query"):
        _, cursor = connections.add_query(sql, auto_begin=False)
        return [column[0].lower() for column in cursor.description], iter(lambda: cursor.fetchmany(FETCHED_AT_ONCE), [])
    # BigQuery has jobs instead of cursors.
    _, found = connections.raw_execute(sql)
    return [field.name.lower() for field in found.schema], ([row.values() for row in page] for page in found.pages)


def objects(adapter, sql):
    columns, batches = query(adapter, sql)
    for rows in batches:
        for row in rows:
            yield dict(zip(columns, map(plain, row)))


def plain(value):
    """Times in UTC with six fraction digits and a Z, whatever type the warehouse gives them; whole decimals as integers."""
    if isinstance(value, datetime):
        utc = value.astimezone(timezone.utc) if value.tzinfo else value
        return utc.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def emit(out, thing):
    out.write(json.dumps(thing) + "\n")


def end_with_input():
    """Whoever reads the rows holds the other end of the input; where nobody does, no query has to run to its end."""
    # Not sys.stdin, whose lock would be in the way when Python ends.
    while os.read(0, 1024):
        pass
    os._exit(1)


threading.Thread(target=end_with_input, daemon=True).start()
try:
    main()
except ReadingError as error:
    sys.exit(str(error))
except Exception as error:
    sys.exit(f"{type(error).__name__}: {error}")
