"""What is stored of a decision: plain, the same for the same, and of nobody."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, fields

import pytest

from routing.engine.explain import canonical, to_json
from routing.engine.facts import Member, Permission, ProtectionFacts
from routing.engine.filters import Criterion
from routing.engine.rules import RuleFacts
from tests.routing.engine.world import AT, a_need, a_shelter, ask, check, room

NEVER = {
    "cooperation", "complaint", "testimony", "documents", "migration", "residence", "nationality",
    "ethnicity", "religion", "screening", "status", "victim", "identified", "justice", "name",
}  # fmt: skip


def test_a_line_tells_every_criterion_and_the_first_filter_that_failed():
    told = to_json(check(a_need(may_tell=()), a_shelter(operating=False)))
    assert list(told["criteria"]) == [str(one) for one in Criterion]
    assert [code for code, passed in told["criteria"].items() if not passed] == [
        "consent",
        "suspended",
    ]
    assert told["failed"] == ["consent", "suspended"]
    assert told["first_failed"] == "consent"


def test_a_candidate_tells_its_bands_by_name_and_what_decided():
    near, far = a_shelter("a"), a_shelter("b", area="yei")
    told = to_json(ask(a_need(), near, far, capacity={"a": room(2)}))
    first = told["candidates"][0]
    assert (first["confirmed"], first["distance"]) == ("within_7_days", "same_area")
    assert (first["free"], first["km"], first["decided_by"]) == (2, 0, "confirmed")
    assert first["first_failed"] is None


def test_an_outcome_is_plain_json_with_the_versions_it_was_made_from():
    told = json.loads(canonical(ask(a_need(), a_shelter(operating=False))))
    assert (told["directory_version"], told["passability"], told["at"]) == ("v1", 1, AT.isoformat())
    assert (told["cause"], told["left_out"]["suspended"]) == ("suspended", 1)


def test_no_number_is_a_float():
    def refuse(text):
        raise AssertionError(f"{text} is a float")

    json.loads(canonical(ask(a_need(), a_shelter(area="yei"))), parse_float=refuse)


def test_equal_facts_give_the_same_bytes_whatever_the_order_of_their_sets():
    languages = ["eng", "din", "nus", "apd", "shk", "bfa"]
    there, back = frozenset(languages), frozenset(reversed(languages))
    assert canonical(a_need(languages=there)) == canonical(a_need(languages=back))
    assert to_json(a_need(languages=there))["languages"] == sorted(languages)


@pytest.mark.parametrize("kind", [ProtectionFacts, Member, Permission, RuleFacts])
def test_the_facts_have_no_place_for_what_must_not_count(kind):
    words = {word for field in fields(kind) for word in field.name.split("_")}
    assert not words & NEVER


@pytest.mark.parametrize("name", ["cooperation", "victim_status", "urgency"])
def test_the_facts_are_closed_and_frozen(name):
    with pytest.raises((FrozenInstanceError, TypeError, AttributeError)):
        setattr(a_need(), name, True)


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda: Member("13", "woman"), "age_band"),
        (lambda: Member("6-11", "girl"), "sex"),
        (lambda: a_need(urgency="now"), "urgency"),
        (lambda: a_need(members=()), "members"),
    ],
)
def test_what_is_outside_the_closed_lists_is_refused_by_name(make, named):
    with pytest.raises(ValueError, match=named):
        make()
