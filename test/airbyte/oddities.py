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


def untakeable(stream: str, day: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Events that some warehouse cannot take as they are, each with what its row has to hold instead."""
    text, person, *integers = {
        "audit_events": ("action", "actor_details", "aux_id"),
        "item_usages": ("action", "user", "used_version"),
        "sign_in_attempts": ("category", "target_user"),
    }[stream]
    changes: list[tuple[dict[str, Any], dict[str, Any]]] = [
        (
            {text: "cut \ud83d", person: {"uuid": "U", "name": "\ude00 Ada", "na\ud800me": ["\udfff"]}},
            {
                text: "cut \ufffd",
                person: {"uuid": "U", "name": "\ufffd Ada", "na\ufffdme": ["\ufffd"]},
                "additional_fields": {
                    text: "cut \\ud83d",
                    f"{person}.name": "\\ude00 Ada",
                    f"{person}.na\ufffdme.0": "\\udfff",
                    f"{person}.na\\ud800me": ["\ufffd"],
                },
            },
        ),
        (
            {text: "x\0y", person: {"name": "Ada\0"}, "new\0field": {"deep": ["\0"]}},
            {
                text: "xy",
                person: {"name": "Ada"},
                "additional_fields": {
                    "newfield": {"deep": [""]},
                    text: "x\\u0000y",
                    f"{person}.name": "Ada\\u0000",
                    "additional_fields.newfield.deep.0": "\\u0000",
                    "additional_fields.new\\u0000field": {"deep": [""]},
                },
            },
        ),
        (
            {text: {"from": "a"}, person: "Ada", "location": {"city": 7, "latitude": "north", "longitude": 1.5}},
            {
                text: None,
                person: None,
                "location": {"city": None, "latitude": None, "longitude": 1.5},
                "additional_fields": {
                    text: {"from": "a"},
                    person: "Ada",
                    "location.city": 7,
                    "location.latitude": "north",
                },
            },
        ),
        *(
            ({integer: value}, {integer: None, "additional_fields": {integer: value}})
            for integer in integers
            for value in ("seven", 1.5, 1e300, [1])
        ),
    ]
    keys = [{"uuid": f"{stream}-{number}", "timestamp": f"{day}T10:00:00Z"} for number in range(len(changes))]
    return [
        ({**key, **sent}, {"uuid": key["uuid"], **expected})
        for key, (sent, expected) in zip(keys, changes, strict=True)
    ]
