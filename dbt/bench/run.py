"""What the package costs: a first build and a later one in DuckDB, beside a mere copy of the same tables, and a first build in
PostgreSQL. account.sql invents the tables, lists.sql what 1Password would list at three times, profiles.yml sets the limits.
Every command is a process of its own, whose time, CPU time and peak memory the system tells. A busy machine slows all of them:
go by the quotients. It takes 12 GB of disk under TMPDIR and ten minutes or so.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

BENCH = Path(__file__).parent
PACKAGE = BENCH.parent
PROJECT = PACKAGE / "integration_tests"
"""The project of a user, with the package installed and models that take the lists in."""
sys.path.insert(0, str(PROJECT / "suite"))

import duckdb  # noqa: E402
import postgres  # noqa: E402
import psycopg2  # noqa: E402

STREAMS = ("audit_events", "item_usages", "sign_in_attempts")
LISTS = ("baselines", "baseline_members", "baseline_groups", "baseline_group_members", "baseline_vaults", "baseline_vault_access")
AS_OF = "2026-10-01T18:00:00Z"
"""Later than the last event, and the same in every run, so that dbt need not parse the project again."""


ROWS_A_PART = 4_000_000


@dataclass(frozen=True)
class Account:
    """What happens in a year."""

    people: int
    vaults: int
    item_usages: int
    sign_in_attempts: int
    audit_events: int

    def events(self) -> int:
        return self.item_usages + self.sign_in_attempts + self.audit_events

    def share(self, part: float) -> Account:
        """A smaller company of the same habits."""
        return Account(**{name: max(round(count * part), 10) for name, count in vars(self).items()})

    def sql(self, begin: float = 0, end: float = 1) -> str:
        """Makes the tables, or adds to them: the events from one point of the year (0 to 1) to another, which may lie after it."""
        words = {f"{stream}_from": round(getattr(self, stream) * begin) for stream in STREAMS}
        words |= {f"{stream}_to": round(getattr(self, stream) * end) for stream in STREAMS}
        return self._fill("account.sql", words)

    def lists_sql(self) -> str:
        """Makes what 1Password would list of it, out of the events of the year."""
        return self._fill("lists.sql", {})

    def _fill(self, file: str, words: dict[str, int]) -> str:
        words = vars(self) | words
        return re.sub(r"\{(\w+)\}", lambda word: str(words[word[1]]), (BENCH / file).read_text(encoding="utf-8"))


COMPANY = Account(people=3_000, vaults=800, item_usages=20_000_000, sign_in_attempts=2_000_000, audit_events=1_000_000)


@dataclass(frozen=True)
class Cost:
    seconds: float
    """From start to end."""
    cpu_seconds: float
    gigabytes: float
    """The most that the process held in memory."""


def measure(command: list[str], environment: dict[str, str], statements: str = "") -> Cost:
    """Runs a command to its end, with SQL on its standard input."""
    start = monotonic()
    process = subprocess.Popen(command, env=os.environ | environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    process.stdin.write(statements)
    process.stdin.close()
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"{' '.join(command)} failed:\n{output}")
    return Cost(monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 2**20)


def users_build(inputs: bool) -> list[str]:
    """The arguments of what a user builds: the package, and the models of inputs, without the tests of the project that tests it."""
    selected = ["package:onepassword", *(["path:models/supplied"] if inputs else [])]
    return ["build", "--select", *selected, "--indirect-selection", "empty", "--exclude-resource-type", "unit_test"]


class Warehouse:
    """A DuckDB file under the limits of profiles.yml, or a server of PostgreSQL, and dbt at work on it."""

    def __init__(self, target: str, folder: Path, environment: dict[str, str]) -> None:
        self._target = target
        self._environment = environment | {"DO_NOT_TRACK": "1", "DBT_TARGET_PATH": str(folder / target), "DBT_LOG_PATH": str(folder / target)}

    def dbt(self, *arguments: str, lists: bool) -> Cost:
        where = ["--project-dir", str(PROJECT), "--profiles-dir", str(BENCH), "--profile", "onepassword_bench", "--target", self._target]
        inputs = {name: f"supplied_{name}" for name in LISTS if lists}
        variables = json.dumps({"onepassword_as_of": AS_OF, "onepassword_inputs": inputs})
        program = "from dbt.cli.main import cli; cli()"
        return measure([sys.executable, "-c", program, "--quiet", *arguments, *where, "--vars", variables], self._environment)

    def build(self, lists: bool = False) -> Cost:
        return self.dbt(*users_build(lists), lists=lists)

    def start(self, lists: bool = False) -> Cost:
        """dbt with nothing to do, the project parsed."""
        return self.dbt("build", "--select", "path:nowhere", lists=lists)


def run_duckdb(path: Path, statements: str) -> Cost:
    """Runs SQL in a process of its own, under the limits of profiles.yml."""
    program = f"""
import duckdb, sys
connection = duckdb.connect({str(path)!r}, config={{"threads": 2, "memory_limit": "8GB", "preserve_insertion_order": False, "temp_directory": {str(path) + '.tmp'!r}}})
connection.execute("set timezone = 'UTC'")
connection.execute(sys.stdin.read())
"""
    return measure([sys.executable, "-c", program], {}, statements)


def copy(path: Path, account: Account) -> Cost:
    """The least that any model over the tables must do: read them and keep one row an event.

    DuckDB holds the rows of a `distinct on` in memory and cannot put them aside, so a large table is copied in parts that fit.
    """
    statements = []
    for stream in STREAMS:
        parts = -(-getattr(account, stream) // ROWS_A_PART)
        for part in range(parts):
            begin = f"create table airbyte.copy_{stream} as" if part == 0 else f"insert into airbyte.copy_{stream}"
            where = f" where hash(uuid) % {parts} = {part}" if parts > 1 else ""
            statements.append(f"{begin} select distinct on (uuid) * from airbyte.{stream}{where};")
    made = run_duckdb(path, "".join(statements))
    run_duckdb(path, "".join(f"drop table airbyte.copy_{stream};" for stream in STREAMS) + "checkpoint;")
    return made


def load_postgres(account: Account, folder: Path, environment: dict[str, str]) -> None:
    """Makes the account in DuckDB and loads it into PostgreSQL as Airbyte's destination does: objects as JSONB."""
    types = {"JSON": "jsonb", "TIMESTAMP WITH TIME ZONE": "timestamptz", "VARCHAR": "text", "BIGINT": "bigint"}
    settings = {"host": environment["POSTGRES_HOST"], "port": environment["POSTGRES_PORT"], "user": environment["POSTGRES_USER"]}
    source = duckdb.connect()
    source.execute("set timezone = 'UTC'")
    source.execute(account.sql())
    connection = psycopg2.connect(**settings, dbname=environment["POSTGRES_DATABASE"])
    with connection, connection.cursor() as cursor:
        cursor.execute("create schema airbyte")
        for stream in STREAMS:
            columns = source.execute(f"describe airbyte.{stream}").fetchall()
            cursor.execute(f"create table airbyte.{stream} ({', '.join(f'{chr(34)}{name}{chr(34)} {types[kind]}' for name, kind, *_ in columns)})")
            file = folder / f"{stream}.csv"
            source.execute(f"copy airbyte.{stream} to '{file}' (format csv, header false)")
            with file.open(encoding="utf-8") as rows:
                cursor.copy_expert(f"copy airbyte.{stream} from stdin with (format csv)", rows)
            file.unlink()
    connection.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="shows in seconds that the benchmark completes; its figures mean nothing")
    small = parser.parse_args().small
    account = COMPANY.share(0.001 if small else 1)
    new_events = 200 if small else 20_000
    postgres_account = COMPANY.share(1e6 / COMPANY.events() * (0.01 if small else 1))

    with tempfile.TemporaryDirectory(prefix="bench-dbt-") as name:
        folder = Path(name)
        path = folder / "warehouse.duckdb"
        run_duckdb(path, account.sql() + account.lists_sql())
        warehouse = Warehouse("duckdb", folder, {"BENCH_DUCKDB": str(path)})
        copied = copy(path, account)
        full = warehouse.build(lists=True)
        more = new_events / account.events()
        run_duckdb(path, account.sql(1, 1 + more))
        incremental = warehouse.build(lists=True)
        start = warehouse.start(lists=True)
        run_duckdb(path, account.sql(1 + more, 1 + 2 * more))
        warehouse.start()
        plain = warehouse.build()
        path.unlink()

        with postgres.server() as environment:
            load_postgres(postgres_account, folder, environment)
            server = Warehouse("postgres", folder, environment).build()

    def row(what: str, cost: Cost, beside: str = "", ratio: float | None = None, goal: str = "", cpu_ratio: float | None = None) -> str:
        ratios = ["" if number is None else f"{number:.2f}" for number in (ratio, cpu_ratio)]
        return f"| {what} | {cost.seconds:.1f} s | {cost.cpu_seconds:.1f} s | {cost.gigabytes:.1f} GB | {beside} | {ratios[0]} | {ratios[1]} | {goal} |"

    print(f"{account.item_usages:,} item usages, {account.sign_in_attempts:,} sign-in attempts, {account.audit_events:,} audit events, three lists of {account.people:,} people and {account.vaults:,} vaults; DuckDB {duckdb.__version__}, 2 threads, a limit of 8 GB\n")
    print("| what | time | CPU time | peak memory | beside | time ÷ beside | CPU time ÷ beside | goal |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    print(row("copy of the three tables, `distinct on (uuid)`", copied))
    print(row("first `dbt build`", full, "the copy", full.seconds / copied.seconds, "≤ 2", full.cpu_seconds / copied.cpu_seconds))
    print(row("dbt's own start", start))
    later = Cost(incremental.seconds - start.seconds, incremental.cpu_seconds - start.cpu_seconds, incremental.gigabytes)
    without = Cost(plain.seconds - start.seconds, plain.cpu_seconds - start.cpu_seconds, plain.gigabytes)
    print(row(
        f"`dbt build` after {new_events:,} new events, less dbt's start", later,
        "the first", later.seconds / full.seconds, "≤ 0.15", later.cpu_seconds / full.cpu_seconds,
    ))
    added = Cost(later.seconds - without.seconds, later.cpu_seconds - without.cpu_seconds, incremental.gigabytes)
    print(row(
        "what the lists add to it", added,
        "the same without them", added.seconds / without.seconds, "", added.cpu_seconds / without.cpu_seconds,
    ))
    print(row(f"first `dbt build` of {postgres_account.events():,} events on PostgreSQL, memory of dbt alone", server, goal="< 120 s"))


if __name__ == "__main__":
    main()
