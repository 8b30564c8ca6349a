"""When safety, leave to tell, a way or time changes, what was decided before is mended."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from providers import services as directory
from providers import situation
from providers.models import PassabilityReport, Service
from referral import access
from referral import services as case_work
from referral.errors import MoveNotAllowed, UnableToOffer
from referral.lifecycle import NeedState
from referral.models import Need, Referral, Turn
from referral.services.moments import UnableToBelieve
from referral.sweep import sweep
from routing import services as router
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def state_of(row) -> str:
    return type(row).objects.get(pk=row.pk).state


class TestAnExcludedArea:
    @pytest.mark.parametrize("which", ["county", "state"])
    def test_takes_back_what_is_being_asked_there(self, ask, case, caseworker, which, request):
        area = request.getfixturevalue(which)
        case_work.exclude(case_id=case.pk, area=area, by=make.by(caseworker), at=NOW)
        assert state_of(ask) == "cancelled"
        assert state_of(ask.need) == "with_human"

    def test_makes_somebody_look_at_what_is_agreed_there(self, agreed, case, county, caseworker):
        case_work.exclude(case_id=case.pk, area=county, by=make.by(caseworker), at=NOW)
        assert state_of(agreed) == "accepted"
        assert Turn.objects.open().filter(referral=agreed, kind="after_withdrawal").exists()

    def test_keeps_an_ask_that_a_person_chose_with_a_reason_but_asks_them(
        self, case, shelter, county, caseworker
    ):
        make.consent(case)
        by = make.by(caseworker)
        need = make.need(case)
        ask = case_work.offer(
            need_id=need.pk, service_id=shelter.pk, by=by, at=NOW, reason="They insist."
        )
        case_work.exclude(case_id=case.pk, area=county, by=by, at=NOW)
        assert state_of(ask) == "offered"
        assert Turn.objects.open().filter(referral=ask, kind="after_withdrawal").exists()

    def test_is_no_place_to_be_told_to_walk_into(self, case, county, caseworker):
        clinic = make.service("psychosocial", area_=county, reached_by="walk_in")
        by = make.by(caseworker)
        case_work.exclude(case_id=case.pk, area=county, by=by, at=NOW)
        need = make.need(case, "psychosocial")
        with pytest.raises(UnableToOffer) as refused:
            case_work.record_walk_in(need_id=need.pk, service_id=clinic.pk, by=by, at=NOW)
        assert refused.value.code == "unsafe_place"


def test_an_area_that_somebody_to_avoid_holds_is_one_to_keep_away_from(
    case, shelter, county, caseworker
):
    situation.something_changed(
        area=county,
        controlled_by="military",
        source="OCHA",
        expires_at=NOW + timedelta(days=1),
        at=NOW,
    )
    make.consent(case)
    by, how = make.by(caseworker), {"service_id": shelter.pk, "at": NOW, "without_place": True}
    ask = case_work.offer(need_id=make.need(case).pk, by=by, **how)
    case_work.exclude(case_id=case.pk, actor="police", by=by, at=NOW)
    assert state_of(ask) == "offered"
    case_work.exclude(case_id=case.pk, actor="military", by=by, at=NOW)
    assert state_of(ask) == "cancelled"


def test_who_may_not_leave_any_more_is_not_asked_for_elsewhere(ask, case, caseworker):
    case_work.set_facts(case_id=case.pk, by=make.by(caseworker), at=NOW, free_to_leave="no")
    assert state_of(ask) == "cancelled"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"reached_by": "referral_only"}, "not_walk_in"),
        ({"reached_by": "walk_in", "operating": "suspended"}, "not_open"),
    ],
)
def test_only_an_open_door_is_walked_into(case, county, caseworker, facts, code):
    service = make.service("psychosocial", area_=county, **facts)
    need = make.need(case, "psychosocial")
    with pytest.raises(UnableToOffer) as refused:
        case_work.record_walk_in(
            need_id=need.pk, service_id=service.pk, by=make.by(caseworker), at=NOW
        )
    assert refused.value.code == code


class TestAClosedCase:
    @pytest.fixture
    def closed(self, case, shelter, caseworker):
        make.consent(case)
        case_work.close_case(case_id=case.pk, because="own_wish", by=make.by(caseworker), at=NOW)
        return case

    def test_takes_no_need_and_no_consent(self, closed):
        with pytest.raises(MoveNotAllowed):
            make.need(closed)
        with pytest.raises(MoveNotAllowed):
            make.consent(closed)

    def test_is_not_asked_for(self, case, shelter, caseworker):
        make.consent(case)
        need = make.need(case)
        by = make.by(caseworker)
        case_work.close_case(case_id=case.pk, because="own_wish", by=by, at=NOW)
        with pytest.raises(MoveNotAllowed):
            case_work.offer(need_id=need.pk, service_id=shelter.pk, by=by, at=NOW)

    def test_empties_no_bed(self, agreed, case, shelter, caseworker):
        by = make.by(caseworker)
        case_work.arrive(referral_id=agreed.pk, said_by="person", by=by, at=NOW)
        case_work.close_case(case_id=case.pk, because="goals_met", by=by, at=NOW)
        assert Service.objects.get(pk=shelter.pk).placed_since == 1


class TestAnUnmetNeedIsLookedForAgain:
    def unmet(self, case) -> Need:
        need = make.due_need(case)
        router.route(need_id=need.pk, at=NOW)
        assert state_of(need) == NeedState.UNMET
        return need

    def test_when_a_report_about_a_way_has_expired(self, case, county, state):
        other = make.area("Yei", parent=state)
        link = make.link(county, other)
        make.service(area_=other)
        hours = NOW + timedelta(hours=3)
        directory.report_impassable(link_id=link.pk, source="drivers", expires_at=hours, at=NOW)
        make.consent(case)
        need = self.unmet(case)
        assert PassabilityReport.objects.count() == 1
        assert case_work.retry_unmet(at=hours - timedelta(minutes=1)) == 0
        assert case_work.retry_unmet(at=hours + timedelta(minutes=1)) == 1
        router.route(need_id=need.pk, at=hours + timedelta(minutes=1))
        assert state_of(need) == "offered"

    def test_once_a_day_since_weeks_and_numbers_grow_old(self, case, county):
        make.service(area_=county, free=0)
        make.consent(case)
        self.unmet(case)
        assert case_work.retry_unmet(at=NOW + timedelta(hours=23)) == 0
        assert case_work.retry_unmet(at=NOW + timedelta(hours=24)) == 1

    def test_when_the_person_lets_somebody_be_told(self, case, shelter, caseworker):
        consent = make.consent(case)
        need = make.due_need(case)
        case_work.withdraw_consent(consent_id=consent.pk, by=make.by(caseworker), at=NOW)
        router.route(need_id=need.pk, at=NOW)
        assert need.unmet.get().cause == "consent"
        assert Turn.objects.open().get(need=need).kind == "ask_sharing"
        make.consent(case)
        assert state_of(need) == "due"

    def test_when_the_person_is_elsewhere(self, case, caseworker, county):
        far = make.area("Far", parent=make.area("Far state"), latitude=12.0)
        make.service(area_=far)
        make.consent(case)
        need = self.unmet(case)
        case_work.set_facts(case_id=case.pk, by=make.by(caseworker), at=NOW, area=far)
        assert state_of(need) == "due"


class TestPeopleWhoMayBeParted:
    @pytest.fixture
    def need(self, caseworker, county):
        four = make.case(caseworker, area_=county, members=[{}] * 4, together=False)
        make.consent(four)
        for _ in range(2):
            make.service(area_=county, free=2)
        return make.due_need(four)

    def test_are_looked_for_one_by_one_where_nobody_takes_them_all(self, need):
        router.route(need_id=need.pk, at=NOW)
        for one in Need.objects.all():
            router.route(need_id=one.pk, at=NOW)
        assert list(Referral.objects.values_list("people", "held")) == [(1, 1)] * 4
        assert sum(Service.objects.values_list("held", flat=True)) == 4

    def test_are_placed_together_or_not_at_all_unless_they_say_so(self, need):
        need.case.together = True
        need.case.save()
        router.route(need_id=need.pk, at=NOW)
        assert need.unmet.get().cause == "capacity"


class TestLeaveToTellThatEnds:
    def test_while_a_service_is_to_answer_takes_the_ask_back(self, case, shelter):
        make.consent(case, days=1)
        need = make.due_need(case, urgency="routine")
        router.route(need_id=need.pk, at=NOW)
        sweep(at=NOW + timedelta(hours=23))
        assert state_of(need) == "offered"
        sweep(at=NOW + timedelta(hours=24))
        assert need.referrals.get().state == "cancelled"
        assert Turn.objects.open().get(need=need).kind == "ask_sharing"

    def test_while_help_goes_on_lists_the_recipient_until_it_acknowledges(
        self, agreed, case, shelter, caseworker
    ):
        there = make.user("provider", shelter.organization)
        assert access.may_open_handover(there, agreed, at=NOW)
        case_work.withdraw_consent(
            consent_id=case.consents.get().pk, by=make.by(caseworker), at=NOW
        )
        assert not access.may_open_handover(there, agreed, at=NOW)
        listed = Referral.objects.taken_back_unacknowledged()
        assert listed.get() == agreed
        case_work.acknowledge(referral_id=agreed.pk, by=make.provider(there), at=NOW)
        assert not listed.all().exists()

    def test_a_kind_of_actor_kept_away_from_closes_identity_too(self, case, county, caseworker):
        faith = make.organization(kind="faith")
        house = make.service(area_=county, organization_=faith)
        there = make.user("provider", faith)
        make.consent(case)
        need = make.need(case)
        by = make.by(caseworker)
        ask = case_work.offer(need_id=need.pk, service_id=house.pk, by=by, at=NOW)
        case_work.accept(referral_id=ask.pk, by=make.provider(there), at=NOW)
        assert access.may_open_identity(there, case, at=NOW)
        case_work.exclude(case_id=case.pk, actor="faith", by=by, at=NOW)
        assert not access.may_open_identity(there, case, at=NOW)


def test_waiting_has_one_limit_however_often_it_is_renamed(ask):
    first = NOW + timedelta(hours=23)
    case_work.waitlist(referral_id=ask.pk, by=make.provider(), at=first)
    due = Referral.objects.get(pk=ask.pk).answer_due_at
    case_work.assess(referral_id=ask.pk, by=make.provider(), at=first + timedelta(hours=20))
    assert Referral.objects.get(pk=ask.pk).answer_due_at == due


def test_an_appointment_that_was_used_is_used(case, county):
    talk = make.service("psychosocial", area_=county, free=1)
    make.consent(case, capability="psychosocial")
    need = make.due_need(case, "psychosocial")
    router.route(need_id=need.pk, at=NOW)
    ask = need.referrals.get()
    by = make.provider()
    case_work.accept(referral_id=ask.pk, by=by, at=NOW)
    case_work.arrive(referral_id=ask.pk, said_by="provider", by=by, at=NOW)
    case_work.complete(referral_id=ask.pk, said_by="provider", by=by, at=NOW)
    assert Service.objects.get(pk=talk.pk).placed_since == 1


def test_a_same_hour_need_without_anybody_is_a_telephone_call(case, caseworker, county):
    make.service(area_=county, free=0)
    make.consent(case)
    need = make.due_need(case, urgency="immediate")
    router.route(need_id=need.pk, at=NOW)
    assert Turn.objects.open().get(need=need).kind == "call_now"


def test_the_same_form_sent_twice_is_one_need(case, caseworker):
    form = uuid4()
    for _ in range(2):
        case_work.add_need(
            case_id=case.pk,
            capability="shelter",
            by=make.by(caseworker),
            at=NOW,
            need_id=form,
        )
    assert case.needs.count() == 1


@pytest.mark.parametrize("year", [1, 2024, 2029, 9999])
class TestATimeThatCannotBeMeant:
    def test_is_no_handover(self, agreed, caseworker, year):
        with pytest.raises(UnableToBelieve):
            case_work.hand_over(
                referral_id=agreed.pk,
                by=make.by(caseworker),
                at=NOW,
                expected_at=NOW.replace(year=year),
                handover={"where": "the gate"},
            )

    def test_is_no_arrival(self, agreed, year):
        with pytest.raises(UnableToBelieve):
            case_work.arrive(
                referral_id=agreed.pk,
                said_by="person",
                by=make.provider(),
                at=NOW,
                happened_at=NOW.replace(year=year),
            )

    def test_is_no_yes_from_then(self, ask, year):
        with pytest.raises(UnableToBelieve):
            case_work.accept(
                referral_id=ask.pk,
                by=make.provider(),
                at=NOW,
                available_from=NOW.replace(year=year),
            )
        assert state_of(ask) == "offered"
