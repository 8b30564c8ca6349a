"""Who may come: the specialist who is with the person, the caseworker for the decision."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from referral import access
from referral import services as case_work
from referral.finding import services
from referral.finding.models import Finding
from referral.lifecycle import Hand
from referral.models import AccessRecord
from tests import factories as make
from tests.factories import NOW
from tests.people import body, browser, text
from tests.referral.finding.talk import SENT, compared, found, talk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]
PAGES = ("", "write/", "compare/", "lawyer/")
OF_THE_CASEWORKER = ("panel/", "result/")


def test_the_specialist_comes_in(a_talk, specialist):
    for path in PAGES:
        assert specialist.get(f"/cases/{a_talk.case.pk}/talk/{path}").status_code == 200


def test_the_caseworker_reads_the_decision(a_talk, worker):
    for path in OF_THE_CASEWORKER:
        assert worker.get(f"/cases/{a_talk.case.pk}/talk/{path}").status_code == 200


@pytest.mark.parametrize("path", [*PAGES, *OF_THE_CASEWORKER])
@pytest.mark.parametrize(
    "name", ["colleague", "supervisor", "provider", "stranger", "excluded", "coordinator"]
)
def test_nobody_else_meets_more_than_for_no_such_case(cast, a_talk, name, path):
    client = browser(getattr(cast, name))
    foreign = client.get(f"/cases/{a_talk.case.pk}/talk/{path}")
    missing = client.get(f"/cases/{uuid4()}/talk/{path}")
    assert foreign.status_code == missing.status_code == 404
    assert body(foreign).replace(str(a_talk.case.pk), "") == body(missing).replace(
        missing.wsgi_request.path.split("/")[2], ""
    )
    assert AccessRecord.objects.get(what="finding", outcome="denied").by == getattr(cast, name)


def test_the_specialist_reads_no_page_of_the_caseworker_nor_the_other_way_round(
    a_talk, specialist, worker
):
    for path in OF_THE_CASEWORKER:
        assert specialist.get(f"/cases/{a_talk.case.pk}/talk/{path}").status_code == 404
    for path in PAGES:
        assert worker.get(f"/cases/{a_talk.case.pk}/talk/{path}").status_code == 404


class TestTheDoorCloses:
    def with_this_person(self, one) -> bool:
        return access.talks_with(one.specialist, one.case, at=NOW) is not None

    def test_before_a_yes(self, cast):
        clinic = make.organization("Clinic")
        lemi = make.user("specialist", clinic)
        service = make.service("identification", area_=cast.county, organization_=clinic)
        case = make.case(cast.caseworker, area_=cast.county)
        make.consent(case, capability="identification")
        need = make.need(case, "identification")
        by = make.by(cast.caseworker)
        case_work.offer(need_id=need.pk, service_id=service.pk, by=by, at=NOW)
        assert access.talks_with(lemi, case, at=NOW) is None

    def test_when_the_person_takes_consent_back(self, a_talk, cast):
        assert self.with_this_person(a_talk)
        case_work.withdraw_consent(
            consent_id=a_talk.consent.pk, by=make.by(cast.caseworker), at=NOW
        )
        assert not self.with_this_person(a_talk)

    def test_when_consent_ends(self, a_talk):
        later = NOW + timedelta(days=31)
        assert access.talks_with(a_talk.specialist, a_talk.case, at=later) is None

    def test_when_the_person_keeps_away_from_that_organization(self, a_talk, cast):
        case_work.exclude(
            case_id=a_talk.case.pk, organization=a_talk.clinic, by=make.by(cast.caseworker), at=NOW
        )
        assert not self.with_this_person(a_talk)

    def test_when_the_talk_is_over(self, a_talk):
        by = case_work.By(Hand.PROVIDER, a_talk.specialist)
        case_work.arrive(referral_id=a_talk.referral.pk, said_by="provider", by=by, at=NOW)
        assert self.with_this_person(a_talk)
        case_work.complete(referral_id=a_talk.referral.pk, said_by="provider", by=by, at=NOW)
        assert not self.with_this_person(a_talk)

    def test_to_a_worker_of_the_same_house_who_is_no_specialist(self, a_talk):
        other = make.user("provider", a_talk.clinic)
        assert access.talks_with(other, a_talk.case, at=NOW) is None

    def test_to_a_specialist_of_another_house(self, a_talk, cast):
        elsewhere = make.user("specialist", make.organization("Another clinic"))
        assert access.talks_with(elsewhere, a_talk.case, at=NOW) is None


class TestWhatTheCaseworkerReads:
    def result(self, worker, one) -> str:
        return text(worker.get(f"/cases/{one.case.pk}/talk/result/"))

    def test_is_the_decision_in_words_and_that_help_does_not_change(self, a_talk, worker):
        found(a_talk)
        shown = self.result(worker, a_talk)
        assert "Established: all that the definition asks for is there" in shown
        assert "In help: nothing." in shown
        assert "Nothing: no legal basis found" in shown

    def test_is_no_note_no_element_and_no_tag(self, a_talk, worker):
        found(a_talk, tags=["terrorism"], decision="possible", reason="told by others")
        shown = self.result(worker, a_talk)
        for secret in (
            "a mine",
            "a debt that grew",
            "Forced labour",
            "Terrorism",
            "told by others",
        ):
            assert secret not in shown

    def test_is_more_once_the_specialist_shares_it_but_never_a_tag(
        self, a_talk, worker, specialist
    ):
        one = found(a_talk, tags=["terrorism"])
        specialist.post(f"/talk/{one.pk}/share/", {"share": "1"})
        shown = self.result(worker, a_talk)
        assert "a mine" in shown
        assert "Terrorism" not in shown
        specialist.post(f"/talk/{one.pk}/share/", {})
        assert "a mine" not in self.result(worker, a_talk)

    def test_is_written_down(self, cast, a_talk, worker):
        self.result(worker, a_talk)
        look = AccessRecord.objects.get(what="finding")
        assert (look.by, look.outcome) == (cast.caseworker, "read")


class TestASecondSpecialist:
    def test_reads_the_elements_but_notes_only_where_they_are_shared(self, cast, a_talk):
        found(a_talk, tags=["terrorism"])
        other = talk(cast, name="deng", case=a_talk.case)
        client = browser(other.specialist)
        shown = text(client.get(f"/cases/{a_talk.case.pk}/talk/"))
        assert "Forced labour" in shown
        assert "a mine" not in shown
        Finding.objects.update(shared_at=NOW)
        shown = text(client.get(f"/cases/{a_talk.case.pk}/talk/"))
        assert "a mine" in shown
        assert "Terrorism" not in shown

    def test_reads_nothing_that_others_wrote_for_a_lawyer_or_on_a_point(self, cast, a_talk):
        by = {"referral": a_talk.referral, "user": a_talk.specialist, "at": NOW}
        services.record_compelled(
            kind="compelled", note="carried arms", help_=["criminal_defence"], **by
        )
        points = {key: {"leans": "exploited", "note": "a mine"} for key in services.wording.POINTS}
        services.compare(points=points, **by)
        client = browser(talk(cast, name="deng", case=a_talk.case).specialist)
        assert "carried arms" not in text(client.get(f"/cases/{a_talk.case.pk}/talk/"))
        shown = text(client.get(f"/cases/{a_talk.case.pk}/talk/compare/"))
        assert '<option value="exploited" selected>' in shown
        assert "a mine" not in shown

    def test_shares_nothing_that_others_wrote(self, cast, a_talk):
        one = found(a_talk)
        client = browser(talk(cast, name="deng", case=a_talk.case).specialist)
        answer = client.post(f"/talk/{one.pk}/share/", {"share": "1"})
        assert answer.status_code == 404
        assert Finding.objects.get().shared_at is None


class TestTheNoteForTheLawyer:
    @pytest.fixture
    def legal(self, cast, a_talk):
        house = make.organization("Open Door")
        service = make.service(
            "criminal_defence", area_=cast.county, organization_=house, name="Open Door Law"
        )
        make.consent(a_talk.case, capability="criminal_defence")
        need = make.need(a_talk.case, "criminal_defence")
        asked = case_work.offer(
            need_id=need.pk, service_id=service.pk, by=make.by(cast.caseworker), at=NOW
        )
        return asked, make.user("provider", house)

    def test_is_for_a_legal_service_that_said_yes(self, legal, worker):
        asked, lawyer = legal
        note = f"/referrals/{asked.pk}/note/"
        assert browser(lawyer).get(note).status_code == worker.get(note).status_code == 404
        case_work.accept(referral_id=asked.pk, by=make.provider(lawyer), at=NOW)
        assert browser(lawyer).get(note).status_code == worker.get(note).status_code == 200

    def test_says_to_whom_and_is_about_nobody(self, legal, worker, a_talk):
        asked, lawyer = legal
        case_work.accept(referral_id=asked.pk, by=make.provider(lawyer), at=NOW)
        for client in (worker, browser(lawyer)):
            shown = text(client.get(f"/referrals/{asked.pk}/note/"))
            assert "Give it to the lawyer. Do not carry it." in shown
            assert "Security Council resolution 2331 (2016) op. 2(d)" in shown
            assert "not binding here" in shown
            assert a_talk.case.pseudonym not in shown
            assert a_talk.case.reference not in shown

    def test_is_the_same_whatever_was_found(self, legal, worker, a_talk):
        asked, lawyer = legal
        case_work.accept(referral_id=asked.pk, by=make.provider(lawyer), at=NOW)
        before = body(worker.get(f"/referrals/{asked.pk}/note/"))
        found(a_talk, tags=["terrorism"])
        assert body(worker.get(f"/referrals/{asked.pk}/note/")) == before

    def test_is_for_no_other_kind_of_help(self, a_talk, specialist, worker):
        for client in (specialist, worker):
            assert client.get(f"/referrals/{a_talk.referral.pk}/note/").status_code == 404


class TestTheForm:
    def send(self, client, one, **more):
        return client.post(f"/cases/{one.case.pk}/talk/write/", SENT | more)

    def test_works_it_out_before_anything_is_saved(self, a_talk, specialist):
        shown = text(self.send(specialist, a_talk))
        assert "Established: all that the definition asks for is there" in shown
        assert "Whether the person agreed changes nothing: one of the means was used." in shown
        assert "not verified" in shown
        assert not Finding.objects.exists()

    def test_saves_as_worked_out(self, a_talk, specialist):
        self.send(specialist, a_talk, record="1")
        one = Finding.objects.get()
        assert (one.decision, one.computed, one.tags) == ("actual", "actual", ["terrorism"])

    def test_asks_why_where_the_decision_differs(self, a_talk, specialist):
        answer = self.send(specialist, a_talk, record="1", decision="possible")
        assert answer.status_code == 422
        assert "Write why you decide otherwise." in text(answer)
        self.send(specialist, a_talk, record="1", decision="possible", reason="others told it")
        assert Finding.objects.get().reason == "others told it"

    def test_takes_no_contradiction(self, a_talk, specialist):
        answer = self.send(specialist, a_talk, means="not_established")
        assert answer.status_code == 422
        assert "established, or not known?" in text(answer)

    def test_with_nothing_known_is_possible_and_open(self, a_talk, specialist):
        nothing = {"acts": "not_known", "means": "not_known", "purpose": "not_known"}
        sent = nothing | {"because": "first", "age": "not_known", "agreed": "not_known"}
        shown = text(specialist.post(f"/cases/{a_talk.case.pk}/talk/write/", sent))
        assert "Possible: something is not known yet" in shown

    def test_of_a_child_begins_with_the_age_of_the_child(self, cast):
        one = talk(cast, members=[{"age_band": "12-14", "sex": "man"}])
        shown = text(browser(one.specialist).get(f"/cases/{one.case.pk}/talk/write/"))
        assert '<option value="child" selected>' in shown

    def test_does_not_ask_again_what_was_told(self, a_talk, specialist):
        found(a_talk)
        shown = text(specialist.get(f"/cases/{a_talk.case.pk}/talk/write/"))
        assert '<option value="new_fact" selected>' in shown
        assert shown.count("checked") == 3
        assert "a mine" not in shown

    def test_asks_for_no_scheme_where_there_is_none(self, a_talk, specialist):
        shown = text(specialist.get(f"/cases/{a_talk.case.pk}/talk/write/"))
        assert "wants_classification" not in shown

    def test_is_not_open_in_a_closed_case(self, cast, a_talk, specialist):
        a_talk.case.__class__.objects.filter(pk=a_talk.case.pk).update(
            state="closed", closed_because="moved"
        )
        assert self.send(specialist, a_talk, record="1").status_code == 409
        assert not Finding.objects.exists()


def test_elements_found_after_the_comparison_ask_to_compare_again(a_talk, specialist):
    compared(a_talk)
    again = "Something was found since: look at the seven points again."
    assert again not in text(specialist.get(f"/cases/{a_talk.case.pk}/talk/"))
    found(a_talk, at=NOW + timedelta(minutes=1))
    assert again in text(specialist.get(f"/cases/{a_talk.case.pk}/talk/"))


@pytest.mark.once
@pytest.mark.parametrize(("path", "most"), [("", 31), ("result/", 19)])
def test_many_versions_cost_no_more_than_one(a_talk, specialist, worker, path, most):
    client = worker if path else specialist
    found(a_talk, shared=True)
    counts = []
    for _ in range(2):
        client.get(f"/cases/{a_talk.case.pk}/talk/{path}")
        with CaptureQueriesContext(connection) as seen:
            client.get(f"/cases/{a_talk.case.pk}/talk/{path}")
        counts.append(len(seen))
        for _more in range(3):
            found(a_talk, because="new_fact", shared=True)
    assert counts[0] == counts[1] <= most


def test_both_pages_lead_there(a_talk, specialist, worker):
    assert f"/cases/{a_talk.case.pk}/talk/" in text(specialist.get(f"/inbox/{a_talk.referral.pk}/"))
    assert f"/cases/{a_talk.case.pk}/talk/panel/" in text(worker.get(f"/cases/{a_talk.case.pk}/"))


def test_a_tag_names_its_mechanism_and_that_nothing_is_sent(a_talk, specialist):
    found(a_talk, tags=["child_soldiers"])
    shown = text(specialist.get(f"/cases/{a_talk.case.pk}/talk/"))
    assert "Monitoring and reporting mechanism on children and armed conflict" in shown
    assert "Not verified." in shown
    assert "Nothing is sent to anybody." in shown


def test_what_was_told_in_a_first_look_is_shown_and_not_asked_again(a_talk, specialist):
    shown = text(specialist.get(f"/cases/{a_talk.case.pk}/talk/"))
    assert "What was told before" in shown
    panel = f"/cases/{a_talk.case.pk}/first-look/panel/"
    assert panel in shown
    assert specialist.get(panel).status_code == 200
