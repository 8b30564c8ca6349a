"""A child's case: what is proposed beside, family only after a check, and nobody is parted."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from providers.vocabulary import AgeBand
from referral import services as case_work
from referral.errors import PartingNeedsDecision, UnableToOffer
from referral.models import BestInterests, Case, FamilyRisk, Need, Referral, Turn
from referral.services.children import is_child
from routing import services as router
from routing.rulesets import put_in_force
from tests import factories as make
from tests.access.world import PACK
from tests.factories import NOW
from tests.people import browser, gather, text

pytestmark = pytest.mark.django_db
CHILD = {"age_band": "6-11", "sex": "woman"}
DOUBT = {"age_band": "18-25", "sex": "woman", "age_doubt": True}
WOMAN = {"age_band": "26-59", "sex": "woman"}
BESIDE = {"child_protection", "guardian_alternative_care"}


def proposed(case) -> dict[str, int]:
    drafts = case.needs.exclude(proposed_by="").values_list("capability", flat=True)
    return {code: list(drafts).count(code) for code in set(drafts) & BESIDE}


class TestWhatIsProposedBeside:
    @pytest.mark.parametrize(
        ("members", "beside"),
        [
            ([CHILD], BESIDE),
            ([DOUBT], BESIDE),
            ([CHILD, CHILD], BESIDE),
            ([WOMAN, CHILD], {"child_protection"}),
            ([WOMAN], set()),
        ],
    )
    @pytest.mark.parametrize("agreed", [True, False])
    @pytest.mark.parametrize("on", [True, False])
    def test_the_same_with_a_router_and_without_with_consent_and_without_and_each_once(
        self, request, caseworker, county, shelter, members, beside, agreed, on
    ):
        if on:
            put_in_force(text=PACK.read_text(), at=NOW)
        else:
            request.getfixturevalue("no_router")
        case = make.case(caseworker, area_=county, members=members)
        if agreed:
            make.consent(case)
        need = make.due_need(case)
        if on:
            router.route(need_id=need.pk, at=NOW)
        if not agreed:  # and then it is agreed to after all
            make.consent(case)
            if on:
                router.route(need_id=need.pk, at=NOW)
        assert proposed(case) == dict.fromkeys(beside, 1)

    @pytest.mark.parametrize("members", [[CHILD], [DOUBT]])
    def test_urgent_shelter_is_asked_at_once_while_they_are_still_proposals(
        self, caseworker, county, shelter, members
    ):
        put_in_force(text=PACK.read_text(), at=NOW)
        case = make.case(caseworker, area_=county, members=members)
        make.consent(case)
        need = make.due_need(case, urgency="immediate")
        router.route(need_id=need.pk, at=NOW)
        assert need.referrals.get().state == "offered"
        assert set(proposed(case)) == BESIDE
        drafts = case.needs.filter(capability__in=BESIDE)
        assert {one.state for one in drafts} == {"draft"}

    def test_without_consent_of_anybody_a_life_is_saved_all_the_same(
        self, caseworker, county, shelter
    ):
        case = make.case(caseworker, area_=county, members=[CHILD])
        need = make.need(case, urgency="immediate")
        case_work.act_in_vital_interest(
            need_id=need.pk, service_id=shelter.pk, reason="child", note="Alone at the road.",
            by=make.by(caseworker), at=NOW,
        )  # fmt: skip
        assert need.referrals.get().state == "offered"


class TestFamily:
    @pytest.fixture
    def tracing(self, county):
        return make.service("family_tracing", area_=county)

    @pytest.fixture
    def child(self, caseworker, county, tracing):
        case = make.case(caseworker, area_=county, members=[CHILD])
        make.consent(case, capability="family_tracing")
        return case

    def check(self, case, *, asked=True, outcome="none_found", at=NOW):
        return case_work.check_family_risk(
            case_id=case.pk, asked=asked, outcome=outcome, must_not_learn="The uncle.",
            by=make.by(case.assigned_to), at=at,
        )  # fmt: skip

    @pytest.mark.parametrize("asked", [True, False])
    @pytest.mark.parametrize("outcome", [None, "none_found", "unclear", "danger"])
    def test_is_looked_for_only_if_asked_for_and_after_a_check_that_found_no_danger(
        self, child, asked, outcome
    ):
        if outcome:
            self.check(child, asked=asked, outcome=outcome)
        need = make.due_need(child, "family_tracing")
        allowed = asked and outcome == "none_found"
        assert need.state == ("due" if allowed else "with_human")
        waits = Turn.objects.open().filter(need=need, kind="family_risk").exists()
        assert waits == (not allowed)

    def test_nor_by_hand_nor_on_foot_nor_to_save_a_life(self, child, tracing, caseworker):
        need, by = make.need(child, "family_tracing"), make.by(caseworker)
        how = {"need_id": need.pk, "by": by, "at": NOW}
        with pytest.raises(UnableToOffer):
            case_work.offer(service_id=tracing.pk, **how)
        with pytest.raises(UnableToOffer):
            case_work.record_walk_in(service_id=tracing.pk, **how)
        with pytest.raises(UnableToOffer):
            case_work.ask_for(service=tracing, reason="Near.", **how)
        child.consents.update(purpose="transfer")
        with pytest.raises(UnableToOffer):
            case_work.act_in_vital_interest(service_id=tracing.pk, reason="child", note="-", **how)

    @pytest.mark.parametrize("there", ["due", "offered", "waiting", "placed"])
    def test_nor_can_the_database_be_told_otherwise(self, child, there):
        need = make.need(child, "family_tracing")
        due = NOW if there == "due" else None
        with pytest.raises(IntegrityError), transaction.atomic():
            Need.objects.filter(pk=need.pk).update(state=there, due_at=due)

    def test_what_waited_is_looked_for_once_the_check_allows_it(self, child):
        need = make.due_need(child, "family_tracing")
        self.check(child)
        assert Need.objects.get(pk=need.pk).state == "due"
        assert not Turn.objects.open().filter(kind="family_risk").exists()

    @pytest.mark.parametrize("said", [None, "yes"])
    def test_danger_takes_back_what_was_asked_or_agreed(self, child, tracing, said, caseworker):
        risk = self.check(child)
        need = make.due_need(child, "family_tracing")
        router.route(need_id=need.pk, at=NOW)
        ask = need.referrals.get()
        case_work.mark_seen(referral_id=ask.pk, by=make.provider(), at=NOW)
        if said:
            case_work.accept(referral_id=ask.pk, by=make.provider(), at=NOW)
        self.check(child, outcome="danger")
        assert Referral.objects.get(pk=ask.pk).state == "cancelled"
        assert Referral.objects.taken_back_unacknowledged().get() == ask
        need.refresh_from_db()
        assert (need.state, need.family_risk) == ("with_human", None)
        assert Turn.objects.open().filter(need=need, kind="family_risk").exists()
        assert risk.allows_tracing

    def test_leave_to_tell_given_after_danger_was_found_starts_no_search(
        self, caseworker, county, tracing
    ):
        case = make.case(caseworker, area_=county, members=[CHILD])
        self.check(case)
        need = make.due_need(case, "family_tracing")  # nobody may be told yet
        self.check(case, outcome="danger")
        make.consent(case, capability="family_tracing")
        assert Need.objects.get(pk=need.pk).state == "with_human"

    def test_who_must_not_learn_is_sealed(self, child):
        risk = FamilyRisk.objects.get(pk=self.check(child).pk)
        assert risk.must_not_learn == "The uncle."
        assert b"uncle" not in bytes(risk.must_not_learn_sealed)
        assert "uncle" not in str(list(child.events.values_list("data", flat=True)))

    def test_on_its_page(self, cast, at_nine):
        case = make.case(cast.caseworker, area_=cast.county, members=[CHILD])
        rose = browser(cast.caseworker)
        assert rose.post(f"/cases/{case.pk}/family/", {"asked": "yes"}).status_code == 422
        rose.post(f"/cases/{case.pk}/family/", {"asked": "no", "outcome": "none_found"})
        assert not FamilyRisk.objects.get().allows_tracing


def decide(case) -> None:
    case_work.record_best_interests(
        case_id=case.pk, decided_by="panel", heard="agrees", why="Asked for it.",
        by=make.by(case.assigned_to), at=NOW,
    )  # fmt: skip


class TestParting:
    @pytest.fixture
    def family(self, caseworker, county):
        return make.case(caseworker, area_=county, members=[WOMAN, CHILD, CHILD, DOUBT])

    def part(self, case):
        case_work.set_facts(case_id=case.pk, together=False, by=make.by(case.assigned_to), at=NOW)

    def test_needs_a_decision(self, family):
        with pytest.raises(PartingNeedsDecision):
            self.part(family)
        assert Case.objects.get(pk=family.pk).together
        decide(family)
        self.part(family)
        assert not Case.objects.get(pk=family.pk).together

    def test_needs_none_where_all_are_grown_up(self, caseworker, county):
        adults = make.case(caseworker, area_=county, members=[WOMAN, WOMAN])
        self.part(adults)
        assert not Case.objects.get(pk=adults.pk).together

    def test_a_decision_in_one_case_is_none_in_another(self, family, caseworker, county):
        decide(make.case(caseworker, area_=county, members=[CHILD, CHILD]))
        with pytest.raises(PartingNeedsDecision):
            self.part(family)

    def test_nobody_opens_a_case_with_children_apart(self, caseworker, county):
        with pytest.raises(PartingNeedsDecision):
            make.case(caseworker, area_=county, members=[CHILD, CHILD], together=False)
        assert not Case.objects.exists()

    def test_a_yes_for_some_parts_nobody_without_it(self, family, county, caseworker):
        make.consent(family)
        service = make.service(area_=county, free=9)
        need, by = make.need(family), make.by(caseworker)
        ask = case_work.offer(need_id=need.pk, service_id=service.pk, by=by, at=NOW)
        case_work.accept(referral_id=ask.pk, people=2, by=make.provider(), at=NOW)
        going = [one.pk for one in need.members.order_by("position")[:2]]
        agree = {"referral_id": ask.pk, "members": going, "by": by, "at": NOW}
        with pytest.raises(PartingNeedsDecision):
            case_work.agree_to_some(**agree)
        assert need.members.count() == 4
        decide(family)
        case_work.agree_to_some(**agree)
        assert need.members.count() == 2

    def test_the_page_leads_to_where_it_is_written_down(self, cast, at_nine):
        case = make.case(cast.caseworker, area_=cast.county, members=[WOMAN, CHILD])
        rose = browser(cast.caseworker)
        facts = {"area": cast.county.pcode, "free_to_leave": "yes"}
        answer = rose.post(f"/cases/{case.pk}/facts/", facts, follow=True)
        assert answer.request["PATH_INFO"] == f"/cases/{case.pk}/apart/"
        assert "best interests" in text(answer)
        told = {"decided_by": "authority", "heard": "agrees", "why": "Two places, one road."}
        rose.post(f"/cases/{case.pk}/apart/", told)
        assert BestInterests.objects.get().why == "Two places, one road."
        rose.post(f"/cases/{case.pk}/facts/", facts)
        assert not Case.objects.get(pk=case.pk).together

    def test_the_page_of_a_new_case_says_so_too(self, cast, at_nine):
        told = {
            "needs": "shelter", "soon_shelter": "urgent", "area": cast.county.pcode,
            "case_id": "6f2d9c1e-4b1d-4c55-9b0e-1f6a3f0f7c11", "age": "6-11",
            "more-TOTAL_FORMS": 1, "more-INITIAL_FORMS": 0, "more-0-number": 1,
            "more-0-age": "6-11",
        }  # fmt: skip
        rose = browser(cast.caseworker)
        answer = rose.post("/cases/new/", told)
        assert (answer.status_code, "Keep them together" in text(answer)) == (422, True)
        assert rose.post("/cases/new/", {**told, "together": "on"}).status_code == 302


class TestAPresumedChildOnlyAdds(TestCase):
    """Property: to say that somebody may be under 18 takes no need and no protection away."""

    @given(
        members=st.lists(
            st.fixed_dictionaries(
                {"age_band": st.sampled_from(AgeBand.values), "pregnant": st.booleans()}
            ),
            min_size=1,
            max_size=3,
        ),
        agreed=st.booleans(),
    )
    @settings(max_examples=15, deadline=None)
    def test_what_is_proposed_without_a_doubt_is_proposed_with_one(self, members, agreed):
        cast = gather()
        put_in_force(text=PACK.read_text(), at=NOW)
        sure, doubted = (
            self.proposed(cast, [{**one, "age_doubt": doubt} for one in members], agreed)
            for doubt in (False, True)
        )
        # a guardian is for who has no grown-up beside; whoever may be a child is not one
        assert sure <= doubted
        assert "child_protection" in doubted

    def proposed(self, cast, members, agreed) -> set[str]:
        case = make.case(cast.caseworker, area_=cast.county, members=members)
        if agreed:
            make.consent(case)
        need = make.due_need(case, urgency="immediate")
        router.route(need_id=need.pk, at=NOW)
        if agreed:
            assert need.referrals.get().state == "offered"  # urgent safety is not delayed
        return set(case.needs.values_list("capability", flat=True))

    def test_a_doubt_makes_a_child_of_every_age(self):
        from referral.models import Member

        assert all(is_child(Member(age_band=one, age_doubt=True)) for one in AgeBand.values)


def test_the_family_is_told_nothing_by_the_system():
    """Nobody outside the directory can be a recipient: what is asked, shown or agreed to goes to a
    service or an organization, and how somebody is related is a code without a name."""
    from referral.models import Consent

    recipients = {one.name for one in Consent._meta.get_fields() if one.is_relation}
    assert recipients == {"case", "organization", "recorded_by"}
    assert {one.name for one in Referral._meta.fields if one.is_relation} == {
        "need", "service", "answered_by", "named_service",
    }  # fmt: skip
