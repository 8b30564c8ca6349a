"""What a specialist found: versions, a decision with its reason, sealed, changing no help."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from django.db import connection

from referral.finding import law, services
from referral.finding.definition import Elements
from referral.finding.models import Comparison, Compelled, Finding
from referral.models import AccessRecord, CaseEvent, Need, Turn
from tests.factories import NOW
from tests.people import asked, open_case, proposed
from tests.referral.finding.talk import ALL_THREE, CODES, NO, YES, compared, found, talk
from tests.referral.test_justice import published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]


class TestAFinding:
    def test_keeps_what_was_computed_beside_what_was_decided(self, a_talk):
        one = found(a_talk, decision="possible", reason="the debt is told by others only")
        assert (one.computed, one.decision) == ("actual", "possible")
        assert Finding.objects.get().reason == "the debt is told by others only"

    @pytest.mark.parametrize("reason", ["", "   "])
    def test_that_differs_without_a_reason_is_not_taken(self, a_talk, reason):
        with pytest.raises(services.UnableToRecord):
            found(a_talk, decision="possible", reason=reason)

    @pytest.mark.parametrize(
        "wrong", [{"tags": ["gold"]}, {"codes": CODES | {"means": ["gold"]}}, {"decision": "no"}]
    )
    def test_takes_nothing_that_is_not_on_the_list(self, a_talk, wrong):
        with pytest.raises(services.UnableToRecord):
            found(a_talk, **wrong)
        assert not Finding.objects.exists()

    def test_is_of_a_person_of_this_case(self, cast, a_talk):
        other = open_case(cast).members.first()
        with pytest.raises(services.UnableToRecord):
            services.record(
                referral=a_talk.referral, member=other, user=a_talk.specialist, at=NOW,
                elements=ALL_THREE, codes=CODES, notes={}, decision="actual",
            )  # fmt: skip

    def test_is_followed_by_another_version_and_stays(self, a_talk):
        first = found(a_talk, elements=Elements(acts=YES, purpose=NO), decision="not_established")
        later = NOW + timedelta(days=2)
        second = found(a_talk, because="new_fact", at=later)
        read = services.read(case=a_talk.case, user=a_talk.specialist, at=later)
        assert [(one.number, one.decision) for one in read] == [
            (2, "actual"), (1, "not_established"),
        ]  # fmt: skip
        assert [one.pk for one in read] == [second.pk, first.pk]

    def test_keeps_its_steps_as_they_were_told(self, a_talk):
        steps = found(a_talk).facts["steps"]
        assert ["means_established", ["palermo-3a", "ecat-4a"]] in steps

    def test_seals_all_that_can_mark_a_person(self, a_talk):
        found(a_talk, decision="possible", reason="told by others", tags=["terrorism"])
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM finding_finding")
            stored = b"|".join(
                bytes(one) if isinstance(one, bytes | memoryview) else str(one).encode()
                for one in cursor.fetchone()
            )
        for secret in (b"terrorism", b"debt", b"forced_labour", b"told by others", b"a mine"):
            assert secret not in stored

    def test_every_look_is_written_down(self, a_talk):
        found(a_talk)
        services.read(case=a_talk.case, user=a_talk.specialist, at=NOW)
        looks = AccessRecord.objects.filter(what="finding").values_list("outcome", flat=True)
        assert sorted(looks) == ["read", "written"]


class TestAScheme:
    """Resolution 2331: only where a national scheme exists, and the person wants it."""

    def test_is_not_asked_about_where_there_is_none(self, a_talk):
        assert found(a_talk, wants_classification=True).facts["wants_classification"] is False

    def test_is_kept_where_there_is_one_and_the_person_wants_it(self, a_talk, monkeypatch):
        with_one = dataclasses.replace(law.here("SSD"), scheme="A fund of this country")
        monkeypatch.setattr(law, "here", lambda _country: with_one)
        assert found(a_talk, wants_classification=True).facts["wants_classification"] is True
        assert found(a_talk).facts["wants_classification"] is False


@pytest.mark.parametrize("decision", ["possible", "actual", "not_established"])
def test_no_outcome_changes_any_help(cast, a_talk, decision):
    """Every published column of the case, its needs, referrals and events stays as it was."""
    asked(cast, a_talk.case)
    proposed(a_talk.case)
    before = published(a_talk.case), list(Turn.objects.order_by("id").values())
    found(a_talk, decision=decision, reason="for this test", tags=["terrorism"])
    compared(a_talk)
    assert (published(a_talk.case), list(Turn.objects.order_by("id").values())) == before


class TestSomethingNew:
    def test_opens_a_turn_to_look_again(self, a_talk):
        compared(a_talk)
        assert services.tell_anew(case_id=a_talk.case.pk, at=NOW)
        turn = a_talk.case.turns.open().get(kind="look_again")
        assert turn.owner == a_talk.case.assigned_to

    def test_opens_it_once(self, a_talk):
        found(a_talk)
        for _ in range(2):
            services.tell_anew(case_id=a_talk.case.pk, at=NOW)
        assert a_talk.case.turns.open().filter(kind="look_again").count() == 1

    def test_is_settled_once_a_new_version_is_written(self, a_talk):
        found(a_talk)
        services.tell_anew(case_id=a_talk.case.pk, at=NOW)
        found(a_talk, because="new_fact")
        assert not a_talk.case.turns.open().filter(kind="look_again").exists()

    def test_opens_none_where_no_specialist_has_written(self, cast):
        case = open_case(cast)
        assert not services.tell_anew(case_id=case.pk, at=NOW)
        assert not case.turns.filter(kind="look_again").exists()

    def test_may_be_told_by_any_app_without_knowing_this_one(self, a_talk):
        from referral import signals

        found(a_talk, elements=Elements(acts=YES, purpose=NO), decision="not_established")
        signals.told_anew.send(sender=None, case_id=a_talk.case.pk, at=NOW)
        assert a_talk.case.turns.open().filter(kind="look_again").exists()

    def test_needs_no_key(self, a_talk, settings):
        compared(a_talk)
        settings.SEALING_KEYS = []
        assert services.tell_anew(case_id=a_talk.case.pk, at=NOW)


class TestWhatWasCompelled:
    def test_leads_to_legal_help_as_a_draft_with_a_neutral_reason(self, a_talk):
        compelled(a_talk)
        need = Need.objects.get(capability="criminal_defence")
        assert (need.state, need.urgency) == ("draft", "urgent")
        assert need.why == "Proposed after a talk. Take it up or leave it: nothing depends on it."

    def test_says_nothing_of_why_in_the_trail(self, a_talk):
        compelled(a_talk)
        told = str(list(CaseEvent.objects.values())).lower()
        assert "compelled" not in told
        assert "carried arms" not in told

    def test_is_sealed(self, a_talk):
        compelled(a_talk)
        assert b"carried arms" not in bytes(Compelled.objects.get().text_sealed)
        assert Compelled.objects.get().text["note"] == "carried arms"

    @pytest.mark.parametrize("help_", [[], ["shelter"], ["justice_support"]])
    def test_leads_to_nothing_but_legal_help(self, a_talk, help_):
        with pytest.raises(services.UnableToRecord):
            compelled(a_talk, help_=help_)
        assert not Compelled.objects.exists()

    def test_never_lowers_urgency_or_order_of_what_is_there(self, cast, a_talk):
        asked(cast, a_talk.case)
        before = list(Need.objects.order_by("created_at", "id").values())
        compelled(a_talk)
        kept = Need.objects.exclude(capability="criminal_defence").order_by("created_at", "id")
        assert list(kept.values()) == before

    def test_never_reaches_the_police(self, cast, a_talk):
        from referral import services as case_work
        from referral.errors import UnableToOffer
        from tests import factories as make

        compelled(a_talk)
        need = Need.objects.get(capability="criminal_defence")
        make.consent(a_talk.case, capability="criminal_defence")
        force = make.organization("Force", kind="state", authority="police")
        station = make.service("criminal_defence", area_=cast.county, organization_=force)
        with pytest.raises(UnableToOffer, match="authority"):
            case_work.offer(
                need_id=need.pk, service_id=station.pk, by=make.by(cast.caseworker), at=NOW
            )

    def test_proposes_nothing_twice(self, a_talk):
        compelled(a_talk)
        compelled(a_talk)
        assert Need.objects.filter(capability="criminal_defence").count() == 1


def compelled(one, **facts):
    facts = {"kind": "compelled", "note": "carried arms", "help_": ["criminal_defence"]} | facts
    return services.record_compelled(referral=one.referral, user=one.specialist, at=NOW, **facts)


class TestHelpForWhoeverWasOnlyBroughtAcross:
    def test_is_proposed_like_any_other(self, a_talk):
        compared(a_talk, "journey")
        wanted = ["legal_information", "psychosocial", "emergency_medical"]
        made = services.propose(
            referral=a_talk.referral, user=a_talk.specialist, capabilities=wanted, at=NOW
        )
        assert [one.capability for one in made] == wanted
        assert {one.state for one in made} == {"draft"}

    @pytest.mark.parametrize("code", ["justice_support", "voluntary_return", "family_tracing"])
    def test_never_what_only_the_person_asks_for(self, a_talk, code):
        with pytest.raises(services.UnableToRecord):
            services.propose(
                referral=a_talk.referral, user=a_talk.specialist, capabilities=[code], at=NOW
            )


class TestTheSevenPoints:
    def test_are_all_of_them(self, a_talk):
        with pytest.raises(services.UnableToRecord):
            services.compare(referral=a_talk.referral, user=a_talk.specialist, points={}, at=NOW)

    def test_are_kept_in_every_version(self, a_talk):
        compared(a_talk, "journey")
        compared(a_talk, "exploited")
        assert Comparison.objects.count() == 2


def test_a_second_opinion_is_a_further_talk(cast, a_talk):
    found(a_talk)
    other = talk(cast, name="deng", case=a_talk.case)
    found(other, decision="possible", reason="I see it otherwise", because="second_opinion")
    assert [one.decision for one in Finding.objects.order_by("number")] == ["actual", "possible"]
