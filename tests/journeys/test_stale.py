"""Between decision and write all may change: then nothing is sent, and it is decided anew."""

from __future__ import annotations

from datetime import timedelta
from threading import Event

import pytest

from providers import capacity
from providers import services as directory
from providers.models import AreaLink, Service
from referral import services as case_work
from referral.errors import ClaimLost, MoveNotAllowed
from referral.lifecycle import NeedState, ReferralState
from referral.models import Need, Referral
from routing import services as router
from routing.models import Decision
from routing.services import Stale
from tests import factories as make
from tests.factories import NOW
from tests.journeys.crowd import at_once, in_transaction
from tests.journeys.watch import broken_promises

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(seconds=31)  # the lease of the first try is over


@pytest.fixture
def neighbour(state, county):
    area = make.area("Yei", parent=state, latitude=4.1, longitude=30.7)
    make.link(county, area)
    return area


@pytest.fixture
def shelter(neighbour):
    return make.service(area_=neighbour, free=1)


@pytest.fixture
def need(caseworker, county, shelter):
    case = make.case(caseworker, area_=county)
    make.consent(case)
    return make.due_need(case)


def withdraw_consent(need, shelter):
    consent = need.case.consents.get()
    case_work.withdraw_consent(consent_id=consent.pk, by=make.by(need.case.assigned_to), at=NOW)


def exclude(need, shelter):
    by = make.by(need.case.assigned_to)
    case_work.exclude(case_id=need.case_id, organization=shelter.organization, by=by, at=NOW)


def exclude_its_area(need, shelter):
    """No guard but the revision sees this: `offer` itself checks organizations and actors."""
    by = make.by(need.case.assigned_to)
    case_work.exclude(case_id=need.case_id, area=shelter.area, by=by, at=NOW)


def suspend(need, shelter):
    directory.suspend_service(service_id=shelter.pk, cause="insecurity", since=NOW.date(), at=NOW)


def cut_off(need, shelter):
    directory.set_area_accessible(area_id=shelter.area_id, accessible=False, at=NOW)


def block_the_way(need, shelter):
    directory.report_impassable(
        link_id=AreaLink.objects.get().pk, source="OCHA", expires_at=LATER + DAY, at=NOW
    )


def draw_a_front_line(need, shelter):
    directory.set_front_line(link_id=AreaLink.objects.get().pk, front_line=True, at=NOW)


def become_police(need, shelter):
    directory.change_organization(
        organization_id=shelter.organization_id, at=NOW, authority="police"
    )


def tell_the_police(need, shelter):
    case_work.exclude(
        case_id=need.case_id, actor="police", by=make.by(need.case.assigned_to), at=NOW
    )
    directory.change_service(service_id=shelter.pk, at=NOW, reports_to={"police": "law"})


def ask_for_papers(need, shelter):
    directory.change_service(service_id=shelter.pk, at=NOW, conditions=["documents"])


def take_men_only(need, shelter):
    directory.change_service(service_id=shelter.pk, at=NOW, serves_women=False, serves_other=False)


def not_free_to_leave(need, shelter):
    by = make.by(need.case.assigned_to)
    case_work.set_facts(case_id=need.case_id, by=by, at=NOW, free_to_leave="no")


def fill_up(need, shelter):
    capacity.hold(service=shelter, n=1, at=NOW)


def say_full(need, shelter):
    capacity.confirm(service_id=shelter.pk, free=0, by=make.user(), at=NOW)


DAY = timedelta(days=1)
CHANGES = {
    withdraw_consent: "consent",
    exclude: "safety",
    exclude_its_area: "safety",
    suspend: "suspended",
    cut_off: "reach",
    block_the_way: "reach",
    draw_a_front_line: "reach",
    become_police: "authority",
    tell_the_police: "safety",
    ask_for_papers: "unconditional",
    take_men_only: "people_served",
    not_free_to_leave: "safety",
    fill_up: "capacity",
    say_full: "capacity",
}
changes = pytest.mark.parametrize("change", CHANGES, ids=lambda one: one.__name__)


def decided(need: Need) -> tuple[router.Question, router.Plan]:
    claimed = case_work.claim(need_id=need.pk, at=NOW)
    question = router.read(need.pk, claimed.claim_token, NOW)
    return question, router.decide(question)


class TestBetweenDecisionAndWrite:
    @changes
    def test_a_change_means_that_nobody_is_asked(self, need, shelter, change):
        question, plan = decided(need)
        assert [one.service_id for one in plan.ask] == [str(shelter.pk)]
        change(need, shelter)
        with pytest.raises(Stale):
            router.carry_out(question, plan)
        assert not Referral.objects.exists()
        assert not Decision.objects.exists()
        assert Need.objects.get(pk=need.pk).state == NeedState.DUE

    @changes
    def test_the_next_try_finds_the_true_cause(self, need, shelter, change):
        question, plan = decided(need)
        change(need, shelter)
        with pytest.raises(Stale):
            router.carry_out(question, plan)
        decision = router.route(need_id=need.pk, at=LATER)
        assert (decision.result, decision.cause) == ("unmet", CHANGES[change])
        assert not Referral.objects.exists()

    @changes
    def test_the_next_try_asks_somebody_else(self, need, shelter, county, change):
        second = make.service(
            area_=county, confirmed_at=NOW - timedelta(days=10), comes_to_person=True
        )
        question, plan = decided(need)
        assert [one.service_id for one in plan.ask] == [str(shelter.pk)]
        change(need, shelter)
        with pytest.raises(Stale):
            router.carry_out(question, plan)
        decision = router.route(need_id=need.pk, at=LATER)
        if change is withdraw_consent:
            assert decision.cause == "consent"
        else:
            assert decision.chosen == [str(second.pk)]
        assert not Referral.objects.filter(service=shelter).exists()

    @changes
    def test_one_call_decides_again_by_itself(self, need, shelter, monkeypatch, change):
        decide, changed = router.decide, []

        def then_change(question):
            plan = decide(question)
            if not changed:
                changed.append(change(need, shelter))
            return plan

        monkeypatch.setattr(router, "decide", then_change)
        decision = router.route(need_id=need.pk, at=NOW)
        assert (decision.result, decision.cause) == ("unmet", CHANGES[change])
        assert Decision.objects.count() == 1

    @pytest.mark.django_db(transaction=True)  # two that see each other's commits
    @changes
    def test_a_change_that_is_being_written_is_waited_for(self, need, shelter, change):
        """The write begins while the change's transaction is open, and so holds its rows."""
        question, plan = decided(need)
        changing, writing = Event(), Event()

        def hold():
            changing.set()
            assert writing.wait(10)

        def write():
            assert changing.wait(10)
            writing.set()
            return router.carry_out(question, plan)

        _, written = at_once(
            [lambda: in_transaction(lambda: change(need, shelter), hold=hold), write]
        )
        if isinstance(
            written, Decision
        ):  # it read before the change was there: as if it came first
            assert change in (block_the_way, draw_a_front_line)
        else:
            assert isinstance(written, Stale)
            assert not Referral.objects.exists()


class TestAListOnFactsOfYesterday:
    def test_is_not_written(self, caseworker, county, shelter):
        case = make.case(caseworker, area_=county)
        make.consent(case, offer_on=False)
        need = make.due_need(case)
        question, plan = decided(need)
        assert plan.result == "shortlist"
        exclude(need, shelter)
        with pytest.raises(Stale):
            router.carry_out(question, plan)
        assert router.route(need_id=need.pk, at=LATER).cause == "safety"


class TestWhatAPersonWants:
    def test_is_not_lost_to_a_worker_that_is_deciding(self, need, shelter, county):
        wanted = make.service(area_=county, confirmed_at=NOW - timedelta(days=20))
        question, plan = decided(need)
        by = make.by(need.case.assigned_to)
        case_work.ask_for(need_id=need.pk, service=wanted, reason="her aunt", by=by, at=NOW)
        with pytest.raises(ClaimLost):
            router.carry_out(question, plan)
        router.route(need_id=need.pk, at=NOW)
        assert Referral.objects.get().service_id == wanted.pk

    def test_an_answer_that_came_meanwhile_stands(self, caseworker, county):
        """A same-hour need is topped up while a yes arrives."""
        for _ in range(4):
            make.service(area_=county)
        case = make.case(caseworker, area_=county)
        make.consent(case)
        need = make.due_need(case, urgency="immediate")
        router.route(need_id=need.pk, at=NOW)
        first, second, _third = need.referrals.asks().order_by("id")
        case_work.decline(referral_id=first.pk, reason="full", by=make.provider(), at=NOW)
        question, plan = decided(need)
        case_work.accept(referral_id=second.pk, by=make.provider(), at=NOW)
        with pytest.raises(ClaimLost):
            router.carry_out(question, plan)
        assert Need.objects.get(pk=need.pk).state == NeedState.PLACED
        assert need.referrals.live().get().state == ReferralState.ACCEPTED
        assert broken_promises() == []


class TestSilence:
    def test_does_not_count_against_a_deadline_that_was_moved_meanwhile(self, need, shelter):
        """The sweep read the row as overdue; before it came to it, the service said: meet first."""
        router.route(need_id=need.pk, at=NOW)
        ask = Referral.objects.get()
        at = ask.answer_due_at
        case_work.assess(referral_id=ask.pk, by=make.provider(), at=at)
        with pytest.raises(MoveNotAllowed):
            case_work.time_out(referral_id=ask.pk, by=case_work.SWEEP, at=at)
        assert Referral.objects.get().state == ReferralState.ASSESSING
        assert Service.objects.get(pk=shelter.pk).held == 1
