"""Two lists out of 1Password and the log between them, told by hand and read in every warehouse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from comparison import access, at, canonical, only
from conftest import EVERYWHERE, MODELS, read_once
from history import History
from inputs import Rows, supply
from telling import audit, days, history, use
from warehouses import Warehouse

MakeWarehouse = Callable[[str], Warehouse]
Row = dict[str, Any]
Marts = dict[str, list[Row]]

# A month after the end of the second quarter, which is the period.
AS_OF = {"onepassword_as_of": "2026-07-31T12:00:00Z"}

FIRST, SECOND = "2026-04-10T10:00:00Z", "2026-06-20T10:00:00Z"
MARTS = [
    *("onepassword__vault_access_history", "onepassword__current_vault_access", "onepassword__group_membership_history"),
    *("onepassword__item_access", "onepassword__team_members", "onepassword__findings", "onepassword__control_evidence"),
    *("onepassword__reconciliation", "onepassword__log_confirmation"),
]

TOLD = {
    "audit_events": [
        audit("2026-05-01T00:00:00Z", "uva/grant", "V1", "ANN"),
        audit("2026-05-02T00:00:00Z", "uva/revoke", "V1", "CAS"),
        audit("2026-05-03T00:00:00Z", "uva/grant", "V1", "EVE"),
        audit("2026-04-20T00:00:00Z", "uva/grant", "V3", "HAL"),
        audit("2026-05-05T00:00:00Z", "gm/join", "OPS", "IDA", aux_info="R"),
        audit("2026-07-01T00:00:00Z", "uva/update", "V1", "KIM"),
        audit("2026-05-07T00:00:00Z", "user/join", "NIA", by="NIA"),
        # The second list was read until five minutes past ten.
        audit("2026-06-20T10:03:00Z", "uva/revoke", "V1", "PAT"),
        audit("2026-06-20T10:30:00Z", "uva/revoke", "V1", "QIN"),
    ],
    "item_usages": [
        use("2026-05-15T00:00:00Z", "BEN", "V1"),
        use("2026-05-15T00:00:00Z", "FAY", "V1"),
        use("2026-05-15T00:00:00Z", "FAY", "V3"),
        use("2026-05-15T00:00:00Z", "IDA", "V1"),
        use("2026-05-15T00:00:00Z", "GUS", "V2"),
    ],
}


def lists() -> dict[str, Rows]:
    """What was listed. The vault V3 could never be read, and V2 not the second time."""
    people = ("OLU", "ANN", "BEN", "CAS", "DAN", "EVE", "FAY", "GUS", "HAL", "IDA", "KIM", "LEO", "PAT", "QIN")
    grants = {
        FIRST: [("V1", "CAS"), ("V1", "DAN"), ("V1", "KIM"), ("V1", "LEO"), ("V1", "PAT"), ("V1", "QIN"), ("V2", "GUS"), ("DAILY", "OLU")],
        SECOND: [("V1", "ann"), ("V1", "BEN"), ("V1", "KIM"), ("V1", "LEO"), ("DAILY", "OLU")],
    }
    permissions = {"ann": "edit_items, View_Items", "BEN": "none", "KIM": "view_items", "OLU": "allow_viewing,allow_managing"}
    told: dict[str, Rows] = {
        "baselines": [],
        "baseline_members": [
            {"user_uuid": who, "email": None, "name": f"{who} at {at[:7]}", "kind": "person", "status": "active", "as_of": at}
            for at, more in ((FIRST, ()), (SECOND, ("NIA", "NEW")))
            for who in people + more
        ],
        "baseline_groups": [{"group_uuid": "OPS", "name": "Operations", "as_of": at} for at in (FIRST, SECOND)],
        "baseline_group_members": [{"group_uuid": "ops", "user_uuid": "IDA", "role": "member", "as_of": SECOND}],
        "baseline_vaults": [
            *({"vault_uuid": vault, "name": f"{vault} at first", "as_of": FIRST} for vault in ("V1", "V2", "DAILY")),
            *({"vault_uuid": vault, "name": f"{vault} later", "as_of": SECOND} for vault in ("V1", "DAILY")),
        ],
        "baseline_vault_access": [
            *(
                {"vault_uuid": vault, "grantee_type": "user", "grantee_uuid": who, "permissions": permissions.get(who), "as_of": at}
                for at, held in grants.items()
                for vault, who in held
            ),
            *(
                {"vault_uuid": "V1", "grantee_type": "group", "grantee_uuid": "OPS", "permissions": "manage_vault", "as_of": at}
                for at in (FIRST, SECOND)
            ),
        ],
        "vault_names": [{"uuid": "V2", "name": "Mine"}],
    }
    for at, finished in ((FIRST, "2026-04-10T10:05:00Z"), (SECOND, "2026-06-20T10:05:00Z")):
        counts = {
            f"{name}_count": str(sum(row["as_of"] == at for row in told[f"baseline_{name}"]))
            for name in ("members", "groups", "group_members", "vaults", "vault_access")
        }
        told["baselines"].append({"as_of": at, "finished_at": finished, "taken_by_email": "owner@example.com", "tool": "a test"} | counts)
    return told


def account(without: tuple[str, str] | None = None) -> History:
    return history(days("2026-03-25", "2026-07-31", without=without), TOLD)


@pytest.fixture(params=EVERYWHERE)
def marts(request: pytest.FixtureRequest, warehouse: MakeWarehouse) -> Marts:
    """The marts of the account."""
    return read_once(__name__, request.param, warehouse, account(), lists(), AS_OF, MARTS)


def test_each_list_is_the_truth_at_its_time(marts: Marts) -> None:
    assert access(marts, "V1", "ANN") == [(at("05-01 00:00:00"), at("05-01 00:00:00"), None, None, "granted")]
    assert access(marts, "V1", "BEN") == [(None, at("06-20 10:00:00"), None, None, "baseline")]
    assert access(marts, "V1", "CAS") == [(None, at("04-10 10:00:00"), at("05-02 00:00:00"), "revoked", "baseline")]
    assert access(marts, "V1", "DAN") == [(None, at("04-10 10:00:00"), at("06-20 10:00:00"), "not in baseline", "baseline")]
    assert access(marts, "V1", "EVE") == [(at("05-03 00:00:00"), at("05-03 00:00:00"), at("06-20 10:00:00"), "not in baseline", "granted")]
    assert access(marts, "V1", "LEO") == [(None, at("04-10 10:00:00"), None, None, "baseline")]


def test_while_lists_are_read_the_first_event_tells(marts: Marts) -> None:
    assert access(marts, "V1", "PAT") == [(None, at("04-10 10:00:00"), at("06-20 10:03:00"), "revoked", "baseline")]
    assert access(marts, "V1", "QIN") == [(None, at("04-10 10:00:00"), at("06-20 10:00:00"), "not in baseline", "baseline")]


def test_what_a_list_could_not_read_it_does_not_end(marts: Marts) -> None:
    assert access(marts, "V2", "GUS") == [(None, at("04-10 10:00:00"), None, None, "baseline")]
    assert access(marts, "V3", "HAL") == [(at("04-20 00:00:00"), at("04-20 00:00:00"), None, None, "granted")]
    complete = {row["vault_uuid"]: canonical(row["coverage_from"]) for row in marts["onepassword__current_vault_access"]}
    assert complete == {"V1": at("04-10 10:00:00"), "V2": at("04-10 10:00:00"), "DAILY": at("04-10 10:00:00"), "V3": None}
    controls = {row["control"]: row for row in marts["onepassword__control_evidence"]}
    assert controls["vault access is controlled"]["population_is_complete"] is False
    assert controls["team membership is current"]["population_is_complete"] is True


def test_nobody_is_said_to_have_had_no_access_that_may_have_begun_unseen(marts: Marts) -> None:
    had = {(row["user_uuid"], row["vault_uuid"]): (row["had_access"], row["open_question"]) for row in marts["onepassword__item_access"]}
    assert had["BEN", "V1"] == ("unknown", "opening not seen")
    assert had["FAY", "V1"] == ("no", None)
    assert had["FAY", "V3"] == ("unknown", None)
    assert had["IDA", "V1"] == had["GUS", "V2"] == ("yes", None)


def test_permissions_are_those_of_the_last_list_until_an_event_may_have_changed_them(marts: Marts) -> None:
    current = {
        (row["user_uuid"], row["path"]): (row["permissions"], row["may_view_items"])
        for row in only(marts["onepassword__current_vault_access"], vault_uuid="V1")
    }
    assert current["ANN", "direct"] == ("edit_items,view_items", True)
    assert current["BEN", "direct"] == ("", False)
    assert current["KIM", "direct"] == current["LEO", "direct"] == (None, None)
    assert current["IDA", "group"] == ("manage_vault", False)
    [daily] = only(marts["onepassword__current_vault_access"], vault_uuid="DAILY")
    assert (daily["permissions"], daily["may_view_items"]) == ("allow_viewing,allow_managing", True)
    [group] = only(marts["onepassword__vault_access_history"], grantee_type="group")
    assert (group["permissions"], group["may_view_items"]) == ("manage_vault", False)
    [gone] = only(marts["onepassword__vault_access_history"], grantee_uuid="KIM")
    assert gone["may_view_items"] is None


def test_names_are_those_of_the_newest_list_and_ones_own_go_before_them(marts: Marts) -> None:
    names = {row["vault_uuid"]: row["vault_name"] for row in marts["onepassword__vault_access_history"]}
    assert names == {"V1": "V1 later", "V2": "Mine", "V3": None, "DAILY": "DAILY later"}
    [group] = marts["onepassword__group_membership_history"]
    assert (group["group_uuid"], group["group_name"]) == ("OPS", "Operations")
    people = {row["user_uuid"]: row["user_name"] for row in marts["onepassword__team_members"]}
    assert people["ANN"] == "ANN at 2026-06"
    # An event after the list is newer.
    assert people["OLU"] == "Olu"


def test_what_two_lists_tell_differently_is_in_the_log_or_found(marts: Marts) -> None:
    columns = ("changes", "explained", "unexplained", "contradicted", "verdict")
    rows = {row["kind"]: tuple(row[name] for name in columns) for row in marts["onepassword__log_confirmation"]}
    assert rows == {
        "vault access": (5, 2, 3, 1, "not confirmed"),
        "group membership": (1, 1, 0, 0, "confirmed"),
        "member": (2, 1, 1, 0, "not confirmed"),
    }
    assert {(canonical(row["from_as_of"]), canonical(row["to_as_of"])) for row in marts["onepassword__log_confirmation"]} == {
        (at("04-10 10:00:00"), at("06-20 10:00:00"))
    }
    found = {row["subject_uuid"]: row for row in only(marts["onepassword__findings"], rule="change_not_in_log")}
    assert set(found) == {"BEN", "DAN", "EVE", "NEW", "QIN"}
    assert found["BEN"]["sentence"] == (
        "BEN at 2026-06 got access to the vault V1 later between the lists of 2026-04-10 and 2026-06-20, and the log does not tell it"
    )
    assert {row["is_in_period"] for row in found.values()} == {True}
    [captured] = only(marts["onepassword__control_evidence"], control="administrative changes are captured")
    assert captured["confirmation"] == (
        "Not confirmed by the lists of 2026-04-10 and 2026-06-20: 4 of 8 changes are in the log, and it contradicts the later list in 1."
    )
    assert captured["other_findings"] == 5
    assert {row["confirmation"] for row in marts["onepassword__control_evidence"]} == {None, captured["confirmation"]}


def test_each_list_is_reconciled_with_what_was_known_before_it(marts: Marts) -> None:
    rows = {
        (canonical(row["as_of"]), row["vault_uuid"], row["user_uuid"]): row["agrees"]
        for row in only(marts["onepassword__reconciliation"], what="vault access")
    }
    first, second = at("04-10 10:00:00"), at("06-20 10:00:00")
    assert {agrees for (as_of, _, _), agrees in rows.items() if as_of == first} == {"only in baseline"}
    assert {(who, agrees) for (as_of, vault, who), agrees in rows.items() if as_of == second and vault == "V1"} == {
        *{("ANN", "both"), ("KIM", "both"), ("LEO", "both"), (None, "both")},
        *{("BEN", "only in baseline"), ("DAN", "only in log"), ("EVE", "only in log"), ("QIN", "only in log")},
    }
    assert (second, "V2", "GUS") not in rows


def test_a_hole_in_the_log_ends_what_is_complete_and_the_next_list_begins_it_again(warehouse: MakeWarehouse) -> None:
    uses = {"item_usages": [use(f"2026-{day}T01:00:00Z", "FAY", "V1") for day in ("05-04", "05-25", "06-25")]}
    silent = history(days("2026-03-25", "2026-07-31", without=("2026-05-10", "2026-05-20")), uses)
    empty = warehouse("duckdb").load(silent)
    built = empty.build(AS_OF | supply(empty, **lists()), *MODELS, "--select", "+onepassword__current_vault_access", "+onepassword__item_access")
    had = {canonical(row["occurred_at"])[5:10]: row["had_access"] for row in only(built.rows("onepassword__item_access"), user_uuid="FAY")}
    assert had == {"05-04": "no", "05-25": "unknown", "06-25": "no"}
    [daily] = only(built.rows("onepassword__current_vault_access"), vault_uuid="DAILY")
    assert canonical(daily["coverage_from"]) == at("06-20 10:00:00")


def test_permissions_of_a_past_time_are_those_of_then(warehouse: MakeWarehouse) -> None:
    empty = warehouse("duckdb").load(account())
    variables = AS_OF | supply(empty, **lists()) | {"onepassword_evidence_from": "2026-06-01", "onepassword_evidence_to": "2026-06-25"}
    built = empty.build(variables, *MODELS, "--select", "+int_onepassword__period_access")
    then = {(row["vault_uuid"], row["user_uuid"]): row["permissions"] for row in built.rows("int_onepassword__period_access")}
    assert then["V1", "KIM"] == "view_items"
