"""What Snowflake refuses and its likeness lets pass, found in the text of SQL."""

from __future__ import annotations

import re
from typing import Any

TEXT_OR_COMMENT = re.compile(r"'(?:[^'\\]|\\.|'')*'|--[^\n]*|/\*.*?\*/", re.DOTALL)

# Functions of other warehouses that Snowflake does not have.
FOREIGN_FUNCTIONS = """
    string_agg json_value json_query json_extract json_extract_string json_type to_json_string jsonb_typeof
    bool_or bool_and countif logical_or logical_and arg_max arg_min regexp_extract regexp_matches strftime strptime
    epoch epoch_us now date_diff timestamp_diff timestamp_add timestamp_sub timestamp_trunc format_timestamp
    unix_micros unix_seconds safe_cast safe_divide generate_series generate_date_array unnest list_value struct_pack
    starts_with ends_with to_hex farm_fingerprint age isfinite make_timestamp
""".split()

# Words that cannot name a column or a table without quotes.
RESERVED = """
    account all alter and any as between by case cast check column connect connection constraint create cross current
    delete distinct drop else exists false following for from full grant group gscluster having ilike in increment
    inner insert intersect into is issue join lateral left like localtime localtimestamp minus natural not null of on or order
    organization qualify regexp revoke right rlike row rows sample schema select set some start table tablesample then
    to trigger true try_cast union unique update using values view when whenever where with
""".split()

REFUSALS = {
    "a quoted name, which is case-sensitive": r'"[^"]*"',
    "a name in backticks": r"`[^`]*`",
    "FILTER on an aggregate": r"\bfilter\s*\(\s*where\b",
    "an arrow into JSON": r"->",
    "the type JSON": r"(?:::\s*|\bas\s+)jsonb?\b",
    "DISTINCT ON": r"\bdistinct\s+on\s*\(",
    "AT TIME ZONE": r"\bat\s+time\s+zone\b",
    "WITH TIME ZONE": r"\bwith(?:out)?\s+time\s+zone\b",
    "an operator for regular expressions": r"\s!?~\*?\s",
    "the element of an array or object in brackets": r"[\w)]\s*\[",
    "an interval without quotes": r"\binterval\s+\d",
    "GROUP BY ALL": r"\bgroup\s+by\s+all\b",
    "a window over a range of values": r"\brange\s+between\s+(?!unbounded|current)",
    "a function of another warehouse": rf"\b(?:{'|'.join(FOREIGN_FUNCTIONS)})\s*\(",
    "a reserved word as a name": rf"\bas\s+(?:{'|'.join(RESERVED)})\b(?!\s*\()",
}


def refusals(sql: str) -> list[str]:
    """Each thing in a statement that Snowflake would refuse, with the words around it; texts and comments do not count."""
    bare = TEXT_OR_COMMENT.sub("''", sql)
    return [
        f"{what}: … {' '.join(bare[max(0, found.start() - 40) : found.end() + 40].split())} …"
        for what, pattern in REFUSALS.items()
        for found in re.finditer(pattern, bare, re.IGNORECASE)
    ]


def assert_taken(manifest: dict[str, Any]) -> None:
    """Fails on a model or test of the package that dbt has compiled to what Snowflake refuses."""
    compiled = {
        node["name"]: node["compiled_code"]
        for node in manifest["nodes"].values()
        if node.get("compiled_code") and node["package_name"] == "onepassword"
    }
    refused = [f"{name}: {found}" for name, sql in compiled.items() for found in refusals(sql)]
    if refused or not compiled:
        raise AssertionError("\n".join(["Snowflake would refuse what was compiled", *refused]))
