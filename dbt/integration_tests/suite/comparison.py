"""Tables from different warehouses, value by value."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any

Row = dict[str, Any]
Text = tuple[str | None, ...]

SHOWN = 12

# What tells of the build and not of the events.
OF_THE_BUILD = frozenset({"first_found_at"})


def canonical(value: Any) -> str | None:
    """The same text for the same value, however a warehouse's driver gives it: times in UTC to the microsecond, numbers to six digits."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        zoned = value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)
        return zoned.strftime("%Y-%m-%d %H:%M:%S.%f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (int, float, Decimal)):
        text = f"{Decimal(str(value)):.6f}".rstrip("0").rstrip(".")
        return "0" if text == "-0" else text
    if isinstance(value, str):
        return value
    raise TypeError(f"a {type(value).__name__} in a mart: {value!r}")


def only(rows: list[Row], **values: Any) -> list[Row]:
    """The rows that have these values."""
    return [row for row in rows if all(row[name] == value for name, value in values.items())]


def access(marts: dict[str, list[Row]], vault: str, who: str) -> list[Text]:
    """Somebody's own access to a vault, as text: when granted, known since, ended at and by what, and on what basis."""
    rows = only(marts["onepassword__vault_access_history"], vault_uuid=vault, grantee_uuid=who)
    columns = ("granted_at", "known_since", "ended_at", "ended_by", "basis")
    return sorted((tuple(canonical(row[name]) for name in columns) for row in rows), key=lambda row: row[1] or "")


def at(time: str) -> str:
    """A time of 2026, such as ``05-01 00:00:00``, as :func:`canonical` gives it."""
    return f"2026-{time}.000000"


def texts(rows: list[Row], columns: list[str]) -> list[Text]:
    """The rows as text, ordered by all columns."""
    found = [tuple(canonical(row[column]) for column in columns) for row in rows]
    return sorted(found, key=lambda row: [(cell is not None, cell or "") for cell in row])


def differences(expected: list[Row], actual: list[Row], without: frozenset[str] = frozenset()) -> list[str]:
    """A line for each way in which the tables differ: a column, a row, or the value of one column in one row."""
    columns = [name for name in (expected[0] if expected else {}) if name not in without]
    other = [name for name in (actual[0] if actual else {}) if name not in without]
    if expected and actual and columns != other:
        return [f"columns: {', '.join(columns)} expected, not {', '.join(other)}"]
    columns = columns or other
    left, right = Counter(texts(expected, columns)), Counter(texts(actual, columns))
    missing, surplus = list((left - right).elements()), list((right - left).elements())
    return describe(columns, missing, surplus)


def describe(columns: list[str], missing: list[Text], surplus: list[Text]) -> list[str]:
    """Pairs the rows that lack a partner by their first columns, as many as tell them apart."""
    key = next((size for size in range(1, len(columns)) if tells_apart(missing, size) and tells_apart(surplus, size)), 0)
    partners = {row[:key]: row for row in surplus} if key else {}
    lines = []
    for row in missing:
        partner = partners.pop(row[:key], None)
        at = ", ".join(f"{name}={cell}" for name, cell in zip(columns, row[: key or None]))
        if partner is None:
            lines.append(f"missing: {at}")
        else:
            unlike = [f"{name}: {old!r} expected, not {new!r}" for name, old, new in zip(columns, row, partner) if old != new]
            lines.append(f"{at}: {'; '.join(unlike)}")
    rest = partners.values() if key else surplus
    lines += [f"surplus: {', '.join(f'{name}={cell}' for name, cell in zip(columns, row))}" for row in rest]
    return lines


def tells_apart(rows: list[Text], size: int) -> bool:
    return len({row[:size] for row in rows}) == len(rows)


def assert_same(
    expected: dict[str, list[Row]], actual: dict[str, list[Row]], without: frozenset[str] = frozenset()
) -> None:
    """Fails with the mart, the key, the column and both values of what differs; ``without`` names columns that are left out."""
    assert expected.keys() == actual.keys(), f"{sorted(expected)} expected, not {sorted(actual)}"
    report = []
    for table, rows in expected.items():
        lines = differences(rows, actual[table], without | OF_THE_BUILD)
        report += [f"{table}: {line}" for line in lines[:SHOWN]]
        if len(lines) > SHOWN:
            report.append(f"{table}: {len(lines) - SHOWN} more")
    if report:
        raise AssertionError("\n".join(["the tables differ", *report]))
