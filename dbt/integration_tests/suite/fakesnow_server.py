"""Starts fakesnow's server, mended where dbt needs it; runs in a virtual environment of its own (``requirements-fakesnow.txt``).

Argument: the port, on the loopback interface. It answers as Snowflake does by running translated SQL on DuckDB, in memory.
"""

from __future__ import annotations

import json
import re
import sys
from typing import Any

import fakesnow.arrow
import fakesnow.server
import pyarrow
import uvicorn
from fakesnow import transforms
from fakesnow.cursor import FakeSnowflakeCursor
from sqlglot import exp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

COMMENTS = r"^(\s*(?:/\*.*?\*/\s*)*"
TEMPORARY = re.compile(COMMENTS + r"create\s+(?:or\s+replace\s+)?)temp(?:orary)?\s+", re.IGNORECASE | re.DOTALL)
TRANSACTION = re.compile(COMMENTS + r")(?:begin|commit|rollback)\b", re.IGNORECASE | re.DOTALL)

execute = FakeSnowflakeCursor.execute
merge = transforms.merge
timestamps = fakesnow.arrow.timestamp_to_sf_struct


def mended_execute(self: FakeSnowflakeCursor, command: str, *arguments: Any, **options: Any) -> FakeSnowflakeCursor:
    # A temporary table lives outside the schema in which dbt looks for it: an ordinary one does the same for one run.
    command = TEMPORARY.sub(r"\1", command)
    # Each statement stands for itself here, so that a transaction has nothing to hold together.
    if TRANSACTION.match(command):
        command = "select 'Statement executed successfully.' as status"
    return execute(self, command, *arguments, **options)


def mended_merge(expression: exp.Expression) -> list[exp.Expression]:
    """Binds the values of an INSERT to the source of the MERGE, where Snowflake looks for names without a table."""
    if isinstance(expression, exp.Merge):
        source = expression.args["using"].alias_or_name
        for insert in expression.find_all(exp.Insert):
            for column in insert.expression.find_all(exp.Column):
                if not column.table:
                    column.set("table", exp.to_identifier(source))
    return merge(expression)


def mended_timestamps(column: pyarrow.ChunkedArray) -> pyarrow.Array:
    """Keeps null, which would arrive as the start of 1970."""
    column = column.combine_chunks()
    times = timestamps(column)
    return pyarrow.StructArray.from_arrays(times.flatten(), fields=list(times.type), mask=column.is_null())


async def query(request: Request) -> JSONResponse:
    """Says that a statement failed where fakesnow would break itself, which the client answers by asking again for minutes."""
    try:
        response = await fakesnow.server.query_request(request)
        if response.status_code < 500:
            return response
        message = json.loads(bytes(response.body))["message"]
    except Exception as error:  # Whatever it is, the client has to hear of it.
        message = f"fakesnow cannot do this: {type(error).__name__}: {error}"
    refusal = {"data": {"errorCode": "009999", "sqlState": "XX000"}, "success": False}
    return JSONResponse(refusal | {"code": "009999", "message": message})


FakeSnowflakeCursor.execute = mended_execute
transforms.merge = mended_merge
fakesnow.arrow.timestamp_to_sf_struct = mended_timestamps
queries = Route("/queries/v1/query-request", query, methods=["POST"])

if __name__ == "__main__":
    app = Starlette(routes=[queries, *fakesnow.server.routes])
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
