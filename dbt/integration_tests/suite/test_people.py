"""Small histories about who people are, who left, what inputs match and what findings say, read in every warehouse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from comparison import canonical, only
from conftest import EVERYWHERE, read_once
from history import History
from inputs import Rows
from telling import Event, audit, days, history, sign_in, use
from warehouses import Warehouse

MakeWarehouse = Callable[[str], Warehouse]
Row = dict[str, Any]

AS_OF = {"onepassword_as_of": "2026-07-31T12:00:00Z"}
MARTS = ["onepassword__team_members", "onepassword__findings", "onepassword__control_evidence", "onepassword__unmatched_inputs"]
BERLIN = {"country": "Germany", "city": "Berlin", "latitude": 52.52, "longitude": 13.4}
NEW_YORK = {"country": "US", "city": "New York", "latitude": 40.71, "longitude": -74.0}


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

INPUTS: dict[str, Rows] = {
    "leavers": [
        {"user_uuid": None, "email": "sfo@example.com", "left_on": "2026-05-10"},
        {"user_uuid": "akl", "email": None, "left_on": "2026-05-10"},
        {"user_uuid": None, "email": " Ren.Old@example.com ", "left_on": "2026-05-10"},
        {"user_uuid": None, "email": "dan@example.com", "left_on": "2026-04-20"},
        {"user_uuid": "TWO", "email": None, "left_on": "2026-04-01"},
        {"user_uuid": "TWO", "email": None, "left_on": "2026-05-10T17:00:00Z"},
        {"user_uuid": None, "email": "typo@example.com", "left_on": "2026-05-10"},
    ],
    "privileged_groups": [{"uuid": "own"}],
    "privileged_vaults": [{"uuid": "V1"}, {"uuid": "TYPO"}],
    "known_addresses": [{"address": "198.51.100.128/25"}, {"address": "2001:db8:ffff::/48"}],
}


@pytest.fixture(params=EVERYWHERE)
def marts(request: pytest.FixtureRequest, warehouse: MakeWarehouse) -> dict[str, list[Row]]:
    """The marts of the account."""
    return read_once(__name__, request.param, warehouse, history(days("2025-12-01", "2026-07-31"), LEFT, FOUND), INPUTS, AS_OF, MARTS)


def accused(marts: dict[str, list[Row]], rule: str) -> list[str | None]:
    return sorted(row["subject_uuid"] for row in only(marts["onepassword__findings"], rule=rule))


def test_who_left_is_judged_by_the_whole_day_by_every_address_and_for_each_departure(marts: dict[str, list[Row]]) -> None:
    late = only(marts["onepassword__findings"], rule="leaver_cut_off_late")
    assert {(row["subject_uuid"], canonical(row["first_at"])[:19]) for row in late} == {
        ("AKL", "2026-05-12 12:00:00"),
        ("REN", "2026-05-12 12:00:00"),
        ("TWO", "2026-05-11 17:00:00"),
    }


def test_an_invitation_is_of_whoever_it_was_sent_to(marts: dict[str, list[Row]]) -> None:
    invited = {row["user_uuid"]: canonical(row["invited_at"]) for row in marts["onepassword__team_members"]}
    assert (invited["DAN"][:10], invited["DANA"][:10]) == ("2026-01-05", "2026-05-20")


def test_what_matches_nothing_is_said_and_proves_nothing(marts: dict[str, list[Row]]) -> None:
    unmatched = {(row["input"], row["value"]) for row in marts["onepassword__unmatched_inputs"]}
    assert unmatched == {("leavers", "typo@example.com"), ("privileged_vaults", "TYPO"), ("known_addresses", "2001:db8:ffff::/48")}
    [privileged] = only(marts["onepassword__control_evidence"], control="A.8.2")
    assert privileged["verdict"] == "not proven" and "privileged_vaults are not known to the events: 1" in privileged["coverage"]
    [leavers] = only(marts["onepassword__control_evidence"], control="8.2.5")
    assert leavers["verdict"] == "exceptions"
    [sign_ins] = only(marts["onepassword__control_evidence"], control="CC7.2")
    assert "198.51.100.128/25" in sign_ins["limitation"]


def test_an_identifier_is_one_in_whatever_case(marts: dict[str, list[Row]]) -> None:
    assert accused(marts, "joined_privileged_group") == ["EVE"]


def test_who_goes_on_administering_after_being_cut_off_is_found(marts: dict[str, list[Row]]) -> None:
    [found] = only(marts["onepassword__findings"], rule="acted_after_suspension")
    assert (found["subject_uuid"], found["events"]) == ("ANN", 2)


def test_who_is_of_another_account_is_no_member(marts: dict[str, list[Row]]) -> None:
    members = {row["user_uuid"] for row in marts["onepassword__team_members"]}
    assert "BOB" in members and not members & {"TEC", "OTH"}


def test_what_machines_write_is_no_activity(marts: dict[str, list[Row]]) -> None:
    dormant = {row["user_uuid"]: row["is_dormant"] for row in marts["onepassword__team_members"]}
    assert dormant["CHA"] is True and dormant["OLU"] is False


def test_access_that_people_give_to_themselves(marts: dict[str, list[Row]]) -> None:
    assert accused(marts, "gave_own_group_a_vault") == ["EVE", "EVE"]
    assert accused(marts, "took_secret_after_giving_oneself_access") == ["EVE"]
    assert accused(marts, "gave_oneself_a_vault") == []


def test_places_are_of_people_and_are_what_they_are(marts: dict[str, list[Row]]) -> None:
    [travel] = only(marts["onepassword__findings"], rule="impossible_travel")
    assert travel["subject_uuid"] == "TRA" and travel["sentence"].endswith("Berlin and New York, 6385 km apart, within 5 minutes (times: 10)")
    [country] = only(marts["onepassword__findings"], rule="new_country", subject_uuid="FRA")
    assert "from PT," in country["sentence"]
    assert "BOT" not in accused(marts, "new_country")
    assert accused(marts, "session_from_two_addresses") == ["HIJ"]


def test_much_that_is_read_and_what_is_new(marts: dict[str, list[Row]]) -> None:
    assert accused(marts, "items_taken_in_a_burst") == ["CLI"]
    assert accused(marts, "many_vaults_opened") == ["MVW"]
    assert accused(marts, "items_exported") == ["EVE"]
    assert accused(marts, "new_app") == ["FRA"]
    assert accused(marts, "invitation_not_judged") == ["NOM"]
    assert accused(marts, "invited_from_another_domain") == []


def of_account(told: dict[str, list[Event]], account: str | None) -> dict[str, list[Event]]:
    return {stream: [event | {"account_uuid": account, "uuid": f"{account} {event['uuid']}"} for event in events] for stream, events in told.items()}


@pytest.mark.parametrize("kind", ["duckdb", "postgres"])
def test_of_several_accounts_one_is_chosen(warehouse: MakeWarehouse, kind: str) -> None:
    ours = {"audit_events": [audit("2026-05-01T00:00:00Z", "uva/grant", "V1", "ANN")], "item_usages": [use("2026-05-01T01:00:00Z", "ANN", "V1")]}
    theirs = {"audit_events": [audit("2026-05-01T00:00:00Z", "uva/grant", "V9", "ZED")], "item_usages": [use("2026-05-01T01:00:00Z", "ZED", "V9")]}
    unnamed = {"audit_events": [audit("2026-05-02T00:00:00Z", "uva/grant", "V5", "NUL")]}
    models = ("--select", "+onepassword__team_members", "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")

    def members(told: History, account: str | None) -> set[str]:
        built = warehouse(kind).load(told)
        built.build(AS_OF | ({"onepassword_account_uuid": account} if account else {}), *models)
        return {row["user_uuid"] for row in built.rows("onepassword__team_members")}

    two = history(of_account(ours, "OURS"), of_account(theirs, "THEIRS"), unnamed)
    assert members(two, "ours") == {"OLU", "ANN"}
    assert members(two, "THEIRS") == {"OLU", "ZED"}
    assert members(history(of_account(ours, "OURS"), unnamed), "OURS") == {"OLU", "ANN", "NUL"}
    assert members(history(of_account(ours, "OURS"), unnamed), None) == {"OLU", "ANN", "NUL"}
