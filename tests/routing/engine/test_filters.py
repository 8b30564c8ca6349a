"""Each filter, told as a table: what is changed in a shelter or a need, and what it fails by."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from routing.engine.facts import Member, Permission
from routing.engine.filters import PASSES, Criterion, Filter
from routing.engine.rows import BLOCKING_CONDITIONS
from tests.routing.engine.world import AREAS, AT, WOMAN, a_need, a_shelter, ask, check, room

BOY, SMALL_BOY, GIRL = Member("12-14", "man"), Member("6-11", "man"), Member("12-14", "woman")
NOBODY_KNOWS = Member("unknown", "unknown")
WOMEN_ONLY = {"sexes": frozenset({"woman"})}

FAILURES = {
    "police are never offered anybody": (
        {}, {"authority": "police"}, Criterion.AUTHORITY),
    "a clinic is no shelter": (
        {}, {"capability": "health_ongoing"}, Criterion.CAPABILITY),
    "beyond the reach of the capability": (
        {}, {"area": "bor", "reach_km": 100}, Criterion.NEAR),
    "across the border": (
        {"area": "kajo"}, {"area": "gulu"}, Criterion.PATH),
    "a shelter for children does not take a woman": (
        {}, {"max_age": 17}, Criterion.AGE),
    "a shelter for adults does not take a child": (
        {"members": (GIRL,)}, {"min_age": 18}, Criterion.AGE),
    "one member too old is enough": (
        {"members": (GIRL, WOMAN)}, {"max_age": 17}, Criterion.AGE),
    "women only": (
        {"members": (Member("26-59", "man"),)}, WOMEN_ONLY, Criterion.SEX),
    "a boy alone is not an accompanied son": (
        {"members": (BOY,)}, {**WOMEN_ONLY, "max_son_age": 14}, Criterion.SEX),
    "a son above the age": (
        {"members": (WOMAN, BOY)}, {**WOMEN_ONLY, "max_son_age": 11}, Criterion.SEX),
    "sons are taken only where the service says so": (
        {"members": (WOMAN, SMALL_BOY)}, WOMEN_ONLY, Criterion.SEX),
    "a grown son is not a son": (
        {"members": (WOMAN, Member("18-25", "man"))},
        {**WOMEN_ONLY, "max_son_age": 20}, Criterion.SEX),
    "does not take pregnant women": (
        {"members": (replace(WOMAN, pregnant=True),)}, {"takes_pregnant": False},
        Criterion.PREGNANCY),
    "no sign language": (
        {"members": (replace(WOMAN, access=frozenset({"step_free", "sign_language"})),)}, {},
        Criterion.ACCESS),
    "nothing recorded means nobody may be told": (
        {"may_tell": ()}, {}, Criterion.CONSENT),
    "consent for another organization": (
        {"may_tell": (Permission("other", None, False, True),)}, {}, Criterion.CONSENT),
    "consent for another capability": (
        {"may_tell": (Permission(None, "psychosocial", False, True),)}, {}, Criterion.CONSENT),
    "consent is read narrowly where it names two things": (
        {"may_tell": (Permission("other", "shelter", False, True),)}, {}, Criterion.CONSENT),
    "a permission that names nobody reaches nobody": (
        {"may_tell": (Permission(None, None, False, True),)}, {}, Criterion.CONSENT),
    "consent for every unconditional service leaves the others out": (
        {"may_tell": (Permission(None, None, True, True),)},
        {"conditions": frozenset({"documents"})}, Criterion.CONSENT),
    "an excluded organization": (
        {"excluded_organizations": frozenset({"refuge"})}, {}, Criterion.EXCLUDED_ORGANIZATION),
    "an excluded kind of actor": (
        {"excluded_actors": frozenset({"faith"})}, {"organization_kind": "faith"},
        Criterion.EXCLUDED_ACTOR),
    "an excluded authority": (
        {"excluded_actors": frozenset({"military"})}, {"authority": "military"},
        Criterion.EXCLUDED_ACTOR),
    "an excluded area": (
        {"excluded_areas": frozenset({"juba"})}, {}, Criterion.EXCLUDED_AREA),
    "inside an excluded area": (
        {"excluded_areas": frozenset({"equatoria"})}, {}, Criterion.EXCLUDED_AREA),
    "it reports to an excluded actor": (
        {"excluded_actors": frozenset({"police"})}, {"reports_to": frozenset({"police"})},
        Criterion.REPORTS_TO),
    "a security actor where such are implicated": (
        {"state_security_implicated": True}, {"security_actor": True}, Criterion.STATE_SECURITY),
    "not free to leave, and it does not come": (
        {"free_to_leave": False}, {}, Criterion.NOT_FREE_TO_LEAVE),
    "suspended": (
        {}, {"operating": False}, Criterion.SUSPENDED),
    "closed until a second from now": (
        {}, {"opens_at": AT + timedelta(seconds=1)}, Criterion.CLOSED_UNTIL),
    "a team whose time is over at this second": (
        {}, {"ends_at": AT}, Criterion.AWAY),
    "a team between two stops": (
        {}, {"here": False}, Criterion.AWAY),
    "a family room for one woman": (
        {}, {"for_families": True}, Criterion.FAMILY),
    "a human marked that it may not exist": (
        {}, {"existence_doubted": True}, Criterion.UNCONFIRMED),
    "full": (
        {}, {"capacity": {"shelter": room(0)}}, Criterion.CAPACITY),
    "one bed for two": (
        {"members": (WOMAN, GIRL)}, {"capacity": {"shelter": room(1)}}, Criterion.CAPACITY),
    "the last bed is held": (
        {}, {"capacity": {"shelter": room(1, held=1)}}, Criterion.CAPACITY),
    "the last bed was given since": (
        {}, {"capacity": {"shelter": room(1, placed_since=1)}}, Criterion.CAPACITY),
    "unknown room, and five asks are open": (
        {}, {"capacity": {"shelter": room(None, open_asks=5)}}, Criterion.CAPACITY),
    "an old number is no number": (
        {}, {"capacity": {"shelter": room(9, days=31, open_asks=5)}}, Criterion.CAPACITY),
    "asked before": (
        {}, {"asked": ["shelter"]}, Criterion.ALREADY_ASKED),
}  # fmt: skip

PASSING = {
    "an unchanged shelter": ({}, {}),
    "a security actor where none is implicated": ({}, {"security_actor": True}),
    "an age band that overlaps": ({"members": (Member("15-17", "woman"),)}, {"min_age": 16}),
    "an unknown age and sex, to be asked": (
        {"members": (NOBODY_KNOWS,)}, {**WOMEN_ONLY, "max_age": 17}),
    "a doubted age opens a home for children": (
        {"members": (Member("18-25", "woman", age_doubt=True),)}, {"max_age": 17}),
    "a doubted age closes nothing": (
        {"members": (Member("18-25", "woman", age_doubt=True),)}, {"min_age": 18}),
    "a small son with his mother": (
        {"members": (WOMAN, SMALL_BOY)}, {**WOMEN_ONLY, "max_son_age": 11}),
    "the limit for sons stands for their age too": (
        {"members": (WOMAN, SMALL_BOY)}, {**WOMEN_ONLY, "max_son_age": 11, "min_age": 18}),
    "access that nobody recorded, to be asked": (
        {"members": (replace(WOMAN, access=frozenset({"step_free"})),)}, {"access": None}),
    "walk-in without any consent, since nothing is told": (
        {"may_tell": ()}, {"reached_by": "walk_in"}),
    "consent for this organization": (
        {"may_tell": (Permission("refuge", None, False, False),)}, {}),
    "consent for every unconditional service": (
        {"may_tell": (Permission(None, None, True, False),)}, {"conditions": frozenset({"fees"})}),
    "not free to leave, but it comes": ({"free_to_leave": False}, {"comes_to_person": True}),
    "fees, a test and no phone are told, not filtered": (
        {}, {"conditions": frozenset({"fees", "medical_test", "no_phone_or_going_out"})}),
    "open again from this second": ({}, {"opens_at": AT}),
    "a team in its last second": ({}, {"ends_at": AT + timedelta(seconds=1)}),
    "a family room for two": ({"members": (WOMAN, GIRL)}, {"for_families": True}),
    "the last bed": ({}, {"capacity": {"shelter": room(1)}}),
    "unknown room with four open asks": ({}, {"capacity": {"shelter": room(None, open_asks=4)}}),
    "nothing to count is never full": (
        {}, {"unit": "none", "capacity": {"shelter": room(0, open_asks=99)}}),
    "confirmed exactly thirty days ago": ({}, {"capacity": {"shelter": room(1, 30, open_asks=9)}}),
}  # fmt: skip

TERMS = ("capacity", "asked", "reach_km", "areas")


def told(need, service):
    """The line of a changed shelter for a changed need; what is not of the service are terms."""
    terms = {name: value for name, value in service.items() if name in TERMS}
    changes = {name: value for name, value in service.items() if name not in TERMS}
    return check(a_need(**need), a_shelter(**changes), **terms)


@pytest.mark.parametrize(("need", "service", "criterion"), FAILURES.values(), ids=list(FAILURES))
def test_it_fails_by_this_criterion(need, service, criterion):
    assert criterion in told(need, service).failed


@pytest.mark.parametrize(("need", "service"), PASSING.values(), ids=list(PASSING))
def test_it_passes_everything(need, service):
    assert told(need, service).failed == ()


# Written out once more, so that none of ruling 4's list can be lost unseen.
IN_RETURN = [
    "cooperation",
    "documents",
    "status",
    "programme",
    "recognition",
    "leave_of_another",
    "camp_registration",
    "nationality",
    "ethnicity",
    "religion",
]


@pytest.mark.parametrize("held", ["juba", "equatoria"])
def test_what_an_avoided_actor_holds_is_an_area_to_keep_away_from(held):
    areas = {**AREAS, held: replace(AREAS[held], held_by=frozenset({"military"}))}.values()
    avoids = {"excluded_actors": frozenset({"military"})}
    line = told(avoids, {"areas": areas})
    assert (line.failed, line.refused_outright) == ((Criterion.EXCLUDED_AREA,), ())
    assert told({}, {"areas": areas}).failed == ()
    assert told({"excluded_actors": frozenset({"police"})}, {"areas": areas}).failed == ()
    assert told(avoids, {"areas": areas, "area": "bor"}).failed == ()


def test_nothing_else_than_ruling_4_lists_is_filtered():
    assert set(IN_RETURN) == BLOCKING_CONDITIONS


@pytest.mark.parametrize("condition", IN_RETURN)
def test_what_asks_for_something_in_return_is_left_out(condition):
    line = told({}, {"conditions": frozenset({condition})})
    assert line.failed == (Criterion.UNCONDITIONAL,)
    assert line.conditions == (condition,)


def test_every_criterion_is_in_the_table_and_shown_to_fail():
    shown = {criterion for _, _, criterion in FAILURES.values()} | {Criterion.UNCONDITIONAL}
    assert list(PASSES) == list(Criterion)
    assert shown == set(Criterion)


def test_the_criteria_stand_in_the_order_of_the_filters():
    assert list(dict.fromkeys(criterion.filter for criterion in Criterion)) == list(Filter)


@pytest.mark.parametrize(
    ("need", "service", "asks"),
    [
        ({"members": (NOBODY_KNOWS,)}, {"max_age": 17, **WOMEN_ONLY}, ("age", "sex")),
        ({"members": (NOBODY_KNOWS,)}, {}, ()),
        ({"members": (replace(WOMAN, age_doubt=True),)}, {"min_age": 18}, ("age",)),
        ({"members": (replace(WOMAN, access=frozenset({"lift"})),)}, {"access": None}, ("access",)),
        ({}, {"access": None}, ()),
    ],
)
def test_only_what_the_service_needs_to_know_is_asked(need, service, asks):
    assert told(need, service).asks == asks


@pytest.mark.parametrize("offer_on", [True, False])
def test_the_router_may_ask_by_itself_only_with_offer_on(offer_on):
    need = {"may_tell": (Permission("refuge", None, False, offer_on),)}
    assert told(need, {}).offer_on is offer_on


def test_a_walk_in_passes_consent_and_yet_is_not_offered_by_the_router():
    assert told({"may_tell": ()}, {"reached_by": "walk_in"}).offer_on is False


@pytest.mark.parametrize(
    ("need", "service", "outright"),
    [
        ({}, {"authority": "police"}, (Criterion.AUTHORITY,)),
        ({"may_tell": ()}, {}, (Criterion.CONSENT,)),
        (
            {"excluded_organizations": frozenset({"refuge"})},
            {},
            (Criterion.EXCLUDED_ORGANIZATION,),
        ),
        ({"excluded_actors": frozenset({"ngo"})}, {}, (Criterion.EXCLUDED_ACTOR,)),
        (
            {"excluded_actors": frozenset({"police"})},
            {"reports_to": frozenset({"police"})},
            (Criterion.REPORTS_TO,),
        ),
        (
            {"state_security_implicated": True},
            {"security_actor": True},
            (Criterion.STATE_SECURITY,),
        ),
        ({"free_to_leave": False}, {}, ()),
        ({"excluded_areas": frozenset({"juba"})}, {"operating": False}, ()),
    ],
)
def test_three_checks_hold_against_any_override(need, service, outright):
    assert told(need, service).refused_outright == outright


def test_every_failed_filter_is_told_in_order():
    line = told({"may_tell": (), "free_to_leave": False}, {"operating": False, "min_age": 70})
    people, consent = Filter.PEOPLE_SERVED, Filter.CONSENT
    assert line.failed_filters == (people, consent, Filter.SAFETY, Filter.SUSPENDED)
    assert line.first_failed is people


def test_the_cause_is_the_filter_that_emptied_the_set():
    full, suspended = a_shelter("full"), a_shelter("suspended", operating=False)
    outcome = ask(a_need(), full, suspended, capacity={"full": room(0)})
    assert outcome.cause is Filter.CAPACITY
    assert ask(a_need(), suspended).cause is Filter.SUSPENDED
    assert ask(a_need(), a_shelter(capability="education")).cause is Filter.CAPABILITY
    assert ask(a_need()).cause is Filter.CAPABILITY
    assert ask(a_need(), a_shelter("open"), suspended).cause is None


def test_the_rest_is_told_as_counts_and_survivors_of_reach_as_lines():
    rows = [a_shelter("a", operating=False), a_shelter("b", area="gulu"), a_shelter("c")]
    prohibited = a_shelter("d", authority="police", capability="education")
    outcome = ask(a_need(), *rows, prohibited, a_shelter("e", capability="education"))
    counts = {filter_: count for filter_, count in outcome.left_out.items() if count}
    assert counts == {
        Filter.AUTHORITY: 1,
        Filter.CAPABILITY: 1,
        Filter.REACH: 1,
        Filter.SUSPENDED: 1,
    }
    assert [line.service_id for line in outcome.lines] == ["c", "a"]


def test_at_most_500_lines_are_told_and_candidates_come_first():
    full = [a_shelter(f"a{i:03}", operating=False) for i in range(499)]
    outcome = ask(a_need(), *full, a_shelter("y"), a_shelter("z"))
    assert len(outcome.lines) == 500
    assert [line.service_id for line in outcome.lines[:2]] == ["y", "z"]
