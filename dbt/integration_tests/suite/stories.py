"""Stories told event by event: what the tests of histories and of people judge, and every warehouse is compared by."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from history import History, Record
from telling import Event, audit, history, person, sign_in, use

NAMES = [
    *("{aux}", "{object}", "{actor}", "{info}", "{action} {type}", "{user}{item}{app}", "{subject}{detail}{number}{outcome}"),
    *("{", "}", "{}", "{{aux}}", "{{{actor}}}", "{ aux }", "{AUX}", "a{b", "a}b", "}{aux}{"),
    *("\x01", "{\x01}", "\x01aux}", "\x010", "\x7f", "~0~1~", "%s %(aux)s", "$1 ${aux}", "\\", "\\\\1", "\\{aux\\}", "\\n", "\\0"),
    *("'", "''", '"', '"; drop table --', "`", "<b>{aux}</b>", "|", ",", "二 {aux} é", "x" * 3000, "{aux}" * 300),
]
BERLIN = {"country": "Germany", "city": "Berlin", "latitude": 52.52, "longitude": 13.4}
NEW_YORK = {"country": "US", "city": "New York", "latitude": 40.71, "longitude": -74.0}


def named() -> dict[str, list[Event]]:
    """Whoever is called as in `NAMES` does what makes sentences; the numbers tell them apart."""
    audits, uses, attempts = [], [], []
    for number, name in enumerate(NAMES):
        who, detailed = f"MAL{number}", person(f"MAL{number}", name)
        by = {"by": who, "actor_details": detailed}
        audits += [
            audit("2026-05-02T09:00:00Z", "uva/grant", f"NAMED{number}", "BOB", **by),
            audit("2026-05-02T09:01:00Z", "vault/export", f"NAMED{number}", **by),
            audit("2026-05-02T09:02:00Z", "uva/grant", f"NAMED{number}", "BOB") | {"aux_details": detailed, "aux_uuid": who},
            audit("2026-05-02T09:03:00Z", "comet/land", f"NAMED{number}", **by),
            audit("2026-05-02T09:04:00Z", "invite/create", f"INVITE{number}", **by) | {"aux_info": f"{name}@elsewhere.example"},
        ]
        uses.append(use("2026-05-02T09:00:00Z", who, f"NAMED{number}", user=detailed))
        attempts.append(sign_in("2026-05-02T09:00:00Z", who, target_user=detailed, client={"app_name": name}))
    audits.append(audit("2026-05-02T09:05:00Z", "{aux}/{object}", "NAMED0", uuid="UNKNOWN"))
    attempts.append(sign_in("2026-05-02T09:05:00Z", "OLU", uuid="UNKNOWN", category="{app}", type=None))
    return {"audit_events": audits, "item_usages": uses, "sign_in_attempts": attempts}


WHILE_LISTED = {
    "audit_events": [
        # In the lists or not, the first event tells what was so at their time.
        audit("2026-02-01T00:00:00Z", "uva/grant", "V1", "ANN"),
        audit("2026-05-20T10:00:10Z", "uva/revoke", "V1", "ANN", by="ADMIN"),
        audit("2026-05-20T10:00:20Z", "uva/revoke", "V1", "KIM", by="ADMIN"),
        audit("2026-05-20T10:00:30Z", "uva/grant", "V1", "EVE", by="EVE"),
        audit("2026-03-01T00:00:00Z", "uva/grant", "V1", "LEO"),
        audit("2026-05-20T10:30:00Z", "uva/grant", "V1", "LEO"),
        audit("2026-03-01T00:00:00Z", "uva/grant", "V1", "RAY"),
        audit("2026-04-01T00:00:00Z", "uva/revoke", "V1", "RAY"),
        audit("2026-05-20T10:30:00Z", "uva/update", "V1", "RAY"),
        # An hour later it does not.
        audit("2026-03-01T00:00:00Z", "uva/grant", "V1", "MIA"),
        audit("2026-05-20T11:00:01Z", "uva/revoke", "V1", "MIA"),
        audit("2026-03-01T00:00:00Z", "gm/join", "OPS", "NOA", aux_info="R"),
        audit("2026-05-20T10:10:00Z", "gm/leave", "OPS", "NOA"),
        audit("2026-03-01T00:00:00Z", "user/join", "PAT", by="PAT"),
        audit("2026-05-20T10:05:00Z", "user/suspend", "PAT"),
        audit("2026-03-01T00:00:00Z", "user/join", "QIN", by="QIN"),
        audit("2026-05-20T10:20:00Z", "user/delete", "QIN", by="ADMIN"),
        audit("2026-05-20T10:15:00Z", "user/join", "NEW", by="NEW"),
        audit("2026-05-20T10:20:00Z", "vault/create", "VNEW", by="ANN"),
        audit("2026-03-01T00:00:00Z", "uva/grant", "VOLD", "ZOE"),
        audit("2026-05-20T10:15:00Z", "vault/delete", "VOLD"),
    ],
    "item_usages": [
        use("2026-05-20T10:00:05Z", "ANN", "V1"),
        use("2026-05-20T10:00:06Z", "KIM", "V1"),
        use("2026-05-20T10:03:00Z", "PAT", "V1"),
        use("2026-05-20T10:10:00Z", "ZOE", "VOLD"),
        use("2026-05-20T10:01:00Z", "EVE", "V1"),
        use("2026-05-21T00:00:00Z", "SAM", "V1"),
    ],
}

STATES = {
    "audit_events": [
        # Dormant at the end of the quarter, and back since.
        audit("2026-01-05T00:00:00Z", "uva/grant", "V2", "DOR"),
        # Removed, given access after that, and rid of it after the quarter.
        audit("2026-05-05T00:00:00Z", "user/delete", "REM"),
        audit("2026-05-06T00:00:00Z", "uva/grant", "V2", "REM"),
        audit("2026-07-10T00:00:00Z", "uva/revoke", "V2", "REM"),
        # The first instant of the next quarter.
        audit("2026-07-01T00:00:00Z", "uva/grant", "V3", "HAL"),
        audit("2026-06-01T00:00:00Z", "uva/grant", "V3", "HAN"),
        audit("2026-07-01T00:00:00Z", "uva/revoke", "V3", "HAN"),
        # Opposite events of one instant, in the order of their UUIDs.
        audit("2026-06-05T00:00:00Z", "uva/grant", "V5", "AMB"),
        audit("2026-06-05T00:00:00Z", "uva/revoke", "V5", "AMB"),
        audit("2026-06-05T00:00:00Z", "uva/grant", "V5", "AMC", uuid="2026-06-05 2"),
        audit("2026-06-05T00:00:00Z", "uva/revoke", "V5", "AMC", uuid="2026-06-05 1"),
        audit("2026-06-05T00:00:00Z", "user/reactive", "AMS", uuid="2026-06-05 3"),
        audit("2026-06-05T00:00:00Z", "user/suspend", "AMS", uuid="2026-06-05 4"),
        # Whoever creates a vault may have access without an event.
        audit("2026-06-10T00:00:00Z", "vault/create", "V6", by="CRE"),
        audit("2026-06-12T00:00:00Z", "uva/grant", "V6", "CRE", by="OLU"),
        audit("2026-06-10T00:00:00Z", "group/create", "G6", by="CRE"),
        audit("2026-06-12T00:00:00Z", "gm/join", "G6", "CRE", by="OLU"),
        # Suspended, with access that nobody took away.
        audit("2026-06-01T00:00:00Z", "uva/grant", "V2", "SUS"),
        audit("2026-06-20T00:00:00Z", "user/suspend", "SUS"),
        # Gave themselves access, used it, and gave it back.
        audit("2026-05-25T00:00:00Z", "uva/grant", "V4", "GON", by="GON"),
        audit("2026-05-26T00:00:00Z", "uva/revoke", "V4", "GON"),
        # Ended by events without a time.
        audit("2026-06-01T00:00:00Z", "uva/grant", "V7", "UND"),
        audit("2026-03-01T00:00:00Z", "user/join", "UNR", by="UNR"),
        audit("2026-06-01T00:00:00Z", "uva/grant", "V7", "UNR"),
    ],
    "item_usages": [
        use("2026-06-06T00:00:00Z", "AMB", "V5"),
        use("2026-06-06T00:00:00Z", "AMC", "V5"),
        use("2026-06-06T00:00:00Z", "AMS", "V5"),
        use("2026-06-11T00:00:00Z", "CRE", "V6"),
        use("2026-05-25T01:00:00Z", "GON", "V4"),
        use("2026-06-05T00:00:00Z", "UND", "V7"),
        use("2026-06-15T00:00:00Z", "UND", "V7"),
        use("2026-06-15T00:00:00Z", "UNR", "V7"),
    ],
    "sign_in_attempts": [
        sign_in("2026-01-05T00:00:00Z", "DOR"),
        sign_in("2026-07-20T00:00:00Z", "DOR"),
        # Before the quarter and after it.
        sign_in("2026-03-31T00:00:00Z", "APP", client={"app_name": "Elsewhere"}),
        sign_in("2026-07-02T00:00:00Z", "APP", client={"app_name": "Elsewhere"}),
    ],
}


# Loaded on the tenth of June; of what nobody else tells, they tell nothing.
UNDATED = [
    audit("1970-01-01T00:00:00Z", "uva/revoke", "V7", "UND"),
    audit("1970-01-01T00:00:00Z", "user/delete", "UNR"),
    audit("1970-01-01T00:00:00Z", "uva/revoke", "V7", "NOBODY"),
]


def of_states(*more: dict[str, list[Event]]) -> History:
    """Names, lists that are read while something happens, and states at the end of a quarter."""
    told = history(*more, named(), WHILE_LISTED, STATES)
    loaded_ms = round(datetime(2026, 6, 10, tzinfo=timezone.utc).timestamp() * 1000)
    return told.and_also(History({"audit_events": [Record(loaded_ms, one) for one in UNDATED]}))


def called(uuid: str, email: str) -> Event:
    return {"uuid": uuid, "name": uuid.title(), "email": email}


def joined(at: str, uuid: str, email: str | None = None, **more: Any) -> Event:
    return audit(at, "user/join", uuid, by=uuid, object_details=called(uuid, email or f"{uuid.lower()}@example.com"), **more)


def placed(at: str, by: str, location: Event, ip: str, **more: Any) -> Event:
    return sign_in(at, by, location=location, country=None, client={"app_name": "1Password for Mac", "ip_address": ip}, **more)


LEFT = {
    "audit_events": [
        # Cut off on the last day of work, late in San Francisco; and not at all.
        joined("2026-01-02T00:00:00Z", "SFO"),
        audit("2026-05-11T00:30:00Z", "user/suspend", "SFO"),
        joined("2026-01-02T00:00:00Z", "AKL"),
        audit("2026-05-12T12:00:01Z", "user/suspend", "AKL"),
        # Renamed, and known to the people who keep the list by the old name.
        audit("2026-01-02T00:00:00Z", "user/join", "REN", by="REN", object_details=called("REN", "ren.old@example.com")),
        audit("2026-03-02T00:00:00Z", "user/changenm", "REN", by="REN", object_details=called("REN", "ren.new@example.com")),
        # An address that somebody got after whoever had it had left.
        audit("2026-01-05T00:00:00Z", "invite/create", "I1", aux_info="dan@example.com"),
        joined("2026-01-06T00:00:00Z", "DAN", "dan@example.com"),
        audit("2026-04-20T00:00:00Z", "user/delete", "DAN"),
        audit("2026-05-20T00:00:00Z", "invite/create", "I2", aux_info="Dan@example.com"),
        joined("2026-05-21T00:00:00Z", "DANA", "dan@example.com"),
        # Left twice, and cut off once.
        joined("2026-01-02T00:00:00Z", "TWO"),
        audit("2026-04-01T00:00:00Z", "user/suspend", "TWO"),
        audit("2026-04-20T00:00:00Z", "user/reactive", "TWO"),
        # Suspended, and still administering.
        joined("2026-01-02T00:00:00Z", "ANN"),
        audit("2026-05-01T00:00:00Z", "user/suspend", "ANN"),
        audit("2026-05-02T00:00:00Z", "uva/grant", "V1", "BOB", by="ANN"),
        audit("2026-05-03T00:00:00Z", "gm/join", "OWN", "EVE", by="ANN", aux_info="R"),
        audit("2026-05-04T00:00:00Z", "ssotkn/ssotknv", "T", by="ANN"),
        # Left of their own accord, and what that brings about.
        joined("2026-01-02T00:00:00Z", "LEV"),
        audit("2026-05-05T00:00:00Z", "user/leave", "LEV", by="LEV"),
        audit("2026-05-05T00:00:01Z", "gm/leave", "G1", "LEV", by="LEV"),
        # Of another account.
        audit("2026-05-06T00:00:00Z", "user/suspend", "BOB", by="TEC", actor_type="external_user"),
        audit("2026-05-06T00:00:00Z", "user/reactive", "BOB", by="OTH", actor_account_uuid="ELSEWHERE", account_uuid="OURS"),
        # Machine chatter is no activity.
        *(audit(f"2026-{month:02}-{day:02}T03:00:00Z", "ssotkn/ssotknv", "T", by="CHA") for month in range(1, 8) for day in (1, 15)),
    ],
    "sign_in_attempts": [sign_in("2026-01-05T00:00:00Z", "CHA")],
}

FOUND = {
    "audit_events": [
        audit("2026-05-01T00:00:00Z", "group/create", "G2", by="EVE"),
        audit("2026-05-01T00:01:00Z", "gva/grant", "V2", "G2", by="EVE"),
        audit("2026-05-01T00:02:00Z", "gva/update", "V3", "G2", by="EVE"),
        audit("2026-05-02T00:00:00.000Z", "vault/create", "V4", by="OWE"),
        audit("2026-05-02T00:00:00.001Z", "uva/grant", "V4", "OWE", by="OWE"),
        audit("2026-05-03T00:00:00Z", "items/export", "V5", by="EVE"),
        audit("2026-05-03T00:00:00Z", "invite/create", "I3", by="NOM", actor_details=None, aux_info="x@evil.example"),
        *(audit(f"2026-05-04T10:00:{at:02}Z", "items/view", f"MANY{at}", by="MVW") for at in range(10)),
        *(audit(f"2026-05-04T10:00:{at:02}Z", "items/view", f"FEW{at}", by="FEW") for at in range(9)),
        audit("2026-05-05T00:00:00Z", "vault/update", "V6", by="DUO", session={"uuid": "SIX", "ip": "2001:db8:9::2"}),
        audit("2026-05-05T00:01:00Z", "vault/update", "V6", by="DUO", session={"uuid": "SIX", "ip": "2001:db8:9:0:0:0:0:2"}, uuid="SIX 2"),
        audit("2026-05-05T00:02:00Z", "vault/update", "V6", by="DUO", session={"uuid": "SIX", "ip": "::ffff:192.0.2.77"}, uuid="SIX 3"),
        audit("2026-05-05T00:00:00Z", "vault/update", "V6", by="HIJ", session={"uuid": "HIJ", "ip": "192.0.2.1"}, uuid="HIJ 1"),
        audit("2026-05-05T00:01:00Z", "vault/update", "V6", by="HIJ", session={"uuid": "HIJ", "ip": "192.0.2.2"}, uuid="HIJ 2"),
    ],
    "item_usages": [
        use("2026-05-01T01:00:00Z", "EVE", "V2"),
        *(use(f"2026-05-06T10:00:{at:02}Z", "CLI", "V7", "server-fetch", f"ITEM{at}", uuid=f"CLI {at}") for at in range(20)),
        *(use(f"2026-05-06T10:00:{at:02}Z", "BOT", "V7", "server-fetch", f"ITEM{at}", uuid=f"BOT {at}",
              user=called("BOT", "bot@1passwordserviceaccounts.com")) for at in range(40)),
    ],
    "sign_in_attempts": [
        event
        for day in range(1, 11)
        for event in (
            placed(f"2026-05-{day:02}T08:00:00Z", "TRA", BERLIN, "192.0.2.10"),
            placed(f"2026-05-{day:02}T08:05:00Z", "TRA", NEW_YORK, "192.0.2.11"),
            placed(f"2026-05-{day:02}T08:00:00Z", "VPN", BERLIN, "192.0.2.10"),
            placed(f"2026-05-{day:02}T08:05:00Z", "VPN", NEW_YORK, "198.51.100.200"),
            placed(f"2026-05-{day:02}T08:00:00Z", "BOT", BERLIN, "192.0.2.10", target_user=called("BOT", "bot@1passwordserviceaccounts.com")),
            placed(f"2026-05-{day:02}T08:03:00Z", "BOT", NEW_YORK, "192.0.2.11", target_user=called("BOT", "bot@1passwordserviceaccounts.com")),
        )
    ]
    + [sign_in(f"2026-05-{day:02}T09:00:00Z", "FRA", country="FR") for day in range(1, 25)]
    + [sign_in("2026-05-25T09:00:00Z", "FRA", country="France"), sign_in("2026-05-26T09:00:00Z", "FRA", country="PT")]
    + [sign_in("2026-05-27T09:00:00Z", "FRA", country="FR", client={"app_name": "1Password CLI", "os_name": "Linux"})],
}


def of_people(*more: dict[str, list[Event]]) -> History:
    """Who left, and what people did that is found."""
    return history(*more, LEFT, FOUND)
