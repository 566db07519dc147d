"""Reads the marts of the dbt package through dbt, and prints them as JSON lines.

Takes a JSON object on standard input:

    dbt      the flags of dbt that name the project, profile and target
    vars     the variables given for this run
    queries  SQL with Jinja by name

Prints one object that says what was read (`about`), then for each query its SQL and columns, followed by one array a row.
It runs in the Python of the dbt that built the models, so it needs no credentials of its own.
"""

import importlib.metadata
import json
import sys
from datetime import date, datetime, timezone
from decimal import Decimal

from dbt.adapters.factory import FACTORY
from dbt.cli.main import dbtRunner
from dbt.version import __version__ as dbt_version

PACKAGE = "onepassword"
SETTINGS = f"model.{PACKAGE}.int_onepassword__settings"
FETCHED_AT_ONCE = 5_000
# Stands between two queries that are compiled together. A comment, so that a warehouse would not mind it.
BOUNDARY = "\n-- onepassword: next query\n"


class ReadingError(Exception):
    """What keeps the marts from being read, in a sentence for the person at the terminal."""


def main():
    out, sys.stdout = sys.stdout, sys.stderr
    request = json.load(sys.stdin)
    variables = request["vars"]

    manifest = run_dbt(["parse"], request, variables)
    adapter = next(iter(FACTORY.adapters.values()))
    packages = adapter.config.load_dependencies()
    if PACKAGE not in packages or SETTINGS not in manifest.nodes:
        raise ReadingError(f"The dbt project does not have the package {PACKAGE}: add it to packages.yml and run dbt deps.")
    version = packages[PACKAGE].version

    relation = manifest.nodes[SETTINGS].relation_name
    settings = next(rows_as_objects(adapter, f"select * from {relation}"), None)
    if settings is None:
        raise ReadingError(f"{relation} is empty: build the package with dbt first.")

    # In the user's project dbt knows the defaults of the package's variables in the package's own models alone.
    known = {**variables_of(packages[PACKAGE].vars, PACKAGE), **variables_of(adapter.config.vars, PACKAGE), **variables}
    # As they were when the models were built, even if that was "now".
    known |= {f"onepassword_{name}": settings[name] for name in ("as_of", "evidence_from", "evidence_to")}

    compiled = compile_queries(request, known)
    adapter = next(iter(FACTORY.adapters.values()))
    about = {
        "package_version": version,
        "dbt_version": dbt_version,
        "adapter": adapter.type(),
        "adapter_version": importlib.metadata.version(f"dbt-{adapter.type()}"),
        "vars": {name: value for name, value in sorted(known.items()) if name.startswith("onepassword_")},
        "settings": settings,
    }
    emit(out, {"about": about})
    for name, sql in compiled.items():
        columns, batches = query(adapter, sql)
        emit(out, {"query": name, "sql": sql, "columns": columns})
        for rows in batches:
            out.writelines(json.dumps([plain(value) for value in row], ensure_ascii=False) + "\n" for row in rows)
    adapter.cleanup_connections()


def run_dbt(command, request, variables):
    # dbt's own log would mix with the rows.
    flags = ["--log-level", "none", "--log-level-file", "none", "--no-send-anonymous-usage-stats"]
    result = dbtRunner().invoke([*flags, *command, *request["dbt"], "--vars", json.dumps(variables)])
    if not result.success:
        raise ReadingError(f"dbt {command[0]} failed. {result.exception or 'Run it by hand to see why.'}")
    return result.result


def variables_of(provider, package):
    variables = provider.to_dict()
    return {**{name: value for name, value in variables.items() if name != package}, **(variables.get(package) or {})}


def compile_queries(request, variables):
    queries = request["queries"]
    inline = BOUNDARY.join(queries.values())
    result = run_dbt(["compile", "--inline", inline], request, variables)
    compiled = result.results[0].node.compiled_code.split(BOUNDARY.strip())
    if len(compiled) != len(queries):
        raise ReadingError("dbt compiled another number of queries than it was given.")
    return {name: sql.strip() for name, sql in zip(queries, compiled)}


def query(adapter, sql):
    """The names of the columns, in lower case, and an iterator over lists of rows."""
    connections = adapter.connections
    adapter.acquire_connection("evidence")
    if hasattr(connections, "add_query"):
        _, cursor = connections.add_query(sql, auto_begin=False)
        columns = [column[0].lower() for column in cursor.description]
        return columns, iter(lambda: cursor.fetchmany(FETCHED_AT_ONCE), [])
    # BigQuery has jobs instead of cursors.
    _, found = connections.raw_execute(sql)
    return [field.name.lower() for field in found.schema], ([row.values() for row in page] for page in found.pages)


def rows_as_objects(adapter, sql):
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
    out.write(json.dumps(thing, ensure_ascii=False) + "\n")


try:
    main()
except ReadingError as error:
    print(error, file=sys.stderr)
    sys.exit(1)
