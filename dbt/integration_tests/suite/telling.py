"""Small histories told event by event, whose truth is plain."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from history import History, Record

Event = dict[str, Any]

SUCCESS = {"category": "success", "type": "credentials_ok"}


def person(uuid: str | None, name: str | None = None) -> Event | None:
    """A person as events hold one; by default with a name and an address that follow from the identifier."""
    if uuid is None:
        return None
    return {"uuid": uuid, "name": name or uuid.title(), "email": f"{uuid.lower()}@example.com"}


def audit(at: str, pair: str, about: str | None, beneficiary: str | None = None, by: str = "OLU", **more: Any) -> Event:
    """An audit event: ``pair`` is ``object_type/action``, ``beneficiary`` the auxiliary object. Its UUID follows from the rest."""
    object_type, action = pair.split("/")
    return {
        "uuid": f"{at} {pair} {about} {beneficiary}",
        "timestamp": at,
        "actor_uuid": by,
        "actor_details": person(by),
        "action": action,
        "object_type": object_type,
        "object_uuid": about,
        "object_details": person(about) if object_type == "user" else None,
        "aux_uuid": beneficiary,
        "aux_details": person(beneficiary) if object_type in ("uva", "gm") else None,
        "session": {"uuid": f"SESSION {by} {at[:10]}", "ip": "192.0.2.1"},
    } | more


def use(at: str, by: str, vault: str, action: str = "reveal", item: str = "ITEM", **more: Any) -> Event:
    """A use of an item."""
    return {
        "uuid": f"{at} {action} {by} {vault}",
        "timestamp": at,
        "used_version": 1,
        "vault_uuid": vault,
        "item_uuid": item,
        "action": action,
        "user": person(by),
        "client": {"app_name": "1Password for Mac", "ip_address": "192.0.2.1"},
    } | more


def sign_in(at: str, by: str, **more: Any) -> Event:
    """An attempt to sign in, which succeeds unless ``more`` says otherwise."""
    return {
        "uuid": f"{at} sign-in {by}",
        "session_uuid": f"SESSION {by} {at[:10]}",
        "timestamp": at,
        "country": "DE",
        "target_user": person(by),
        "client": {"app_name": "1Password for Mac", "ip_address": "192.0.2.1"},
    } | SUCCESS | more


def days(start: str, end: str, without: tuple[str, str] | None = None) -> dict[str, list[Event]]:
    """An event of each stream on every day from ``start`` to ``end``, but for the days from one to another of ``without``."""
    told: dict[str, list[Event]] = {"audit_events": [], "item_usages": [], "sign_in_attempts": []}
    day = datetime.fromisoformat(start)
    while day.date().isoformat() <= end:
        at = day.strftime("%Y-%m-%dT00:30:00Z")
        if without is None or not without[0] <= at[:10] <= without[1]:
            told["audit_events"].append(audit(at, "vault/update", "DAILY"))
            told["item_usages"].append(use(at, "OLU", "DAILY"))
            told["sign_in_attempts"].append(sign_in(at, "OLU"))
        day += timedelta(days=1)
    return told


def history(*parts: dict[str, list[Event]], late: timedelta = timedelta(minutes=5)) -> History:
    """The streams of all parts, each event loaded ``late`` after it happened."""
    streams: dict[str, list[Record]] = {"audit_events": [], "item_usages": [], "sign_in_attempts": []}
    for part in parts:
        for stream, events in part.items():
            for event in events:
                happened = datetime.fromisoformat(event["timestamp"].replace("Z", "+00:00")).astimezone(timezone.utc)
                streams[stream].append(Record(int((happened + late).timestamp() * 1000), event))
    return History(streams)
