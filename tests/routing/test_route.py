"""From due to an offer, a list to choose from, a word to the person, or nobody and why."""

from __future__ import annotations

from datetime import timedelta

import pytest

from providers import capacity
from providers import services as directory
from providers.models import Service
from referral import services as case_work
from referral.lifecycle import NeedState, ReferralState
from referral.models import Need, Turn
from routing import services as router
from routing.models import Decision
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def route(need: Need, *, at=NOW) -> Decision | None:
    return router.route(need_id=need.pk, at=at)


def reload(need: Need) -> Need:
    return Need.objects.get(pk=need.pk)


class TestWithConsentToOfferOn:
    def test_asks_the_service_and_holds_a_place(self, case, county):
        shelter = make.service(area_=county, free=3)
        make.consent(case)
        need = make.due_need(case)
        decision = route(need)
        referral = need.referrals.get()
        assert decision.result == "offered"
        assert (referral.state, referral.service_id, referral.held) == ("offered", shelter.pk, 1)
        assert reload(need).state == NeedState.OFFERED
        assert referral.answer_due_at == NOW + timedelta(hours=24)

    def test_running_twice_decides_once(self, case, county):
        make.service(area_=county)
        make.consent(case)
        need = make.due_need(case)
        route(need)
        assert route(need) is None
        assert need.referrals.count() == 1
        assert Decision.objects.count() == 1

    def test_a_mother_with_three_children_is_one_hold_of_four_places(self, caseworker, county):
        members = [
            {"age_band": "26-59", "sex": "woman"},
            {"age_band": "0-5", "sex": "woman"},
            {"age_band": "6-11", "sex": "man"},
            {"age_band": "6-11", "sex": "woman"},
        ]
        family = make.case(caseworker, area_=county, members=members)
        make.consent(family)
        make.service(area_=county, free=3)
        room = make.service(area_=county, free=4)
        need = make.due_need(family)
        route(need)
        referral = need.referrals.get()
        assert (referral.service_id, referral.people, referral.held) == (room.pk, 4, 4)
        assert Service.objects.get(pk=room.pk).held == 4

    @pytest.mark.parametrize("answer", ["decline", "onward", "silence"])
    def test_asks_the_next_on_no_onward_and_silence(self, case, county, answer):
        first = make.service(area_=county, confirmed_at=NOW - timedelta(hours=1))
        second = make.service(area_=county, confirmed_at=NOW - timedelta(days=10))
        make.consent(case)
        need = make.due_need(case)
        route(need)
        referral = need.referrals.get()
        assert referral.service_id == first.pk
        later = NOW + timedelta(hours=25)
        if answer == "decline":
            case_work.decline(
                referral_id=referral.pk, reason="not_served", by=make.provider(), at=later
            )
        elif answer == "onward":
            case_work.refer_onward(referral_id=referral.pk, to=None, by=make.provider(), at=later)
        else:
            case_work.time_out(referral_id=referral.pk, by=case_work.SWEEP, at=later)
        assert reload(need).state == NeedState.DUE
        route(need, at=later)
        assert need.referrals.asks().get().service_id == second.pk
        assert Service.objects.get(pk=first.pk).held == 0

    def test_withdrawal_by_the_person_is_never_routed_again(self, case, county):
        make.service(area_=county)
        make.service(area_=county)
        make.consent(case)
        need = make.due_need(case)
        route(need)
        referral = need.referrals.get()
        case_work.withdraw(referral_id=referral.pk, by=make.by(case.assigned_to), at=NOW)
        assert reload(need).state == NeedState.WITH_HUMAN
        assert Turn.objects.open().get(need=need).kind == "withdrawn"
        assert route(need, at=NOW + timedelta(days=1)) is None

    def test_names_the_one_that_somebody_else_recommended_first(self, case, county, state):
        make.service(area_=county, confirmed_at=NOW - timedelta(hours=1))
        named = make.service(area_=county, confirmed_at=NOW - timedelta(days=20))
        make.service(area_=county, confirmed_at=NOW - timedelta(days=2))
        make.consent(case)
        need = make.due_need(case)
        route(need)
        case_work.refer_onward(
            referral_id=need.referrals.get().pk, to=named, by=make.provider(), at=NOW
        )
        route(need)
        assert need.referrals.asks().get().service_id == named.pk

    def test_checks_the_recommended_one_like_anybody(self, case, county):
        make.service(area_=county, confirmed_at=NOW - timedelta(hours=1))
        named = make.service(area_=county, conditions=["cooperation"])
        other = make.service(area_=county, confirmed_at=NOW - timedelta(days=10))
        make.consent(case)
        need = make.due_need(case)
        route(need)
        case_work.refer_onward(
            referral_id=need.referrals.get().pk, to=named, by=make.provider(), at=NOW
        )
        route(need)
        assert need.referrals.asks().get().service_id == other.pk


class TestWithoutConsentToOfferOn:
    def test_writes_a_list_of_three_takes_no_hold_and_asks_a_person(self, case, county):
        shelters = [make.service(area_=county) for _ in range(5)]
        make.consent(case, offer_on=False)
        need = make.due_need(case)
        decision = route(need)
        assert decision.result == "shortlist"
        assert len(decision.options) == 3
        assert reload(need).state == NeedState.WITH_HUMAN
        assert Turn.objects.open().get(need=need).kind == "choose"
        assert not any(Service.objects.get(pk=one.pk).held for one in shelters)

    def test_the_choice_asks_the_chosen_one(self, case, county):
        make.service(area_=county)
        make.service(area_=county)
        make.consent(case, offer_on=False)
        need = make.due_need(case)
        decision = route(need)
        chosen = Service.objects.get(pk=decision.options[1]["service_id"])
        router.choose(decision=decision, service=chosen, user=case.assigned_to, at=NOW)
        assert need.referrals.get().service_id == chosen.pk
        assert Decision.objects.get().chosen_by == case.assigned_to

    def test_a_choice_that_filled_up_meanwhile_is_looked_for_again(self, case, county):
        shelter = make.service(area_=county, free=1)
        make.consent(case, offer_on=False)
        need = make.due_need(case)
        decision = route(need)
        Service.objects.filter(pk=shelter.pk).update(held=1)
        with pytest.raises(router.ChoiceGone):
            router.choose(decision=decision, service=shelter, user=case.assigned_to, at=NOW)
        assert reload(need).state == NeedState.DUE
        assert not need.referrals.exists()

    def test_a_choice_after_a_change_of_the_case_is_looked_for_again(self, case, county):
        shelter = make.service(area_=county)
        make.consent(case, offer_on=False)
        need = make.due_need(case)
        decision = route(need)
        case_work.set_facts(
            case_id=case.pk, by=make.by(case.assigned_to), at=NOW, free_to_leave="no"
        )
        with pytest.raises(router.ChoiceGone):
            router.choose(decision=decision, service=shelter, user=case.assigned_to, at=NOW)

    def test_nothing_recorded_means_nobody_and_a_person_asks_about_sharing(self, case, county):
        make.service(area_=county)
        need = make.due_need(case)
        assert need.state == NeedState.WITH_HUMAN
        assert Turn.objects.open().get(need=need).kind == "ask_sharing"


class TestWalkIn:
    def test_the_person_is_told_or_accompanied_and_nobody_is_asked(self, case, county):
        make.service("psychosocial", area_=county, reached_by="walk_in")
        make.consent(case, capability="psychosocial")
        need = make.due_need(case, "psychosocial")
        decision = route(need)
        assert decision.result == "walk_in"
        assert Turn.objects.open().get(need=need).kind == "tell_or_accompany"
        assert not need.referrals.exists()

    def test_needs_no_consent(self, case, county):
        clinic = make.service("psychosocial", area_=county, reached_by="walk_in")
        need = make.due_need(case, "psychosocial")
        assert route(need).result == "walk_in"
        referral = case_work.record_walk_in(
            need_id=need.pk, service_id=clinic.pk, by=make.by(case.assigned_to), at=NOW
        )
        assert referral.state == ReferralState.ACCEPTED
        assert Service.objects.get(pk=clinic.pk).held == 0
        assert referral.arrival_check_at == NOW + timedelta(hours=24)

    def test_who_did_not_go_is_looked_for_again(self, case, county):
        clinic = make.service("psychosocial", area_=county, reached_by="walk_in")
        need = make.due_need(case, "psychosocial")
        route(need)
        by = make.by(case.assigned_to)
        referral = case_work.record_walk_in(need_id=need.pk, service_id=clinic.pk, by=by, at=NOW)
        case_work.not_arrive(referral_id=referral.pk, by=by, at=NOW)
        assert reload(need).state == NeedState.DUE


class TestSameHour:
    @pytest.fixture
    def need(self, case, county):
        self.services = [
            make.service(area_=county, confirmed_at=NOW - timedelta(hours=i + 1)) for i in range(5)
        ]
        make.consent(case)
        need = make.due_need(case, urgency="immediate")
        route(need)
        return need

    def test_asks_three_at_once_each_with_its_own_hold(self, need):
        assert need.referrals.asks().count() == 3
        assert Service.objects.filter(held=1, open_asks=1).count() == 3
        assert Turn.objects.open().filter(need=need, kind="call_now").exists()

    def test_a_no_is_topped_up_to_three(self, need):
        first = need.referrals.asks().first()
        case_work.decline(referral_id=first.pk, reason="full", by=make.provider(), at=NOW)
        route(need)
        assert need.referrals.asks().count() == 3
        assert need.referrals.count() == 4

    def test_the_first_yes_takes_the_place_and_frees_the_others(self, need):
        first, *others = need.referrals.asks().order_by("id")
        case_work.accept(referral_id=first.pk, by=make.provider(), at=NOW)
        states = set(need.referrals.exclude(pk=first.pk).values_list("state", flat=True))
        assert states == {"cancelled"}
        assert reload(need).state == NeedState.PLACED
        assert sum(Service.objects.values_list("held", flat=True)) == 0
        assert len(others) == 2

    def test_a_later_yes_is_refused_recorded_and_a_persons_turn(self, need):
        first, second, _third = need.referrals.asks().order_by("id")
        case_work.accept(referral_id=first.pk, by=make.provider(), at=NOW)
        with pytest.raises(case_work.LateYes):
            case_work.accept(referral_id=second.pk, by=make.provider(), at=NOW)
        assert Turn.objects.open().filter(referral=second, kind="late_yes").exists()

    def test_a_yes_counts_while_the_need_is_due_again(self, need):
        first, second, _third = need.referrals.asks().order_by("id")
        case_work.decline(referral_id=first.pk, reason="full", by=make.provider(), at=NOW)
        assert reload(need).state == NeedState.DUE
        case_work.accept(referral_id=second.pk, by=make.provider(), at=NOW)
        assert reload(need).state == NeedState.PLACED

    def test_is_not_unmet_while_somebody_still_answers(self, case, county):
        two = [make.service("safety_relocation", area_=county) for _ in range(2)]
        make.consent(case, capability="safety_relocation")
        need = make.due_need(case, "safety_relocation", urgency="immediate")
        route(need)
        assert need.referrals.asks().count() == len(two)
        case_work.decline(
            referral_id=need.referrals.asks().first().pk,
            reason="not_served",
            by=make.provider(),
            at=NOW,
        )
        route(need)
        assert reload(need).state == NeedState.OFFERED
        assert not need.unmet.exists()


class TestUnmet:
    def unmet(self, case, **facts) -> str:
        make.consent(case)
        need = make.due_need(case, **facts)
        route(need)
        assert reload(need).state == NeedState.UNMET
        return need.unmet.get().cause

    def test_nobody_offers_it(self, case):
        make.consent(case, every_unconditional=True)
        assert self.unmet(case) == "capability"

    def test_nobody_within_reach(self, case):
        far = make.area("Far", parent=make.area("Far state"), latitude=12.0)
        make.service(area_=far)
        assert self.unmet(case) == "reach"

    def test_full_everywhere(self, case, county):
        make.service(area_=county, free=0)
        assert self.unmet(case) == "capacity"

    def test_only_with_a_condition(self, case, county):
        make.service(area_=county, conditions=["cooperation"])
        assert self.unmet(case) == "unconditional"

    def test_suspended_by_conflict(self, case, county):
        shelter = make.service(area_=county)
        directory.suspend_service(
            service_id=shelter.pk, cause="insecurity", since=NOW.date(), at=NOW
        )
        assert self.unmet(case) == "suspended"

    def test_not_free_to_leave_and_nobody_comes(self, caseworker, county):
        held = make.case(caseworker, area_=county, free_to_leave="no")
        make.service(area_=county)
        assert self.unmet(held) == "safety"

    def test_only_authorities(self, case, county):
        make.service(area_=county, organization_=make.organization(authority="police"))
        assert self.unmet(case) == "authority"

    def test_is_tried_again_when_the_directory_changes_at_most_every_five_minutes(
        self, case, county
    ):
        full = make.service(area_=county, free=0)
        self.unmet(case)
        need = case.needs.get()
        directory.change_service(
            service_id=full.pk, at=NOW + timedelta(minutes=1), reached_by="referral_only"
        )
        assert case_work.retry_unmet(at=NOW + timedelta(minutes=4)) == 0
        assert case_work.retry_unmet(at=NOW + timedelta(minutes=6)) == 1
        route(need, at=NOW + timedelta(minutes=6))
        assert need.unmet.get().closed_at is None
        assert case_work.retry_unmet(at=NOW + timedelta(minutes=20)) == 0

    def test_is_closed_when_somebody_can_be_asked(self, case, county):
        full = make.service(area_=county, free=0)
        self.unmet(case)
        later = NOW + timedelta(minutes=10)
        capacity.confirm(service_id=full.pk, free=2, by=make.user(), at=later)
        case_work.retry_unmet(at=later)
        route(case.needs.get(), at=later)
        assert case.needs.get().unmet.get().closed_at is not None


class TestOverride:
    def test_is_checked_recorded_and_asked_anyway_with_the_reason(self, case, county):
        make.service(area_=county)
        full = make.service(area_=county, free=0)
        make.consent(case)
        need = make.due_need(case)
        case_work.ask_for(
            need_id=need.pk,
            service=full,
            reason="The person knows the house.",
            by=make.by(case.assigned_to),
            at=NOW,
        )
        decision = route(need)
        assert decision.override["passed_over"] == ["capacity"]
        assert need.referrals.get().service_id == full.pk
        assert need.referrals.get().held == 0

    def test_is_refused_at_once_for_whom_the_person_keeps_away_from(self, case, county):
        shelter = make.service(area_=county)
        make.consent(case)
        by = make.by(case.assigned_to)
        case_work.exclude(case_id=case.pk, organization=shelter.organization, by=by, at=NOW)
        need = make.due_need(case)
        with pytest.raises(case_work.UnableToOffer):
            case_work.ask_for(need_id=need.pk, service=shelter, reason="Near.", by=by, at=NOW)

    def test_is_a_persons_turn_when_it_may_not_be_asked_any_more(self, case, county):
        shelter = make.service(area_=county)
        consent = make.consent(case)
        by = make.by(case.assigned_to)
        need = make.due_need(case)
        case_work.ask_for(need_id=need.pk, service=shelter, reason="Near.", by=by, at=NOW)
        case_work.withdraw_consent(consent_id=consent.pk, by=by, at=NOW)
        assert route(need).result == "refused"
        assert reload(need).state == NeedState.WITH_HUMAN
        assert not need.referrals.exists()


class TestProposals:
    @pytest.fixture(autouse=True)
    def rules(self):
        from django.core.management import call_command

        call_command("load_rules", verbosity=0)

    def test_a_child_is_proposed_child_protection_with_its_source_once(self, caseworker, county):
        child = make.case(caseworker, area_=county, members=[{"age_band": "12-14", "sex": "woman"}])
        make.service(area_=county)
        make.consent(child)
        need = make.due_need(child)
        route(need)
        proposal = child.needs.get(capability="child_protection")
        assert proposal.state == NeedState.DRAFT
        assert proposal.why
        assert Turn.objects.open().filter(need=proposal, kind="proposed").exists()

    def test_a_child_with_its_mother_has_not_come_without_an_adult(self, caseworker, county):
        members = [{"age_band": "26-59", "sex": "woman"}, {"age_band": "6-11", "sex": "man"}]
        family = make.case(caseworker, area_=county, members=members)
        make.service("child_protection", area_=county)
        make.consent(family, every_unconditional=True)
        child = list(family.members.filter(age_band="6-11"))
        need = case_work.add_need(
            case_id=family.pk,
            capability="child_protection",
            members=child,
            by=make.by(caseworker),
            at=NOW,
        )
        case_work.find_help(need_id=need.pk, by=make.by(caseworker), at=NOW)
        route(need)
        assert need.referrals.get().people == 1
        assert not family.needs.filter(capability="guardian_alternative_care").exists()

    def test_rules_change_no_candidate_and_no_order(self, caseworker, county):
        from routing.models import RuleSet

        for _ in range(3):
            make.service(area_=county)
        child = make.case(caseworker, area_=county, members=[{"age_band": "12-14", "sex": "woman"}])
        make.consent(child, offer_on=False)
        need = make.due_need(child)
        with_rules = route(need)
        RuleSet.objects.update(in_force=False)
        case_work.find_help(need_id=need.pk, by=make.by(caseworker), at=NOW)
        without = route(need)
        assert with_rules.lines == without.lines
