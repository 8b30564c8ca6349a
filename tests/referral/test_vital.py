"""One worker may act without consent to save a life: the least data, and a second person looks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from referral import access, safety
from referral import services as case_work
from referral.errors import StillOpen, UnableToActAlone, UnableToOffer, UnableToReview
from referral.models import Referral, Turn, VitalAct
from referral.sweep import sweep
from tests import factories as make
from tests.factories import NOW
from tests.people import browser, gather, text

pytestmark = pytest.mark.django_db
DAY = timedelta(hours=24)


@pytest.fixture
def clinic(cast):
    return make.service(
        "emergency_medical", area_=cast.county, organization_=cast.house, name="Clinic", free=0
    )


@pytest.fixture
def need(cast):
    case = make.case(
        cast.caseworker,
        area_=cast.county,
        members=[{"age_band": "18-25", "sex": "woman", "access": ["wheelchair"]}],
    )
    return make.need(case, "emergency_medical", urgency="immediate")


def act(need, service, user, at=NOW):
    return case_work.act_in_vital_interest(
        need_id=need.pk, service_id=service.pk, reason="injury", note="Does not wake up.",
        by=make.by(user), at=at,
    )  # fmt: skip


@pytest.fixture
def acted(cast, need, clinic):
    return act(need, clinic, cast.caseworker)


class TestTheAct:
    def test_tells_the_least_and_says_so(self, acted):
        card = acted.referral.card
        assert set(card) == {
            "capability", "urgency", "people", "vital", "members", "together", "area",
            "comes_to_person",
        }  # fmt: skip
        assert "languages" not in card
        assert "access" not in card

    def test_opens_no_name_after_a_yes_but_the_way_there(self, acted, cast):
        mary = cast.provider
        case_work.accept(referral_id=acted.referral_id, by=make.provider(mary), at=NOW)
        referral = Referral.objects.get(pk=acted.referral_id)
        assert not access.may_open_identity(mary, referral.need.case, at=NOW)
        assert access.may_open_handover(mary, referral, at=NOW)

    @pytest.mark.parametrize("why", ["authority", "excluded", "actor"])
    def test_never_reaches_an_authority_or_who_is_kept_away_from(self, need, cast, clinic, why):
        by = make.by(cast.caseworker)
        if why == "authority":
            army = make.organization("Base", kind="state", authority="military")
            clinic = make.service("emergency_medical", area_=cast.county, organization_=army)
        elif why == "excluded":
            case_work.exclude(case_id=need.case_id, organization=cast.house, by=by, at=NOW)
        else:
            case_work.exclude(case_id=need.case_id, actor=cast.house.kind, by=by, at=NOW)
        with pytest.raises(UnableToOffer):
            act(need, clinic, cast.caseworker)
        assert not Referral.objects.exists()

    def test_is_not_needed_where_telling_is_agreed_to(self, need, cast, clinic):
        make.consent(need.case, capability="emergency_medical")
        with pytest.raises(UnableToActAlone):
            act(need, clinic, cast.caseworker)

    def test_the_note_is_sealed_and_in_no_event(self, acted):
        stored = VitalAct.objects.get()
        assert stored.note == "Does not wake up."
        assert b"wake" not in bytes(stored.note_sealed)
        told = acted.referral.need.case.events.values_list("data", flat=True)
        assert "wake" not in str(list(told))

    def test_lasts_through_the_sweep_and_another_withdrawal(self, acted, cast):
        consent = make.consent(acted.referral.need.case)
        case_work.withdraw_consent(consent_id=consent.pk, by=make.by(cast.caseworker), at=NOW)
        sweep(at=NOW + timedelta(minutes=1))
        assert Referral.objects.get(pk=acted.referral_id).state == "offered"

    def test_ends_when_the_person_takes_everything_back(self, acted, cast):
        case = acted.referral.need.case
        case_work.withdraw_everything(case_id=case.pk, by=make.by(cast.caseworker), at=NOW)
        assert Referral.objects.get(pk=acted.referral_id).state == "withdrawn"


class TestTheSecondPerson:
    def test_has_a_day_and_is_the_supervisor(self, acted, cast):
        turn = Turn.objects.open().get(kind="vital_review")
        assert (turn.owner, turn.due_at) == (cast.supervisor, NOW + DAY)

    def test_is_never_who_acted(self, acted, cast):
        with pytest.raises(UnableToReview):
            case_work.review_vital_act(
                act_id=acted.pk, confirmed=True, by=make.by(cast.caseworker), at=NOW
            )
        assert not access.vital_acts_to_review(cast.caseworker).exists()

    @pytest.mark.parametrize("who", ["caseworker", "supervisor"])
    def test_is_not_ticked_away(self, acted, cast, who):
        turn = Turn.objects.open().get(kind="vital_review")
        with pytest.raises(StillOpen):
            case_work.close_turn(turn_id=turn.pk, user=getattr(cast, who), at=NOW)
        assert Turn.objects.open().filter(pk=turn.pk).exists()

    @pytest.mark.parametrize("who", ["supervisor", "colleague"])
    def test_confirms_it(self, acted, cast, who):
        by = make.by(getattr(cast, who))
        case_work.review_vital_act(act_id=acted.pk, confirmed=True, by=by, at=NOW)
        assert VitalAct.objects.get().outcome == "confirmed"
        assert Referral.objects.get(pk=acted.referral_id).state == "offered"
        assert not Turn.objects.open().filter(kind__startswith="vital").exists()
        with pytest.raises(UnableToReview):  # once
            case_work.review_vital_act(act_id=acted.pk, confirmed=False, by=by, at=NOW)

    def test_ends_it_and_the_service_is_listed_until_it_deletes(self, acted, cast):
        by = make.by(cast.colleague)
        case_work.review_vital_act(act_id=acted.pk, confirmed=False, by=by, at=NOW)
        assert Referral.objects.get(pk=acted.referral_id).state == "cancelled"
        assert Referral.objects.taken_back_unacknowledged().get() == acted.referral
        assert not safety.is_vital(acted.referral)

    def test_does_not_take_away_help_that_is_being_given(self, acted, cast):
        by = make.by(cast.caseworker)
        case_work.accept(referral_id=acted.referral_id, by=make.provider(cast.provider), at=NOW)
        case_work.arrive(referral_id=acted.referral_id, said_by="provider", by=by, at=NOW)
        case_work.review_vital_act(
            act_id=acted.pk, confirmed=False, by=make.by(cast.supervisor), at=NOW
        )
        assert Referral.objects.get(pk=acted.referral_id).state == "in_service"
        assert not access.may_open_handover(cast.provider, acted.referral, at=NOW)

    def test_somebody_else_is_told_after_a_day(self, acted, cast):
        sweep(at=NOW + DAY - timedelta(seconds=1))
        assert not Turn.objects.filter(kind="vital_overdue").exists()
        sweep(at=NOW + DAY)
        sweep(at=NOW + DAY)
        assert Turn.objects.get(kind="vital_overdue").owner == cast.colleague

    def test_reads_what_and_why_and_nothing_more_of_the_case(self, acted, cast, at_nine):
        tom = browser(cast.colleague)
        assert "waits for a second person" in text(tom.get("/cases/"))
        assert "Clinic" in text(tom.get("/vital/"))
        page = text(tom.get(f"/vital/{acted.pk}/"))
        case = acted.referral.need.case
        assert "Does not wake up." in page
        assert case.pseudonym not in page
        assert case.reference not in page
        assert tom.get(f"/cases/{case.pk}/").status_code == 404
        tom.post(f"/vital/{acted.pk}/", {"outcome": "confirm"})
        assert VitalAct.objects.get().reviewed_by == cast.colleague

    @pytest.mark.parametrize("who", ["caseworker", "stranger", "provider", "excluded"])
    def test_is_of_the_same_organization_and_another_person(self, acted, cast, who, at_nine):
        client = browser(getattr(cast, who))
        assert client.get(f"/vital/{acted.pk}/").status_code == 404
        assert client.post(f"/vital/{acted.pk}/", {"outcome": "confirm"}).status_code == 404


def test_the_page_asks_with_the_least_and_says_what_is_missing(need, clinic, cast, at_nine):
    rose = browser(cast.caseworker)
    url = f"/needs/{need.pk}/now/"
    assert rose.post(url, {"service": clinic.pk}).status_code == 422
    told = {"service": clinic.pk, "reason": "attack", "note": "They are at the door."}
    assert rose.post(url, told).status_code == 302
    assert VitalAct.objects.get().reason == "attack"
    again = rose.post(url, told)  # asked already: said on the page
    assert (again.status_code, VitalAct.objects.count()) == (422, 1)


class TestWhateverIsKept(TestCase):
    """Property: whatever was written in the case, an act tells groups of the least and no other."""

    @given(
        members=st.lists(
            st.fixed_dictionaries(
                {
                    "age_band": st.sampled_from(["0-5", "18-25", "unknown"]),
                    "pregnant": st.booleans(),
                    "access": st.sampled_from([[], ["wheelchair"]]),
                }
            ),
            min_size=1,
            max_size=3,
        ),
        languages=st.sampled_from([[], ["pga"], ["eng", "din"]]),
    )
    @settings(max_examples=20, deadline=None)
    def test_no_card_tells_more(self, members, languages):
        cast = gather()
        service = make.service("emergency_medical", area_=cast.county)
        case = make.case(cast.caseworker, area_=cast.county, members=members, languages=languages)
        made = act(make.need(case, "emergency_medical"), service, cast.caseworker)
        card = made.referral.card
        assert not {"languages", "access", "answers"} & set(card)
        assert all(set(one) == {"age", "sex"} for one in card["members"])
