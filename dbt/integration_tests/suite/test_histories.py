"""Small histories whose truth is known, told in one account and read on DuckDB and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from comparison import access, at, canonical, only
from conftest import IN_DATABASES, read_once
from history import History
from inputs import Rows
from stories import NAMES, of_states
from telling import Event, audit, days, history, sign_in, use
from warehouses import Warehouse

MakeWarehouse = Callable[[str], Warehouse]
Row = dict[str, Any]
Marts = dict[str, list[Row]]

# A month after the end of the second quarter, which is the period where nothing else is said.
AS_OF = {"onepassword_as_of": "2026-07-31T12:00:00Z"}

# The lists of the baseline were begun at this time, and read for some minutes.
LISTED = "2026-05-20T10:00:00Z"

MARTS = [
    *("onepassword__vault_access_history", "onepassword__group_membership_history", "onepassword__current_vault_access"),
    *("onepassword__team_members", "onepassword__access_changes", "onepassword__admin_changes", "onepassword__item_access"),
    *("onepassword__sign_ins", "onepassword__findings", "onepassword__control_evidence", "onepassword__reconciliation"),
    *("int_onepassword__period_access", "int_onepassword__period_members", "int_onepassword__member_statuses"),
]


def account() -> History:
    return of_states(days("2025-12-01", "2026-07-31"))


def lists() -> dict[str, Rows]:
    """What 1Password listed while those things happened."""
    told = [event for _, record in account().records() for event in (record.data,) if event["timestamp"] <= LISTED]
    people = {event.get("actor_uuid") or (event.get("user") or event.get("target_user"))["uuid"] for event in told}
    people |= {event["aux_uuid"] for event in told if event.get("object_type") in ("uva", "gm")}
    people |= {event["object_uuid"] for event in told if event.get("object_type") == "user"}
    statuses = {"PAT": "suspended"}
    grants = [("DAILY", "OLU"), ("V1", "EVE"), ("V1", "LEO"), ("VNEW", "ANN"), ("V2", "DOR"), ("V2", "REM")]
    return {
        "baseline_members": [
            {"user_uuid": who, "email": None, "name": None, "status": statuses.get(who, "active"), "as_of": LISTED}
            for who in sorted((people | {"NEW"}) - {"QIN", "REM"})
        ],
        "baseline_group_members": [{"group_uuid": "DEV", "user_uuid": "OLU", "role": "member", "as_of": LISTED}],
        "baseline_vault_access": [
            {"vault_uuid": vault, "grantee_type": "user", "grantee_uuid": who, "as_of": LISTED}
            for vault, who in grants + [(f"NAMED{number}", who) for number in range(len(NAMES)) for who in ("BOB", f"MAL{number}")]
        ],
    }


@pytest.fixture(params=IN_DATABASES)
def marts(request: pytest.FixtureRequest, warehouse: MakeWarehouse) -> Marts:
    """The marts of the account."""
    return read_once(__name__, request.param, warehouse, account(), lists(), AS_OF, MARTS)


def test_a_name_stands_in_every_sentence_as_it_is(marts: Marts) -> None:
    sentences = {row["event_uuid"]: row["sentence"] for row in marts["onepassword__admin_changes"]}
    uses = {row["event_uuid"]: row["sentence"] for row in marts["onepassword__item_access"]}
    attempts = {row["event_uuid"]: row["sentence"] for row in marts["onepassword__sign_ins"]}
    found = {(row["rule"], row["subject_uuid"]): row["sentence"] for row in marts["onepassword__findings"]}
    for number, name in enumerate(NAMES):
        vault, who = f"NAMED{number}", f"MAL{number}"
        assert sentences[f"2026-05-02T09:00:00Z uva/grant {vault} BOB"] == f"{name} gave Bob access to the vault {vault}"
        assert sentences[f"2026-05-02T09:02:00Z uva/grant {vault} BOB"] == f"Olu gave {name} access to the vault {vault}"
        assert (
            sentences[f"2026-05-02T09:03:00Z comet/land {vault} None"]
            == f'{name} did "land" to the comet {vault}, whose meaning is not known'
        )
        assert sentences[f"2026-05-02T09:04:00Z invite/create INVITE{number} None"] == f"{name} invited {name}@elsewhere.example"
        assert found["vault_exported", who] == f"{name} exported the vault {vault}"
        assert f"{name}@elsewhere.example" in found["invited_from_another_domain", who]
        assert attempts[f"2026-05-02T09:00:00Z sign-in {who}"].startswith(f"{name} signed in with {name}")
        assert uses[f"2026-05-02T09:00:00Z reveal {who} {vault}"].startswith(f"{name} ")
        assert f"{name} used the unknown app {name} (events: 1)" == found["unknown_app", who]
    assert sentences["UNKNOWN"] == 'Olu did "{object}" to the {aux} NAMED0, whose meaning is not known'
    assert attempts["UNKNOWN"] == 'Olu tried to sign in with 1Password for Mac; the outcome "{app}" is not known'


def test_what_is_ended_or_changed_while_the_lists_are_read_was_open(marts: Marts) -> None:
    assert access(marts, "V1", "ANN") == [(at("02-01 00:00:00"), at("02-01 00:00:00"), at("05-20 10:00:10"), "revoked", "granted")]
    assert access(marts, "V1", "KIM") == [(None, at("05-20 10:00:00"), at("05-20 10:00:20"), "revoked", "older than the log")]
    assert access(marts, "V1", "RAY")[1:] == [(None, at("05-20 10:00:00"), None, None, "opening not seen")]
    assert access(marts, "VOLD", "ZOE") == [(at("03-01 00:00:00"), at("03-01 00:00:00"), at("05-20 10:15:00"), "vault deleted", "granted")]
    [noa] = only(marts["onepassword__group_membership_history"], group_uuid="OPS", user_uuid="NOA")
    assert (canonical(noa["ended_at"]), noa["ended_by"]) == (at("05-20 10:10:00"), "left")
    [lost] = only(marts["onepassword__access_changes"], vault_uuid="V1", user_uuid="ANN")
    assert (lost["change"], lost["changed_by_uuid"]) == ("lost", "ADMIN")
    had = {row["user_uuid"]: row["had_access"] for row in marts["onepassword__item_access"] if canonical(row["occurred_at"])[:10] == "2026-05-20"}
    assert {who: had[who] for who in ("ANN", "KIM", "ZOE", "EVE")} == dict.fromkeys(("ANN", "KIM", "ZOE", "EVE"), "yes")


def test_what_is_opened_while_the_lists_are_read_was_not_open(marts: Marts) -> None:
    assert access(marts, "V1", "EVE") == [(at("05-20 10:00:30"), at("05-20 10:00:30"), None, None, "granted")]
    assert access(marts, "V1", "LEO") == [
        (at("03-01 00:00:00"), at("03-01 00:00:00"), at("05-20 10:00:00"), "not in baseline", "granted"),
        (at("05-20 10:30:00"), at("05-20 10:30:00"), None, None, "granted"),
    ]
    assert {row["change"] for row in only(marts["onepassword__access_changes"], vault_uuid="V1", user_uuid="EVE")} == {"gained"}
    assert access(marts, "VNEW", "ANN") == [(None, at("05-20 10:20:00"), None, None, "baseline")]


def test_an_hour_after_the_lists_were_begun_they_are_right(marts: Marts) -> None:
    assert access(marts, "V1", "MIA") == [(at("03-01 00:00:00"), at("03-01 00:00:00"), at("05-20 10:00:00"), "not in baseline", "granted")]
    accused = {row["subject_uuid"] for row in only(marts["onepassword__findings"], rule="used_without_access")}
    assert "SAM" in accused
    assert not accused & {"ANN", "KIM", "ZOE", "EVE", "AMB", "AMC", "CRE"}


def test_a_person_who_changes_while_the_lists_are_read_is_what_the_log_says(marts: Marts) -> None:
    spells = {
        who: sorted((canonical(row["known_since"]), row["status"]) for row in only(marts["int_onepassword__member_statuses"], user_uuid=who))
        for who in ("PAT", "QIN", "NEW")
    }
    assert spells["PAT"] == [(at("03-01 00:00:00"), "active"), (at("05-20 10:05:00"), "suspended")]
    assert spells["QIN"] == [(at("03-01 00:00:00"), "active"), (at("05-20 10:20:00"), "removed")]
    assert spells["NEW"] == [(at("05-20 10:15:00"), "active")]
    assert not only(marts["onepassword__findings"], rule="used_after_suspension", subject_uuid="PAT")


def test_of_what_changed_while_the_lists_were_read_nothing_is_reconciled(marts: Marts) -> None:
    rows = {(row["what"], row["vault_uuid"], row["user_uuid"]): row["agrees"] for row in marts["onepassword__reconciliation"]}
    for who in ("ANN", "KIM", "EVE", "LEO", "RAY"):
        assert ("vault access", "V1", who) not in rows
    assert rows["vault access", "V1", "MIA"] == "only in log"
    assert rows["vault access", "DAILY", "OLU"] == "only in baseline"
    assert ("vault access", "VOLD", "ZOE") not in rows
    assert ("group membership", None, "NOA") not in rows
    assert ("member", None, "QIN") not in rows and ("member", None, "NEW") not in rows
    assert ("member", None, "PAT") not in rows
    assert rows["member", None, "OLU"] == "both"


def test_a_state_is_judged_at_the_end_of_the_period_whenever_that_is_done(marts: Marts) -> None:
    controls = {(row["framework"], row["control"]): row for row in marts["onepassword__control_evidence"]}
    [dormant] = only(marts["onepassword__findings"], rule="dormant_with_access", subject_uuid="DOR")
    assert canonical(dormant["last_at"]) == "2026-06-30 23:59:59.999999"
    assert controls["PCI DSS 4.0", "8.2.6"]["verdict"] == "exceptions"
    assert controls["PCI DSS 4.0", "8.2.6"]["exceptions"] == len(only(marts["onepassword__findings"], rule="dormant_with_access"))
    [left] = only(marts["onepassword__findings"], rule="access_left_after_removal", subject_uuid="REM")
    assert left["is_in_period"] is True
    assert controls["PCI DSS 4.0", "8.2.5"]["exceptions"] >= 1


def test_the_end_of_the_period_belongs_to_the_next_one(marts: Marts) -> None:
    held = {(row["vault_uuid"], row["user_uuid"]) for row in marts["int_onepassword__period_access"]}
    assert ("V3", "HAL") not in held and ("V3", "HAN") in held
    changed = {(row["user_uuid"], row["change"]) for row in only(marts["onepassword__access_changes"], vault_uuid="V3")}
    assert changed == {("HAN", "gained")}


def test_exceptions_are_part_of_the_population_and_of_the_period(marts: Marts) -> None:
    controls = {(row["framework"], row["control"]): row for row in marts["onepassword__control_evidence"]}
    assert all(row["exceptions"] <= row["population"] for row in controls.values())
    [app] = only(marts["onepassword__findings"], rule="unknown_app", subject_uuid="APP")
    assert app["is_in_period"] is False
    granted = controls["CIS 8", "6.1"]
    self_grants = only(marts["onepassword__findings"], rule="gave_oneself_a_vault", is_in_period=True)
    taken = only(marts["onepassword__findings"], rule="took_secret_after_giving_oneself_access", is_in_period=True)
    assert {row["subject_uuid"] for row in taken} >= {"EVE", "GON"}
    assert {row["period_audit_events"] for row in taken} <= {row["period_audit_events"] for row in self_grants}
    invitations = only(marts["onepassword__findings"], rule="invited_from_another_domain", is_in_period=True)
    assert granted["exceptions"] == len(self_grants) + len(invitations)
    assert granted["other_findings"] == 0
    # What GON gave themselves is gone at the end.
    access_at_the_end = controls["1Password", "vault access is controlled"]
    assert access_at_the_end["other_findings"] >= 2
    assert access_at_the_end["verdict"] == "exceptions"


def test_what_hangs_on_the_order_of_two_events_of_one_instant_says_so(marts: Marts) -> None:
    current = {(row["vault_uuid"], row["user_uuid"]): row["is_order_ambiguous"] for row in marts["onepassword__current_vault_access"]}
    assert current["V5", "AMC"] is True and current["V2", "DOR"] is False
    assert ("V5", "AMB") not in current
    assert {row["is_order_ambiguous"] for row in only(marts["onepassword__access_changes"], vault_uuid="V5")} == {True}
    uses = {row["user_uuid"]: (row["had_access"], row["open_question"]) for row in only(marts["onepassword__item_access"], vault_uuid="V5")}
    assert uses["AMB"] == ("unknown", "order of events")
    assert uses["AMC"] == ("yes", "order of events")
    members = {row["user_uuid"]: row["is_order_ambiguous"] for row in marts["onepassword__team_members"]}
    assert members["AMS"] is True and members["DOR"] is False
    assert not only(marts["onepassword__findings"], rule="used_after_suspension", subject_uuid="AMS")
    controls = {(row["framework"], row["control"]): row["ambiguous_rows"] for row in marts["onepassword__control_evidence"]}
    assert controls["PCI DSS 4.0", "7.2.4"] == 4
    assert controls["PCI DSS 4.0", "8.2.6"] == 1


def test_what_an_event_without_a_time_ended_is_not_open(marts: Marts) -> None:
    current = {(row["vault_uuid"], row["user_uuid"]) for row in marts["onepassword__current_vault_access"]}
    assert not current & {("V7", "UND"), ("V7", "UNR"), ("V7", "NOBODY")}
    assert access(marts, "V7", "UND") == [(at("06-01 00:00:00"), at("06-01 00:00:00"), at("06-10 00:00:00"), "revoked", "granted")]
    assert access(marts, "V7", "NOBODY") == []
    [row] = only(marts["onepassword__vault_access_history"], vault_uuid="V7", grantee_uuid="UND")
    assert row["is_order_ambiguous"] is True
    uses = {
        (row["user_uuid"], canonical(row["occurred_at"])[:10]): (row["had_access"], row["open_question"])
        for row in only(marts["onepassword__item_access"], vault_uuid="V7")
    }
    assert uses["UND", "2026-06-05"] == ("yes", "order of events")
    assert uses["UND", "2026-06-15"] == uses["UNR", "2026-06-15"] == ("unknown", "order of events")
    [member] = only(marts["onepassword__team_members"], user_uuid="UNR")
    assert (member["status"], member["removed_at"], member["is_order_ambiguous"]) == ("removed", None, True)
    assert not {row["subject_uuid"] for row in marts["onepassword__findings"]} & {"UND", "UNR"}


def test_what_rests_on_an_open_question_about_the_log_says_so(marts: Marts) -> None:
    current = {(row["vault_uuid"], row["user_uuid"]): row["open_question"] for row in marts["onepassword__current_vault_access"]}
    assert current["V6", "CRE"] == "access by creation"
    assert current["V2", "SUS"] == "access while suspended"
    assert current["V2", "DOR"] is None
    [use_before] = only(marts["onepassword__item_access"], vault_uuid="V6", user_uuid="CRE")
    assert (use_before["had_access"], use_before["open_question"]) == ("unknown", "access by creation")
    [granted] = only(marts["onepassword__vault_access_history"], vault_uuid="V6", grantee_uuid="CRE")
    [joined] = only(marts["onepassword__group_membership_history"], group_uuid="G6", user_uuid="CRE")
    assert granted["open_question"] == joined["open_question"] == "access by creation"


def test_what_may_have_begun_in_a_hole_of_the_log_has_no_start(warehouse: MakeWarehouse) -> None:
    told = {
        "audit_events": [
            audit("2026-04-05T00:00:00Z", "gva/grant", "V1", "OPS"),
            audit("2026-04-25T00:00:00Z", "gva/grant", "V2", "OPS"),
            audit("2026-05-10T00:00:00Z", "gm/role", "OPS", "ANN", aux_info="A"),
            audit("2026-05-10T00:00:00Z", "uva/revoke", "V3", "ANN"),
            audit("2026-04-08T00:00:00Z", "gm/role", "OPS", "BOB", aux_info="A"),
        ],
        "item_usages": [use(f"2026-{day}T00:00:00Z", who, vault) for day, who, vault in [
            ("04-08", "ANN", "V3"), ("04-22", "ANN", "V3"), ("04-08", "ANN", "V1"), ("05-11", "ANN", "V1"), ("04-09", "BOB", "V1"),
        ]],
    }
    built = warehouse("duckdb").load(history(days("2026-01-01", "2026-07-31", without=("2026-04-10", "2026-04-20")), told)).build(AS_OF)
    paths = {(row["vault_uuid"], row["user_uuid"]): row for row in built.rows("onepassword__current_vault_access")}
    assert (paths["V1", "ANN"]["since"], paths["V1", "ANN"]["basis"]) == (None, "opening not seen")
    assert (canonical(paths["V2", "ANN"]["since"]), paths["V2", "ANN"]["basis"]) == (at("04-25 00:00:00"), "granted")
    assert (canonical(paths["V1", "BOB"]["since"]), paths["V1", "BOB"]["basis"]) == (at("04-05 00:00:00"), "granted")
    gained = {(row["vault_uuid"], row["user_uuid"]) for row in only(built.rows("onepassword__access_changes"), change="gained")}
    assert gained == {("V2", "ANN"), ("V1", "BOB"), ("V2", "BOB")}
    had = {(canonical(row["occurred_at"])[:10], row["vault_uuid"], row["user_uuid"]): row["had_access"] for row in built.rows("onepassword__item_access")}
    assert had["2026-04-08", "V3", "ANN"] == had["2026-04-08", "V1", "ANN"] == "unknown"
    assert had["2026-04-22", "V3", "ANN"] == had["2026-05-11", "V1", "ANN"] == had["2026-04-09", "V1", "BOB"] == "yes"


def test_consecutive_quarters_neither_lose_nor_double_what_happens_between_them(warehouse: MakeWarehouse) -> None:
    quarters = [("2026-01-01", "2026-04-01"), ("2026-04-01", "2026-07-01"), ("2026-07-01", "2026-07-20")]
    built = warehouse("duckdb").load(account())
    gained, lost, held = [], [], []
    for start, end in quarters:
        built.build(AS_OF | {"onepassword_evidence_from": start, "onepassword_evidence_to": end}, "--select", "+onepassword__access_changes", "+int_onepassword__period_access", "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
        changes = only(built.rows("onepassword__access_changes"), vault_uuid="V3")
        gained.append({row["user_uuid"] for row in changes if row["change"] == "gained"})
        lost.append({row["user_uuid"] for row in changes if row["change"] == "lost"})
        held.append({row["user_uuid"] for row in only(built.rows("int_onepassword__period_access"), vault_uuid="V3")})
    assert gained == [set(), {"HAN"}, {"HAL"}]
    assert lost == [set(), set(), {"HAN"}]
    assert held == [set(), {"HAN"}, {"HAL"}]


def test_an_earlier_event_that_comes_late_gives_no_finding_another_identifier(warehouse: MakeWarehouse) -> None:
    def failures(minutes: range) -> list[Event]:
        return [sign_in(f"2026-05-05T10:{minute:02}:00Z", "BRU", category="credentials_failed", type=None) for minute in minutes]

    def taken(minutes: range) -> list[Event]:
        return [use(f"2026-05-06T10:{minute // 10:02}:{minute % 10:02}Z", "TAK", "V1", item=f"ITEM{minute}") for minute in minutes]

    now = {
        "audit_events": [
            audit("2026-05-01T00:00:00Z", "user/suspend", "SUS"),
            audit("2026-05-10T12:00:00Z", "user/enblmfa", "FAC", uuid="FACTOR 2"),
            audit("2026-05-10T13:00:00Z", "user/enblmfa", "FAC", uuid="FACTOR 3"),
        ],
        "item_usages": [use("2026-05-03T00:00:00Z", "SUS", "V1"), *taken(range(5, 30))],
        "sign_in_attempts": [
            sign_in("2026-05-03T00:00:00Z", "SUS"),
            sign_in("2026-05-03T00:00:00Z", "APP", client={"app_name": "Elsewhere"}),
            *failures(range(10, 35)),
            sign_in("2026-05-05T10:40:00Z", "BRU"),
            sign_in("2026-03-01T00:00:00Z", "TRA"),
            sign_in("2026-05-08T00:00:00Z", "TRA", country="FR"),
        ],
    }
    late = {
        "audit_events": [audit("2026-05-10T11:00:00Z", "user/enblmfa", "FAC", uuid="FACTOR 1")],
        "item_usages": [use("2026-05-02T00:00:00Z", "SUS", "V1"), *taken(range(5))],
        "sign_in_attempts": [
            sign_in("2026-05-02T00:00:00Z", "SUS"),
            sign_in("2026-04-02T00:00:00Z", "APP", client={"app_name": "Elsewhere"}),
            *failures(range(10)),
            sign_in("2026-05-07T00:00:00Z", "TRA", country="FR"),
        ],
    }
    built = warehouse("duckdb").load(history(days("2026-01-01", "2026-07-31"), now)).build(AS_OF)
    before = {row["finding_id"]: row for row in built.rows("onepassword__findings")}
    after = {row["finding_id"]: row for row in built.load(history(late, late=timedelta(days=130))).build(AS_OF).rows("onepassword__findings")}
    assert {row["rule"] for row in before.values()} >= {
        *("second_factors_added", "used_after_suspension", "signed_in_after_suspension", "unknown_app", "items_taken_in_a_burst"),
        *("failed_sign_ins_burst", "failed_sign_ins_burst_by_address", "failures_then_success", "new_country"),
    }
    assert set(before) == set(after)
    assert [row["rule"] for identifier, row in before.items() if after[identifier]["first_at"] >= row["first_at"]] == []
