"""Small histories about who people are, who left, what inputs match and what findings say, read on DuckDB and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from comparison import canonical, only
from conftest import IN_DATABASES, read_once
from history import History
from inputs import Rows
from stories import of_people
from telling import Event, audit, days, history, use
from warehouses import Warehouse

MakeWarehouse = Callable[[str], Warehouse]
Row = dict[str, Any]

AS_OF = {"onepassword_as_of": "2026-07-31T12:00:00Z"}
MARTS = ["onepassword__team_members", "onepassword__findings", "onepassword__control_evidence", "onepassword__unmatched_inputs"]

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


@pytest.fixture(params=IN_DATABASES)
def marts(request: pytest.FixtureRequest, warehouse: MakeWarehouse) -> dict[str, list[Row]]:
    """The marts of the account."""
    return read_once(__name__, request.param, warehouse, of_people(days("2025-12-01", "2026-07-31")), INPUTS, AS_OF, MARTS)


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


def test_of_several_accounts_one_is_chosen(warehouse: MakeWarehouse) -> None:
    ours = {"audit_events": [audit("2026-05-01T00:00:00Z", "uva/grant", "V1", "ANN")], "item_usages": [use("2026-05-01T01:00:00Z", "ANN", "V1")]}
    theirs = {"audit_events": [audit("2026-05-01T00:00:00Z", "uva/grant", "V9", "ZED")], "item_usages": [use("2026-05-01T01:00:00Z", "ZED", "V9")]}
    unnamed = {"audit_events": [audit("2026-05-02T00:00:00Z", "uva/grant", "V5", "NUL")]}
    models = ("--select", "+onepassword__team_members", "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")

    def members(told: History, account: str | None) -> set[str]:
        built = warehouse("duckdb").load(told)
        built.build(AS_OF | ({"onepassword_account_uuid": account} if account else {}), *models)
        return {row["user_uuid"] for row in built.rows("onepassword__team_members")}

    two = history(of_account(ours, "OURS"), of_account(theirs, "THEIRS"), unnamed)
    assert members(two, "ours") == {"OLU", "ANN"}
    assert members(two, "THEIRS") == {"OLU", "ZED"}
    assert members(history(of_account(ours, "OURS"), unnamed), "OURS") == {"OLU", "ANN", "NUL"}
    assert members(history(of_account(ours, "OURS"), unnamed), None) == {"OLU", "ANN", "NUL"}
