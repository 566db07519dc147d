"""Events that the API may serve and that a careless pipeline would bend."""

from __future__ import annotations

from typing import Any

WORDS = "Zoë \"O'Neil\" \\ \u2028 \U0001f511 \u65e5\u672c\u8a9e"


def oddities(stream: str, day: str) -> list[dict[str, Any]]:
    own: dict[str, dict[str, Any]] = {
        "audit_events": {
            "action": WORDS,
            "aux_id": 4_503_599_627_370_497,
            "actor_details": {"uuid": "A", "name": WORDS, "email": "a@example.com", "pronouns": None},
            "session": {"uuid": "S", "login_time": f"{day}T08:00:00.1234567Z", "device_uuid": "d", "ip": "2001:db8::1"},
        },
        "item_usages": {"action": WORDS, "used_version": 0, "user": {"uuid": "U", "name": WORDS}},
        "sign_in_attempts": {"country": "", "details": {"value": WORDS, "deep": {"er": [1, None, {"x": 1.5}]}}},
    }
    return [
        # Nine digits of a second, of which no microsecond may be rounded up.
        {"uuid": f"{stream}-NANOSECONDS", "timestamp": f"{day}T09:59:59.999999999Z", **own[stream]},
        {"uuid": f"{stream}-ONE-DIGIT", "timestamp": f"{day}T10:00:00.5Z"},
        {"uuid": f"{stream}-WHOLE-SECOND", "timestamp": f"{day}T10:00:00Z", "location": {"latitude": -0.5}},
        {"uuid": f"{stream}-OFFSET", "timestamp": f"{day}T00:30:00.25+01:00"},
        {
            "uuid": f"{stream}-UNDECLARED",
            "timestamp": f"{day}T10:00:02.000001Z",
            "NewField": {"since": "2027", "list": [1, "two", None, True]},
            "another": False,
        },
        {"timestamp": f"{day}T10:00:03Z", "location": {"city": "Nowhere"}},
    ]
