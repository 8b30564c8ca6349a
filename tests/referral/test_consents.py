"""Whom the person lets us tell: what for, how it was given, by whom, and what a child says."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from referral import access, consenting, safety
from referral import services as case_work
from referral.errors import UnableToShare
from referral.models import Consent, Need, Referral, Turn
from referral.models.consent import HELP_FOR, Assent, GivenBy, HowGiven, Purpose
from referral.sweep import sweep
from routing import services as router
from routing.case_facts import protection_facts
from tests import factories as make
from tests.factories import NOW
from tests.people import browser, text

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CHILD = {"age_band": "6-11", "sex": "woman"}
WOMAN = {"age_band": "26-59", "sex": "woman"}


@pytest.fixture
def give(case, caseworker):
    """Gives one more consent in this case; by default for shelters."""
    base = {"data": ["basics"], "ends_at": NOW + 30 * DAY, "by": make.by(caseworker), "at": NOW}

    def one(case_=case, **facts):
        if not {"organization", "every_unconditional", "to_the_person"} & set(facts):
            facts.setdefault("capability", "shelter")
        return case_work.give_consent(case_id=case_.pk, **base | facts)

    return one


class TestWhatItWasAgreedFor:
    @pytest.mark.parametrize("purpose", Purpose.values)
    @pytest.mark.parametrize("capability", ["shelter", "emergency_medical", "legal_information"])
    def test_a_service_is_asked_only_for_what_it_was_agreed_for(
        self, case, county, give, purpose, capability
    ):
        service = make.service(capability, area_=county)
        if purpose == Purpose.OWN_COPY:
            give(to_the_person=True, purpose=purpose)
        else:
            give(every_unconditional=True, purpose=purpose)
        reached = purpose in HELP_FOR and (
            HELP_FOR[purpose] is None or capability in HELP_FOR[purpose]
        )
        assert bool(safety.covering(case=case, service=service, at=NOW)) == reached
        need = make.need(case, capability)
        assert bool(protection_facts(need, at=NOW).may_tell) == reached  # and so sees the router

    def test_who_may_hear_the_case_talked_over_is_not_asked_for_help(self, case, give, shelter):
        give(organization=shelter.organization, purpose="case_conference")
        need = make.due_need(case)
        assert need.state == "with_human"
        assert Turn.objects.open().filter(need=need, kind="ask_sharing").exists()

    def test_a_name_is_not_opened_by_what_was_agreed_for_another_purpose(
        self, agreed, case, shelter, give
    ):
        reader = make.user("provider", shelter.organization)
        assert access.may_open_identity(reader, case, at=NOW)
        for one in list(case.consents.all()):
            Consent.objects.filter(pk=one.pk).update(purpose="transfer")
        assert not access.may_open_identity(reader, case, at=NOW)

    def test_a_copy_is_for_the_person_and_nobody_else(self, give):
        with pytest.raises(UnableToShare):
            give(capability="shelter", purpose="own_copy")
        with pytest.raises(UnableToShare):
            give(to_the_person=True, purpose="find_help")


class TestHowItWasGiven:
    @pytest.mark.parametrize(
        ("told", "fault"),
        [
            ({}, ""),
            ({"how_given": "signed"}, ""),
            ({"how_given": "spoken"}, "witness"),
            ({"how_given": "spoken", "witness": "none_safe"}, ""),
            ({"how_given": "spoken", "witness": "colleague"}, "witness_name"),
            ({"how_given": "spoken", "witness": "colleague", "witness_name": "Abuk"}, ""),
            ({"how_given": "spoken", "witness": "none_safe", "witness_name": "Abuk"}, "witness"),
            ({"given_by": "guardian"}, "assent"),
            ({"given_by": "guardian", "relation": "relative", "assent": "yes"}, ""),
            ({"given_by": "best_interests", "assent": "too_young"}, ""),
            ({"relation": "mother"}, "given_by"),
        ],
    )
    def test_says_what_is_missing(self, give, told, fault):
        assert list(consenting.faults(told)) == ([fault] if fault else [])
        if fault:
            with pytest.raises(UnableToShare):
                give(**told)
            assert not Consent.objects.exists()
        else:
            give(**told)

    def test_every_combination_is_either_told_as_a_fault_or_kept_by_the_database(self, give):
        """The form and the constraints never disagree."""
        kept = 0
        for how in HowGiven.values:
            for witness in ("", "none_safe", "colleague"):
                for name in ("", "Abuk"):
                    for by in GivenBy.values:
                        for assent in Assent.values:
                            told = {
                                "how_given": how, "witness": witness, "witness_name": name,
                                "given_by": by, "assent": assent,
                            }  # fmt: skip
                            if not consenting.faults(told):
                                give(**told)
                                kept += 1
        assert kept == Consent.objects.count() > 50

    def test_the_name_of_the_witness_is_sealed(self, give):
        consent = give(how_given="spoken", witness="colleague", witness_name="Abuk")
        stored = Consent.objects.get(pk=consent.pk)
        assert stored.witness_name == "Abuk"
        assert b"Abuk" not in bytes(stored.witness_sealed)

    def test_an_unknown_term_is_refused(self, give):
        with pytest.raises(TypeError):
            give(colour="blue")


class TestAChildsOwnWord:
    @pytest.fixture
    def child(self, caseworker, county):
        return make.case(caseworker, area_=county, members=[CHILD])

    @pytest.mark.parametrize(
        ("urgency", "goes_on"),
        [("immediate", True), ("urgent", True), ("soon", False), ("routine", False)],
    )
    def test_no_stops_what_can_wait_and_nothing_else(
        self, child, shelter, caseworker, urgency, goes_on
    ):
        consent = make.consent(child)
        need = make.due_need(child, urgency=urgency)
        router.route(need_id=need.pk, at=NOW)
        ask = need.referrals.get()
        case_work.child_says_no(consent_id=consent.pk, by=make.by(caseworker), at=NOW)
        assert Referral.objects.get(pk=ask.pk).state == ("offered" if goes_on else "withdrawn")
        assert Turn.objects.open().filter(case=child, kind="child_says_no").count() == 1

    def test_after_a_no_the_router_asks_nobody_about_what_can_wait(self, child, shelter, give):
        give(child, given_by="guardian", assent="no", offer_on=True)
        slow, fast = make.due_need(child, urgency="soon"), make.due_need(child, urgency="urgent")
        assert Need.objects.get(pk=slow.pk).state == "with_human"
        router.route(need_id=fast.pk, at=NOW)
        assert fast.referrals.get().state == "offered"
        assert Turn.objects.open().filter(case=child, kind="child_says_no").exists()

    def test_no_said_twice_is_said_once(self, child, give, caseworker):
        consent = give(child)
        say = partial(case_work.child_says_no, consent_id=consent.pk, by=make.by(caseworker))
        say(at=NOW)
        say(at=NOW)
        assert child.events.filter(kind="child_says_no").count() == 1


class TestBeforeItEnds:
    def test_somebody_asks_three_days_before_and_once(self, case, give):
        give(ends_at=NOW + 4 * DAY)
        sweep(at=NOW + DAY / 2)
        assert not Turn.objects.filter(kind="sharing_ends").exists()
        sweep(at=NOW + DAY)
        turn = Turn.objects.get(kind="sharing_ends")
        assert turn.due_at == NOW + 4 * DAY
        case_work.close_turn(turn_id=turn.pk, user=turn.owner, at=NOW + DAY)
        sweep(at=NOW + 2 * DAY)
        assert Turn.objects.filter(kind="sharing_ends").count() == 1

    def test_nobody_is_asked_about_what_was_taken_back(self, give, caseworker):
        consent = give(ends_at=NOW + 4 * DAY)
        case_work.withdraw_consent(consent_id=consent.pk, by=make.by(caseworker), at=NOW)
        sweep(at=NOW + 2 * DAY)
        assert not Turn.objects.filter(kind="sharing_ends").exists()


class TestTheForm:
    @pytest.fixture
    def send(self, cast, at_nine):
        case = make.case(cast.caseworker, area_=cast.county, members=[WOMAN, CHILD])
        client = browser(cast.caseworker)
        base = {"whom": "capability", "capability": "shelter", "data": ["basics", "place"]}

        def one(**told):
            url = f"/cases/{case.pk}/sharing/"
            return client.post(url, base | {"how_given": "signed"} | told)

        one.case = case
        return one

    def test_keeps_how_it_was_given_and_what_was_read_out(self, send):
        send(how_given="spoken", witness="interpreter", witness_name="Abuk", notice_language="pga")
        consent = Consent.objects.get()
        assert (consent.how_given, consent.witness, consent.notice_language) == (
            "spoken", "interpreter", "pga",
        )  # fmt: skip
        assert consent.notice_version == consenting.VERSION

    def test_what_was_not_read_out_has_no_version(self, send):
        send()
        assert Consent.objects.get().notice_version == ""

    def test_says_who_agreed_for_the_child(self, send):
        answer = send(given_by="parent", relation="mother")
        assert (answer.status_code, "Choose what the child says." in text(answer)) == (422, True)
        send(given_by="parent", relation="mother", assent="yes")
        assert Consent.objects.get().assent == "yes"

    def test_shows_what_they_will_see_and_saves_nothing(self, send, cast):
        shown = text(send(check="1"))
        assert "What ⁨Hope Shelter⁩ will see" in shown or "Hope Shelter" in shown
        assert "under 18" in shown
        assert "languages" in shown  # stays with us
        assert not Consent.objects.exists()
        assert not Referral.objects.exists()

    def test_names_no_confidential_service_to_who_may_not_read_of_it(self, send, cast):
        from providers import services as directory

        police = make.organization("Police", kind="state", authority="police")
        directory.add_membership(user=cast.caseworker, organization=police, role="provider")
        directory.change_service(service_id=cast.shelter.pk, at=NOW, exposure="redacted")
        assert "Hope Shelter" not in text(send(check="1")).split("<form", 2)[1]

    def test_a_copy_for_the_person_is_told_to_nobody(self, send):
        send(whom="to_the_person")
        assert Consent.objects.get().purpose == "own_copy"
        assert not Consent.objects.to_ask(NOW, "immediate").exists()
