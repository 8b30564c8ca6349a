"""Everybody has to leave a place: nobody of it is lost, and they come before all others."""

from __future__ import annotations

import os
from datetime import timedelta
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from providers import operating, situation
from providers.models import Service
from referral import services as case_work
from referral.lifecycle import AGREED, LIVE
from referral.models import CaseEvent, Need, Referral, Turn
from referral.services import evacuations
from referral.sweep import sweep
from routing import services as router
from routing import tasks
from tests import factories as make
from tests.factories import NOW
from tests.journeys.watch import broken_promises

pytestmark = pytest.mark.django_db

CALM = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "phases": [Phase.explicit, Phase.generate],  # the seed tells it all: nothing to make smaller
}
EXAMPLES = 60 if os.environ.get("HYPOTHESIS_PROFILE") == "fuzz" else 4
SOON = NOW + timedelta(minutes=5)


def evacuate(*services, at=SOON):
    ids = [one.pk for one in services]
    return operating.evacuate(service_ids=ids, source="by telephone", at=at)


@pytest.fixture
def helped(agreed):
    case_work.arrive(referral_id=agreed.pk, said_by="provider", by=make.provider(), at=NOW)
    return Referral.objects.get(pk=agreed.pk)


class TestWhoIsThere:
    def test_is_looked_for_within_the_hour_and_before_all_others(self, helped, shelter, county):
        other = make.case(helped.need.case.assigned_to, area_=county)
        make.consent(other)
        waits = make.due_need(other)
        evacuate(shelter)
        need = Need.objects.get(pk=helped.need_id)
        assert (need.state, need.urgency) == ("due", "immediate")
        due = Need.objects.filter(state="due").oldest_due_first()
        assert list(due) == [need, waits]

    def test_has_a_caseworker_who_is_told_at_once(self, helped, shelter, caseworker):
        evacuate(shelter)
        first = helped.need.case.turns.open().most_pressing_first().first()
        assert (first.kind, first.due_at, first.owner) == ("evacuated", SOON, caseworker)

    def test_leaves_the_place_and_the_numbers_are_right(self, helped, shelter):
        evacuate(shelter)
        assert Referral.objects.get(pk=helped.pk).state == "interrupted"
        assert Service.objects.get(pk=shelter.pk).placed_since == 0
        assert broken_promises() == []

    def test_is_routed_elsewhere_and_no_longer_first_once_there(self, helped, shelter, county):
        make.service(area_=county, free=4)
        evacuate(shelter)
        router.route(need_id=helped.need_id, at=SOON)
        asked = helped.need.referrals.asks().get()
        assert asked.service_id != shelter.pk
        case_work.accept(referral_id=asked.pk, by=make.provider(), at=SOON)
        case_work.arrive(referral_id=asked.pk, said_by="person", by=make.provider(), at=SOON)
        assert Need.objects.get(pk=helped.need_id).evacuated_at is None

    def test_is_done_once_however_often_it_is_said(self, helped, shelter):
        assert evacuate(shelter) == [shelter]
        events = CaseEvent.objects.count()
        assert evacuate(shelter) == []
        assert CaseEvent.objects.count() == events

    def test_is_a_humans_turn_where_no_router_listens(self, helped, shelter, no_router):
        evacuate(shelter)
        assert Need.objects.get(pk=helped.need_id).state == "with_human"
        assert broken_promises() == []


class TestWhoIsAskedThere:
    def test_is_asked_elsewhere(self, ask, shelter, county):
        evacuate(shelter)
        assert Referral.objects.get(pk=ask.pk).state == "cancelled"
        assert Need.objects.get(pk=ask.need_id).state == "due"
        assert Service.objects.get(pk=shelter.pk).open_asks == 0

    def test_also_where_the_ask_was_under_way_at_that_moment(self, ask, shelter):
        """As if it had committed between the look at the cases and the lock of the service."""
        Service.objects.filter(pk=shelter.pk).update(evacuated_at=NOW)
        assert sweep(at=SOON).moved == 1
        assert Referral.objects.get(pk=ask.pk).state == "cancelled"

    def test_nobody_new_is_sent(self, shelter, case):
        evacuate(shelter)
        make.consent(case)
        need = make.due_need(case, at=SOON)
        decision = router.route(need_id=need.pk, at=SOON)
        assert (decision.result, decision.cause) == ("unmet", "suspended")


def test_a_worker_takes_who_had_to_leave_first(helped, shelter, county, monkeypatch):
    other = make.case(helped.need.case.assigned_to, area_=county)
    make.consent(other)
    waits = make.due_need(other)
    evacuate(shelter)
    routed = []
    monkeypatch.setattr("providers.clock.now", lambda: SOON)
    monkeypatch.setattr(router, "route", lambda *, need_id, at: routed.append(need_id))
    tasks.route_need(need_id=str(waits.pk))
    assert routed == [helped.need_id, waits.pk]


class TestSomethingChangedInTheArea:
    def change(self, area, at=SOON):
        return situation.something_changed(
            area=area, inaccessible=True, source="OCHA", expires_at=at + timedelta(days=9), at=at
        )

    def test_asks_are_decided_again(self, ask, county):
        self.change(county)
        assert Referral.objects.get(pk=ask.pk).state == "cancelled"
        assert Need.objects.get(pk=ask.need_id).state == "due"
        assert broken_promises() == []

    def test_who_is_there_stays_and_somebody_looks(self, helped, county):
        self.change(county)
        assert Referral.objects.get(pk=helped.pk).state == "in_service"
        assert Turn.objects.open().filter(referral=helped, kind="situation").count() == 1

    def test_the_sweep_finds_what_was_under_way_and_tells_it_once(self, helped, shelter, county):
        receivers, situation.signals.something_changed.receivers = (
            situation.signals.something_changed.receivers, [],
        )  # fmt: skip
        self.change(county)
        situation.signals.something_changed.receivers = receivers
        assert list(evacuations.not_looked_after()) == [helped]
        assert sweep(at=SOON).moved == 1
        turn = Turn.objects.open().get(kind="situation")
        case_work.close_turn(turn_id=turn.pk, user=turn.owner, at=SOON)
        assert sweep(at=SOON + timedelta(minutes=1)).moved == 0


STAGES = ("due", "asked", "agreed", "helped", "noticed", "done", "unmet")


def live_a_little(choose: Random, worker, county, places) -> None:
    """One case, its need somewhere on its way, at one of the places."""
    case = make.case(worker, area_=county)
    make.consent(case)
    need = make.due_need(case, urgency=choose.choice(["immediate", "urgent", "routine"]))
    stage = STAGES.index(choose.choice(STAGES))
    if stage < 1:
        return
    place = choose.choice(places)
    by, provider = make.by(worker), make.provider()
    one = case_work.offer(need_id=need.pk, service_id=place.pk, by=by, at=NOW, without_place=True)
    how = {"referral_id": one.pk, "at": NOW}
    if stage >= 2:
        case_work.accept(by=provider, **how)
    if stage >= 3:
        case_work.arrive(said_by="person", by=by, **how)
    if stage >= 4:
        day = (NOW + timedelta(days=30)).date()
        case_work.give_notice(leaves_on=day, onward="Home.", by=provider, **how)
    if stage >= 5:
        case_work.complete(said_by="person", by=by, **how)


@settings(max_examples=EXAMPLES, derandomize=True, database=None, **CALM)
@given(seed=st.integers(0, 10**9))
def test_nobody_of_a_place_that_has_to_be_left_is_lost(seed, caseworker, county):
    """Whoever was there, on the way or asked there has a due need, somebody else who is asked, or a
    human's turn; nobody else's need is touched; and every promise is kept."""
    with transaction.atomic():
        choose = Random(seed)
        places = [make.service(area_=county, free=6) for _ in range(3)]
        for _ in range(8):
            live_a_little(choose, caseworker, county, places)
        gone = choose.sample(places, choose.choice([1, 1, 2]))
        there = set(Referral.objects.live().filter(service__in=gone).values_list("pk", flat=True))
        agreed = set(Referral.objects.filter(pk__in=there, state__in=AGREED))
        others = {one.pk: one.state for one in Need.objects.exclude(referrals__in=there)}
        evacuate(*gone)
        evacuate(*choose.sample(gone, 1))
        for one in Referral.objects.filter(pk__in=there).select_related("need"):
            assert one.state not in LIVE
            assert one.need.state == "due" or one.need.referrals.live().exists()
        for one in agreed:
            assert Turn.objects.open().filter(referral=one, kind="evacuated").count() == 1
        assert {pk: Need.objects.get(pk=pk).state for pk in others} == others
        assert broken_promises() == []
        transaction.set_rollback(True)
