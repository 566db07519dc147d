"""A file of DuckDB goes from the demo to dbt and back."""

from __future__ import annotations

import subprocess
from pathlib import Path

import duckdb
from account import REPOSITORY

WRITE = "await connection.run('create table events as select 1 as n')"
READ = "console.log((await connection.runAndReadAll('select sum(n)::integer as n from events')).getRowObjects()[0].n)"


def node(path: Path, statement: str) -> str:
    """Opens the file as the demo does, and gives what is printed."""
    script = f"""
        import {{ DuckDBInstance }} from '@duckdb/node-api';
        const instance = await DuckDBInstance.create({str(path)!r});
        const connection = await instance.connect();
        {statement};
        connection.closeSync();
        instance.closeSync();
    """
    command = ["node", "--input-type=module", "--eval", script]
    return subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True, text=True, timeout=60).stdout.strip()


def test_the_demos_file_opens_in_dbts_duckdb_and_then_in_the_demo_again(tmp_path: Path) -> None:
    path = tmp_path / "demo.duckdb"
    node(path, WRITE)
    with duckdb.connect(str(path)) as connection:
        connection.execute("insert into events values (2)")
    assert node(path, READ) == "3"
