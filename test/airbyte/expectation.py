"""What a table has to hold, worked out from what the far end served and from the schemas alone."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime, timedelta, timezone
from typing import Any

from places import ROOT

# The account of the far end's tokens, as introspection names it.
ACCOUNT = "6TRLV4ZKHNDB7QWJX2CYOE5AGM"

MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(?:Z|([+-]\d\d):(\d\d))")


def properties(stream: str) -> dict[str, Any]:
    return json.loads((ROOT / f"schemas/{stream}.json").read_text())["properties"]


def kind(declared: dict[str, Any]) -> str:
    """`string`, `integer`, `object` or `date-time`."""
    types = declared["type"] if isinstance(declared["type"], list) else [declared["type"]]
    return declared.get("format") or next(name for name in types if name != "null")


def moment(written: str) -> datetime:
    """In UTC and without a zone, as the databases keep it; fractions are cut after six digits, never rounded."""
    seconds, fraction, hours, minutes = MOMENT.fullmatch(written).groups()
    offset = timedelta(hours=int(hours or 0), minutes=int((hours or "+")[0] + (minutes or "0")))
    exact = datetime.fromisoformat(seconds).replace(tzinfo=timezone.utc) - offset
    return exact.replace(microsecond=int((fraction or "").ljust(6, "0")[:6]), tzinfo=None)


def row(stream: str, item: dict[str, Any]) -> dict[str, Any]:
    declared = properties(stream)
    expected = {name: item.get(name) for name in declared}
    expected["timestamp"] = moment(item["timestamp"])
    expected["uuid"] = item.get("uuid") or derived_key(item)
    expected["account_uuid"] = item.get("account_uuid") or ACCOUNT
    expected["additional_fields"] = {name: value for name, value in item.items() if name not in declared} or None
    if (item.get("session") or {}).get("login_time"):
        login_time = moment(item["session"]["login_time"]).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        expected["session"] = {**item["session"], "login_time": login_time}
    return expected


def rows(stream: str, items: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """By primary key, one row a key."""
    return {expected["uuid"]: expected for expected in (row(stream, item) for item in items)}


def derived_key(item: dict[str, Any]) -> str:
    canonical = json.dumps(item, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"derived-{hashlib.sha256(canonical.encode()).hexdigest()}"
