"""A service ends its help: never without a day, a plan, and a caseworker who knows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from providers.models import Service
from referral import services as case_work
from referral.errors import MoveNotAllowed, NoticeFirst, UnableToGiveNotice
from referral.models import Case, CaseEvent, Referral, Turn
from referral.sweep import sweep
from referral.wording import event_sentence
from tests import factories as make
from tests.factories import NOW
from tests.journeys.watch import broken_promises

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
WEEK = TODAY + timedelta(days=7)  # the notice of an urgent need
PLAN = "To an aunt in Yei; the bus is paid."


@pytest.fixture
def helped(agreed):
    case_work.arrive(referral_id=agreed.pk, said_by="provider", by=make.provider(), at=NOW)
    return Referral.objects.get(pk=agreed.pk)


def give_notice(referral, at=NOW, **told):
    told = {"leaves_on": WEEK, "onward": PLAN, "by": make.provider(), **told}
    return case_work.give_notice(referral_id=referral.pk, at=at, **told)


def ends(referral, act="complete", at=NOW, **told):
    told |= {"said_by": "provider"} if act == "complete" else {}
    return getattr(case_work, act)(referral_id=referral.pk, by=make.provider(), at=at, **told)


def taken() -> int:
    return Service.objects.get().placed_since


@pytest.mark.parametrize("act", ["complete", "interrupt"])
def test_a_place_to_stay_does_not_end_without_notice(helped, act):
    with pytest.raises(NoticeFirst):
        ends(helped, act)
    assert Referral.objects.get().state == "in_service"


def test_the_place_stays_taken_until_the_person_has_left(helped):
    give_notice(helped)
    assert taken() == 1
    with pytest.raises(NoticeFirst):
        ends(helped)
    ends(helped, at=NOW + timedelta(days=7))
    assert (Referral.objects.get().state, taken()) == ("completed", 0)


def test_the_caseworker_knows_at_once_and_sees_it_first(helped, caseworker):
    case = helped.need.case
    late = {"case": case, "kind": "by_hand", "at": NOW, "due_at": NOW - timedelta(days=3)}
    case_work.open_turn(**late)
    give_notice(helped)
    first = case.turns.open().most_pressing_first().first()
    assert (first.kind, first.owner) == ("leaving", caseworker)


def test_what_comes_after_is_sealed(helped):
    give_notice(helped)
    row = Referral.objects.get()
    assert row.onward == {"plan": PLAN}
    assert b"aunt" not in bytes(row.onward_sealed)


def test_sooner_than_the_notice_only_with_a_reason(helped):
    soon = TODAY + timedelta(days=1)
    with pytest.raises(UnableToGiveNotice, match="30 November"):
        give_notice(helped, leaves_on=soon)
    give_notice(helped, leaves_on=soon, reason="danger")
    assert Turn.objects.open().get(kind="leaving").due_at == NOW


@pytest.mark.parametrize(
    "wrong", [{"onward": " "}, {"leaves_on": TODAY - timedelta(days=1), "reason": "danger"}]
)
def test_without_a_plan_or_for_a_day_that_has_passed_nothing_is_written(helped, wrong):
    with pytest.raises(UnableToGiveNotice):
        give_notice(helped, **wrong)
    assert Referral.objects.get().leaves_on is None


def test_only_of_somebody_who_is_there(agreed):
    with pytest.raises(MoveNotAllowed):
        give_notice(agreed)


def test_to_a_hand_that_may_not_the_table_speaks_before_the_day_does(helped):
    with pytest.raises(MoveNotAllowed):
        give_notice(helped, by=case_work.SWEEP, leaves_on=TODAY)


def test_a_case_that_closes_empties_no_bed_and_says_that_help_was_given(helped, caseworker):
    case = Case.objects.get()
    how = {"because": "goals_met", "by": make.by(caseworker), "at": NOW}
    case_work.close_case(case_id=case.pk, **how)
    assert Referral.objects.get().state == "completed"
    assert taken() == 1
    assert broken_promises() == []
    said = [event_sentence(one.kind) for one in CaseEvent.objects.filter(case=case)]
    assert "A service: help was given." in said
    assert all(one.endswith(".") for one in said)


def test_who_left_before_by_their_own_wish_is_asked_after(helped):
    give_notice(helped)
    ends(helped, left_early=True)
    assert Turn.objects.open().filter(kind="left", due_at=NOW).exists()
    assert not Turn.objects.open().filter(kind="leaving").exists()


def test_when_the_day_has_come_and_nobody_says_anything_a_human_finds_out(helped):
    give_notice(helped)
    assert sweep(at=NOW + timedelta(days=6)).moved == 0
    assert sweep(at=NOW + timedelta(days=8)).moved == 1
    assert sweep(at=NOW + timedelta(days=9)).moved == 0
    assert Turn.objects.open().filter(kind="left").count() == 1
    assert Referral.objects.get().state == "in_service"


def test_an_appointment_that_is_over_needs_no_notice_but_breaking_off_does(case, county):
    counselling = make.service("psychosocial", area_=county)
    make.consent(case, capability="psychosocial")
    need = make.need(case, "psychosocial")
    one = case_work.offer(
        need_id=need.pk, service_id=counselling.pk, by=make.by(case.assigned_to), at=NOW
    )
    case_work.accept(referral_id=one.pk, by=make.provider(), at=NOW)
    case_work.arrive(referral_id=one.pk, said_by="provider", by=make.provider(), at=NOW)
    with pytest.raises(NoticeFirst):
        ends(one, "interrupt")
    ends(one)
    assert Referral.objects.get(pk=one.pk).state == "completed"


def test_what_the_caseworker_writes_down_is_not_held_up(helped):
    by = make.by(Case.objects.get().assigned_to)
    case_work.interrupt(referral_id=helped.pk, by=by, at=NOW)
    assert Referral.objects.get().state == "interrupted"
