"""Slips and sheets: what stands on paper, what never does, and who may print it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from providers.capabilities import all_capabilities
from providers.models import Location, Service
from referral import paper
from referral import services as case_work
from referral.identity import services as sealed
from referral.lifecycle import DeclineReason
from referral.models import AccessRecord, Referral
from tests import factories as make
from tests.factories import NOW
from tests.people import agreed, asked, body, browser, open_case, text

pytestmark = [pytest.mark.once, pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]
NAME, CONTACT, STORY = "Awut Deng Canary", "Canary at the bakery", "Canary over the river"
SAFE = "Canary text after 18:00"
WAY = {"where": "At the gate", "contact": "Driver 12", "sign": "A green scarf"}


@pytest.fixture
def worker(cast):
    return browser(cast.caseworker)


@pytest.fixture
def house(cast):
    return browser(cast.provider)


@pytest.fixture
def case(cast):
    """A case with everything written that paper could give away."""
    found = open_case(cast, safe_contact=SAFE)
    sealed.write_identity(
        case=found, user=cast.caseworker, at=NOW, name=NAME, contact=CONTACT, story=STORY
    )
    return found


def hand_over(cast, referral: Referral) -> Referral:
    by = make.by(cast.caseworker)
    return case_work.hand_over(
        referral_id=referral.pk, by=by, at=NOW, expected_at=NOW + timedelta(hours=3), handover=WAY
    )


class TestTheBlankSlip:
    def test_has_a_box_for_every_kind_of_help_and_every_reason(self, worker):
        shown = text(worker.get("/paper/slip/")).replace("&#x27;", "'")
        wanted = [*(one.label for one in all_capabilities().values()), *DeclineReason.labels]
        assert [words for words in wanted if f"<li>{words}</li>" not in shown] == []

    def test_asks_for_a_name_only_if_the_person_wants_it_written(self, worker):
        shown = text(worker.get("/paper/slip/")).lower()
        assert shown.count("name:") == 1
        assert "name: only if the person wants it written" in shown

    def test_says_how_it_comes_back(self, worker):
        shown = text(worker.get("/paper/slip/"))
        assert "open the case from this paper on the page for a new case" in shown

    @pytest.mark.parametrize(
        ("who", "status"),
        [("caseworker", 200), ("supervisor", 200), ("provider", 200), ("coordinator", 403)],
    )
    def test_is_for_whoever_refers_or_answers(self, cast, who, status):
        assert browser(getattr(cast, who)).get("/paper/slip/").status_code == status

    def test_is_asked_for_and_never_sent(self, worker):
        assert worker.post("/paper/slip/").status_code == 405


class TestTheWorkersSlip:
    def slip(self, client, referral):
        return client.get(f"/referrals/{referral.pk}/slip/")

    def test_shows_the_card_as_the_service_sees_it_and_by_when(self, cast, case, worker, house):
        referral = asked(cast, case)
        seen = house.get(f"/inbox/{referral.pk}/").context["card"].facts
        shown = text(self.slip(worker, referral))
        assert seen
        assert [words for _what, words in seen if words not in shown] == []
        assert "Hope Shelter" in shown
        assert "Tuesday 24 November 2026, 11:00" in shown
        assert "As of 11:00" in shown

    def test_leaves_out_what_was_not_agreed_to(self, cast, case, worker):
        referral = asked(cast, case)
        told = {key: referral.card[key] for key in ("capability", "urgency", "people")}
        Referral.objects.filter(pk=referral.pk).update(card=told)
        shown = text(self.slip(worker, referral))
        assert "Juba Arabic" not in shown
        assert "Woman or girl" not in shown

    def test_is_called_by_its_reference_alone(self, cast, case, worker):
        shown = text(self.slip(worker, asked(cast, case)))
        assert f"<title>Slip {case.reference}</title>" in shown
        assert case.pseudonym not in shown

    def test_shows_the_way_there_once_it_is_agreed(self, cast, case, worker):
        referral = agreed(cast, case)
        assert WAY["sign"] not in text(self.slip(worker, referral))
        hand_over(cast, referral)
        assert WAY["sign"] in text(self.slip(worker, referral))

    def test_never_shows_where_a_confidential_service_is(self, cast, case, worker):
        place = Location.objects.create(
            name="Canary house", area=cast.county, organization=cast.house,
            latitude=4.81234, longitude=31.61234,
        )  # fmt: skip
        Service.objects.update(exposure="redacted", location=place, phone="+211 900 111")
        shown = text(self.slip(worker, agreed(cast, case)))
        assert "Canary" not in shown
        assert "4.81" not in shown

    def test_is_not_for_what_ended_or_is_not_to_be_told(self, cast, case, worker):
        referral = agreed(cast, case)
        consent = case.consents.get()
        case.consents.update(ends_at=NOW, given_at=NOW - timedelta(days=1))
        assert self.slip(worker, referral).status_code == 404
        case.consents.update(ends_at=consent.ends_at)
        assert self.slip(worker, referral).status_code == 200
        case_work.withdraw(referral_id=referral.pk, by=make.by(cast.caseworker), at=NOW)
        assert self.slip(worker, referral).status_code == 404
        shown = text(worker.get(f"/referrals/{referral.pk}/"))
        assert "Print a slip" not in shown

    @pytest.mark.parametrize("name", ["colleague", "supervisor", "provider", "stranger"])
    def test_of_somebody_else_is_like_none(self, cast, case, name):
        client = browser(getattr(cast, name))
        foreign = self.slip(client, asked(cast, case))
        missing = client.get(f"/referrals/{uuid4()}/slip/")
        assert foreign.status_code == missing.status_code == 404
        paths = (missing.wsgi_request.path, foreign.wsgi_request.path)
        assert body(foreign) == body(missing).replace(*paths)

    def test_is_found_from_the_page_of_the_ask(self, cast, case, worker):
        referral = asked(cast, case)
        assert f"/referrals/{referral.pk}/slip/" in text(worker.get(f"/referrals/{referral.pk}/"))


class TestTheServicesSlip:
    def test_shows_its_card_and_neither_reference_nor_way(self, cast, case, house):
        referral = hand_over(cast, agreed(cast, case))
        shown = text(house.get(f"/inbox/{referral.pk}/slip/"))
        assert "Woman or girl" in shown
        assert "<title>Slip</title>" in shown
        for hidden in (case.reference, case.pseudonym, *WAY.values()):
            assert hidden not in shown

    def test_is_found_from_its_card_before_and_after_a_yes(self, cast, case, house):
        referral = asked(cast, case)
        link = f"/inbox/{referral.pk}/slip/"
        assert link in text(house.get(f"/inbox/{referral.pk}/"))
        by = case_work.By("provider", cast.provider)
        case_work.accept(referral_id=referral.pk, by=by, at=NOW)
        assert link in text(house.get(f"/inbox/{referral.pk}/"))

    @pytest.mark.parametrize("name", ["caseworker", "excluded", "coordinator"])
    def test_of_somebody_else_is_like_none(self, cast, case, name):
        referral = asked(cast, case)
        answer = browser(getattr(cast, name)).get(f"/inbox/{referral.pk}/slip/")
        assert answer.status_code == 404


class TestTheNameOnPaper:
    def look(self, client, case, **sent):
        return client.post(f"/cases/{case.pk}/person/print/", {"reason": "To go along", **sent})

    def reads(self, case):
        return AccessRecord.objects.filter(case=case, what="identity", outcome="read")

    def test_is_printed_after_a_reason_and_the_look_is_written_down(self, cast, case, worker):
        asked_first = text(worker.get(f"/cases/{case.pk}/person/print/"))
        assert NAME not in asked_first
        assert not self.reads(case).exists()
        answer = self.look(worker, case)
        assert NAME in text(answer)
        assert CONTACT in text(answer)
        assert STORY not in text(answer)
        assert answer["Cache-Control"] == "no-store"
        assert f"<title>Slip {case.reference}</title>" in text(answer)
        assert [(one.by, one.reason) for one in self.reads(case)] == [
            (cast.caseworker, "To go along")
        ]

    @pytest.mark.parametrize("reason", ["", "x" * 201])
    def test_is_not_printed_without_a_reason(self, case, worker, reason):
        answer = self.look(worker, case, reason=reason)
        assert answer.status_code == 422
        assert NAME not in text(answer)
        assert not self.reads(case).exists()

    def test_stands_beside_the_slip_of_a_service_that_may_know_it(self, cast, case, worker):
        referral = agreed(cast, case)
        shown = text(self.look(worker, case, beside=str(referral.pk)))
        assert NAME in shown
        assert "Hope Shelter" in shown

    def test_never_stands_beside_another_slip(self, cast, case, worker):
        waiting = asked(cast, case)
        assert "Hope Shelter" not in text(worker.get(f"/cases/{case.pk}/person/print/"))
        answer = self.look(worker, case, beside=str(waiting.pk))
        assert "Hope Shelter" not in text(answer)
        by = case_work.By("provider", cast.provider)
        case_work.accept(referral_id=waiting.pk, by=by, at=NOW)
        case.consents.update(data=["basics"])
        assert self.look(worker, case, beside=str(waiting.pk)).status_code == 200
        assert "Hope Shelter" not in text(self.look(worker, case, beside=str(waiting.pk)))

    def test_is_for_the_service_only_as_long_as_it_may_open_it(self, cast, case, house):
        referral = agreed(cast, case)
        shown = text(self.look(house, case, beside=str(referral.pk)))
        assert NAME in shown
        assert STORY not in shown
        case.consents.update(data=["basics"])
        assert self.look(house, case).status_code == 404
        assert AccessRecord.objects.filter(outcome="denied", by=cast.provider).count() == 1

    @pytest.mark.parametrize(
        "name", ["colleague", "supervisor", "provider", "stranger", "excluded", "coordinator"]
    )
    def test_of_somebody_else_is_like_none_and_the_try_is_written_down(self, cast, case, name):
        user = getattr(cast, name)
        assert self.look(browser(user), case, once="a" * 32).status_code == 404
        assert AccessRecord.objects.get(outcome="denied").by == user

    def test_stands_on_no_other_paper(self, cast, case, worker, house):
        referral = hand_over(cast, agreed(cast, case))
        pages = [
            worker.get("/paper/slip/"),
            worker.get("/cases/sheet/"),
            worker.get(f"/referrals/{referral.pk}/slip/"),
            house.get(f"/inbox/{referral.pk}/slip/"),
            house.get("/paper/slip/"),
            worker.get(f"/cases/{case.pk}/person/print/"),
        ]
        assert {one.status_code for one in pages} == {200}
        assert [one.wsgi_request.path for one in pages if "Canary" in text(one)] == []


class TestTheSheet:
    def test_lists_cases_by_whose_turn_it_is_with_what_is_due(self, cast, case, worker):
        make.need(case)
        waiting = asked(cast).need.case
        shown = text(worker.get("/cases/sheet/"))
        order = [
            "Needs you", case.pseudonym, "Shelter: look for it", "Tue 24 Nov 11:00",
            "Waiting for others", waiting.pseudonym, "Hope Shelter",
        ]  # fmt: skip
        places = [shown.index(words) for words in order]
        assert places == sorted(places)
        assert "<title>Sheet</title>" in shown

    def test_says_so_when_there_are_more_than_fit(self, cast, worker, monkeypatch):
        monkeypatch.setattr(paper, "MOST_CASES", 2)
        for one in [open_case(cast) for _n in range(3)][:2]:
            make.need(one)
        shown = text(worker.get("/cases/sheet/"))
        assert "The 2 most pressing of 3 are on this sheet." in shown
        assert shown.count('<th scope="row">') == 2

    def test_says_what_will_stand_here_when_there_is_none(self, worker):
        assert "No open case." in text(worker.get("/cases/sheet/"))

    def test_asks_the_database_as_often_for_many_cases_as_for_one(self, cast):
        client = browser(cast.caseworker)

        def open_some() -> None:
            make.need(open_case(cast))
            asked(cast)
            open_case(cast)

        def counted() -> int:
            with CaptureQueriesContext(connection) as asked_of_it:
                client.get("/cases/sheet/")
            return len(asked_of_it)

        open_some()
        client.get("/cases/sheet/")
        few = counted()
        for _n in range(3):
            open_some()
        assert counted() == few <= 20

    @pytest.mark.parametrize("name", ["provider", "coordinator"])
    def test_is_for_case_work(self, cast, name):
        assert browser(getattr(cast, name)).get("/cases/sheet/").status_code == 403

    def test_is_found_from_the_caseload(self, worker):
        shown = text(worker.get("/cases/"))
        assert "/cases/sheet/" in shown
        assert "/paper/slip/" in shown
