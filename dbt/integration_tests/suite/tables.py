"""The tables that Airbyte's destinations make of the streams."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from history import Record

SCHEMAS = Path(__file__).parents[3] / "schemas"
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
METADATA = {
    "_airbyte_raw_id": "string",
    "_airbyte_extracted_at": "date-time",
    "_airbyte_meta": "object",
    "_airbyte_generation_id": "integer",
}


@dataclass(frozen=True)
class Layout:
    """How the tables look; by default as Airbyte's destinations make them today."""

    metadata: bool = True
    """Whether there are the columns of Airbyte's own; a table copied by hand has none."""

    zoned: bool = True
    """Whether times carry a zone; PyAirbyte's tables and the demo's carry none."""

    missing: dict[str, set[str]] = field(default_factory=dict)
    """For each stream the columns that its table does not have yet."""


def columns(stream: str, layout: Layout) -> dict[str, str]:
    """Each column with the kind of its values: ``string``, ``date-time``, ``integer`` or ``object``."""
    properties = json.loads((SCHEMAS / f"{stream}.json").read_text(encoding="utf-8"))["properties"]
    found = {name: kind(schema) for name, schema in properties.items() if name not in layout.missing.get(stream, set())}
    return found | (METADATA if layout.metadata else {})


def kind(schema: dict[str, Any]) -> str:
    if schema.get("format") == "date-time":
        return "date-time"
    types = schema["type"]
    return next(name for name in ([types] if isinstance(types, str) else types) if name != "null")


def rows(stream: str, records: list[Record], layout: Layout) -> Iterator[dict[str, Any]]:
    """Each record as a row: times as ISO 8601 in UTC, objects as they came."""
    names = columns(stream, layout)
    for at, record in enumerate(records):
        extracted_at = (EPOCH + timedelta(milliseconds=record.emitted_at)).isoformat(timespec="milliseconds")
        row = {
            "_airbyte_raw_id": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{stream} {at} {record.emitted_at} {record.data['uuid']}")),
            "_airbyte_extracted_at": extracted_at,
            "_airbyte_meta": {"sync_id": 1, "changes": []},
            "_airbyte_generation_id": 0,
        } | record.data
        yield {name: row.get(name) for name in names}
