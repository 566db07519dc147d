"""GoogleSQL refuses what BigQuery refuses, so that a model which it takes has been looked at."""

from __future__ import annotations

import pytest
from bigquery import GoogleSql
from google.api_core.exceptions import BadRequest

REFUSED = {
    "select count(*) filter (where n > 1) from events": "Expected end of input",
    "select details ->> 'email' from events": "Expected end of input",
    "select n::string from events": "Expected end of input",
    "select distinct on (uuid) * from events": "Unexpected keyword ON",
    "select uuid = n from events": "No matching signature",
    "select unheard_of(uuid) from events": "Function not found",
    "select nothing from events": "Unrecognized name",
    "select * from nowhere": "Table not found",
    "select uuid, n from events group by uuid": "neither grouped nor aggregated",
    "select n as a, a + 1 as b from events": "Unrecognized name: a",
    "select uuid, count(*) from events group by all": "GROUP BY ALL is not supported",
    "select uuid from events qualify row_number() over (order by n) = 1": "QUALIFY clause must be used",
    "select uuid from events union select uuid from events": "Expected keyword ALL or keyword DISTINCT",
    "select timestamp('2026-01-01T00:00:00Z', 'UTC') from events": "Timezone is not allowed",
    "select uuid from events except select uuid from events": "EXCEPT must be followed by",
    "select 'it''s' from events": "must be separated by whitespace",
    "select count(*) as events from events group by events.uuid": "not allowed in GROUP BY",
    "select lax_string(details) from events": "Function not found",
    "select sum(n) from events group by 1.5 * n": "FLOAT64",
}


@pytest.fixture
def engine(googlesql: GoogleSql) -> GoogleSql:
    googlesql.create(name="events", columns={"uuid": "STRING", "n": "INT64", "details": "JSON"})
    googlesql.insert(name="events", rows=[["A", 1, '{"email": "a@example.com"}'], ["B", None, None]])
    return googlesql


@pytest.mark.parametrize("sql", REFUSED)
def test_what_bigquery_refuses_is_refused(engine: GoogleSql, sql: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        engine.query(sql=sql)
    assert REFUSED[sql] in str(refusal.value)


@pytest.mark.parametrize(
    "condition", ["a.n < b.n", "true", "a.uuid = 'A'", "a.uuid = a.uuid", "a.uuid = b.uuid or a.n = b.n", "lower(a.uuid || b.uuid) = 'ab'"]
)
def test_an_outer_join_needs_an_equality_of_both_sides(engine: GoogleSql, condition: str) -> None:
    with pytest.raises(BadRequest, match="without a condition that is an equality"):
        engine.check(sql=f"select a.uuid from events as a left join events as b on {condition}")
    engine.check(sql=f"select a.uuid from events as a left join events as b on ({condition}) and lower(a.uuid) = b.uuid")
    engine.check(sql=f"select a.uuid from events as a inner join events as b on {condition}")


def test_it_answers(engine: GoogleSql) -> None:
    answer = engine.query(sql="select uuid, json_value(details, '$.email') as email from events where n is not null")
    assert answer == {"columns": [["uuid", "STRING"], ["email", "STRING"]], "rows": [["A", "a@example.com"]]}


def test_what_is_executed_is_checked_so_that_no_model_holds_such_a_join(engine: GoogleSql) -> None:
    with pytest.raises(BadRequest, match="without a condition that is an equality"):
        engine.query(sql="select a.uuid from events as a left join events as b on a.n < b.n")
