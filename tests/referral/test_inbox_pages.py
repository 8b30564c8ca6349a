"""The provider's side: cards without a name, every answer, who is with us, what to delete."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from referral import services as case_work
from referral.models import Incident, Referral
from tests import factories as make
from tests.factories import NOW
from tests.people import agreed, asked, body, browser, open_case, text

pytestmark = [pytest.mark.once, pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]
PAIR = [{"age_band": "26-59", "sex": "woman"}, {"age_band": "0-5", "sex": "man"}]


@pytest.fixture
def house(cast):
    """The provider's browser."""
    return browser(cast.provider)


class TestTheInbox:
    def test_says_how_many_need_an_answer(self, cast, house):
        asked(cast)
        assert "1 request needs an answer" in text(house.get("/inbox/"))

    def test_says_so_when_nobody_does(self, house):
        assert "Nobody needs an answer now" in text(house.get("/inbox/"))

    def test_shows_the_card_and_neither_pseudonym_nor_reference(self, cast, house):
        case = asked(cast).need.case
        shown = text(house.get("/inbox/"))
        assert "1 person: Woman or girl, 18 to 59" in shown
        assert "Juba Arabic" in shown
        assert case.pseudonym not in shown
        assert case.reference not in shown
        assert str(case.pk) not in shown

    def test_shows_no_more_than_was_agreed_to(self, cast, house):
        case = open_case(cast)
        make.consent(case)
        consent = case.consents.get()
        type(consent).objects.filter(pk=consent.pk).update(data=[])
        need = make.need(case)
        by = make.by(cast.caseworker)
        case_work.offer(need_id=need.pk, service_id=cast.shelter.pk, by=by, at=NOW)
        shown = text(house.get("/inbox/"))
        assert "1 person" in shown
        assert "Woman or girl" not in shown
        assert "Juba Arabic" not in shown

    def test_puts_the_nearest_deadline_first(self, cast, house):
        calm, pressing = asked(cast, urgency="routine"), asked(cast, urgency="immediate")
        shown = text(house.get("/inbox/"))
        assert shown.index(str(pressing.pk)) < shown.index(str(calm.pk))

    def test_counts_as_seen_what_it_shows_and_the_clock_goes_on(self, cast, house):
        referral = asked(cast)
        due = referral.answer_due_at
        house.get("/inbox/")
        referral.refresh_from_db()
        assert (referral.seen_at, referral.state) == (NOW, "offered")
        assert referral.answer_due_at == due

    def test_shows_a_pseudonym_after_a_yes(self, cast, house):
        case = agreed(cast).need.case
        assert case.pseudonym in text(house.get("/inbox/"))

    def test_has_a_fixed_number_of_queries(self, cast, house):
        def count() -> int:
            house.get("/inbox/")
            with CaptureQueriesContext(connection) as seen:
                house.get("/inbox/")
            return len(seen)

        asked(cast)
        agreed(cast)
        few = count()
        for _n in range(4):
            asked(cast)
            agreed(cast)
        assert count() == few <= 16

    @pytest.mark.parametrize("name", ["caseworker", "supervisor", "stranger", "coordinator"])
    def test_is_for_those_who_answer(self, cast, name):
        assert browser(getattr(cast, name)).get("/inbox/").status_code == 403


class TestWhoSeesACard:
    @pytest.mark.parametrize(
        "name", ["caseworker", "supervisor", "stranger", "excluded", "coordinator"]
    )
    def test_others_meet_the_same_page_as_for_no_such_card(self, cast, name):
        referral = asked(cast)
        client = browser(getattr(cast, name))
        foreign, missing = client.get(f"/inbox/{referral.pk}/"), client.get(f"/inbox/{uuid4()}/")
        assert foreign.status_code == missing.status_code == 404
        assert neutral(foreign) == neutral(missing)

    @pytest.mark.parametrize("path", ["answer", "arrived", "step", "seen"])
    @pytest.mark.parametrize("name", ["caseworker", "supervisor", "stranger", "excluded"])
    def test_others_answer_nothing(self, cast, name, path):
        referral = asked(cast)
        client = browser(getattr(cast, name))
        data = {"answer": "accept", "move": "not_arrive"}
        assert client.post(f"/inbox/{referral.pk}/{path}/", data).status_code == 404
        referral.refresh_from_db()
        assert referral.state == "offered"

    def test_a_house_to_keep_away_from_sees_nothing_any_more(self, cast, house):
        referral = agreed(cast)
        case_work.exclude(
            case_id=referral.need.case_id,
            organization=cast.house,
            by=make.by(cast.caseworker),
            at=NOW,
        )
        assert house.get(f"/inbox/{referral.pk}/").status_code == 404
        assert referral.need.case.pseudonym not in text(house.get("/inbox/"))

    def test_a_specialist_sees_talks_and_nothing_else(self, cast):
        client = browser(make.user("specialist", cast.house))
        assert client.get(f"/inbox/{asked(cast).pk}/").status_code == 404


def neutral(response) -> str:
    return body(response).replace(response.wsgi_request.path, "")


class TestAnswering:
    @pytest.fixture
    def send(self, house):
        return lambda referral, **data: house.post(f"/inbox/{referral.pk}/answer/", data)

    @pytest.mark.parametrize(
        ("answer", "state"),
        [
            ({"answer": "accept"}, "accepted"),
            ({"answer": "accept_from", "available_from": "2026-11-24T09:00"}, "accepted"),
            ({"answer": "decline", "reason": "full"}, "declined"),
            ({"answer": "waitlist"}, "waitlisted"),
            ({"answer": "assess"}, "assessing"),
            ({"answer": "onward"}, "referred_onward"),
            ({"answer": "question", "question": "From when?"}, "offered"),
        ],
    )
    def test_takes_every_answer(self, cast, send, answer, state):
        referral = asked(cast)
        assert send(referral, **answer).status_code == 302
        referral.refresh_from_db()
        assert referral.state == state
        assert not referral.told_by_phone

    def test_yes_for_some_is_a_persons_turn(self, cast, send):
        referral = asked(cast, open_case(cast, members=PAIR))
        send(referral, answer="accept_some", people="1")
        referral.refresh_from_db()
        assert (referral.yes_for, referral.state) == (1, "offered")
        assert referral.turns.open().get().kind == "partial_yes"

    def test_someone_else_can_may_name_a_service(self, cast, send):
        other = make.service("shelter", area_=cast.county, name="Green House")
        referral = asked(cast)
        send(referral, answer="onward", named="green house")
        referral.refresh_from_db()
        assert referral.named_service == other

    def test_asking_for_something_first_opens_an_incident(self, cast, send):
        send(asked(cast), answer="decline", reason="condition", note="A paper of the police")
        assert Incident.objects.get().note == "A paper of the police"

    def test_a_no_without_a_reason_is_told_at_the_field(self, cast, send):
        referral = asked(cast)
        answer = send(referral, answer="decline")
        assert answer.status_code == 422
        assert "Choose why not. One is enough." in text(answer)
        assert "<details open><summary>No, we cannot</summary>" in text(answer)
        assert Referral.objects.get(pk=referral.pk).state == "offered"

    @pytest.mark.parametrize(
        "answer",
        [
            {},
            {"answer": "x"},
            {"answer": "decline", "reason": "x"},
            {"answer": "accept_some", "people": "-1"},
            {"answer": "accept_some", "people": "9" * 30},
            {"answer": "accept_from", "available_from": "soon"},
            {"answer": "question", "question": "x" * 301},
            {"answer": "onward", "named": "x" * 201},
        ],
    )
    def test_a_wrong_answer_is_explained_and_changes_nothing(self, cast, send, answer):
        referral = asked(cast)
        assert send(referral, **answer).status_code == 422
        assert Referral.objects.get(pk=referral.pk).state == "offered"

    def test_a_no_makes_the_card_go(self, cast, house, send):
        referral = asked(cast)
        send(referral, answer="decline", reason="full")
        assert house.get(f"/inbox/{referral.pk}/").status_code == 404

    def test_twice_yes_is_a_conflict_that_names_what_is_open(self, cast, send):
        referral = asked(cast)
        send(referral, answer="accept")
        answer = send(referral, answer="accept")
        assert answer.status_code == 409
        assert "Record the arrival" in text(answer)

    def test_a_late_yes_is_told_and_a_persons_turn(self, cast, send):
        referral = asked(cast)
        by = make.by(cast.caseworker)
        case_work.cancel(referral_id=referral.pk, by=by, at=NOW)
        answer = send(referral, answer="accept")
        assert answer.status_code == 409
        assert "Your yes is written down" in text(answer)
        assert referral.turns.open().get().kind == "late_yes"


class TestWithUsNow:
    def test_the_way_there_is_shown_after_a_yes(self, cast, house):
        referral = agreed(cast)
        by = make.by(cast.caseworker)
        way = {"where": "At the gate", "contact": "The driver", "sign": "Green scarf"}
        case_work.hand_over(referral_id=referral.pk, by=by, at=NOW, expected_at=NOW, handover=way)
        shown = text(house.get(f"/inbox/{referral.pk}/"))
        assert "At the gate" in shown
        assert "Green scarf" in shown

    def test_arrived_then_helped(self, cast, house):
        referral = agreed(cast)
        house.post(f"/inbox/{referral.pk}/arrived/")
        house.post(f"/inbox/{referral.pk}/step/", {"move": "complete"})
        referral.refresh_from_db()
        assert referral.state == "in_service"  # until when, and what comes after, is said first
        told = {"leaves_on": "2026-11-23", "onward": "To an aunt.", "reason": "helped"}
        house.post(f"/inbox/{referral.pk}/notice/", told)
        assert "To an aunt." in text(house.get(f"/inbox/{referral.pk}/"))
        house.post(f"/inbox/{referral.pk}/step/", {"move": "complete"})
        referral.refresh_from_db()
        assert (referral.state, referral.arrived_said_by) == ("completed", "provider")
        assert referral.completed_said_by == "provider"

    def test_nobody_came(self, cast, house):
        referral = agreed(cast)
        house.post(f"/inbox/{referral.pk}/step/", {"move": "not_arrive"})
        referral.refresh_from_db()
        assert referral.state == "not_arrived"

    def test_a_provider_takes_nothing_back(self, cast, house):
        referral = agreed(cast)
        assert house.post(f"/inbox/{referral.pk}/step/", {"move": "cancel"}).status_code == 404

    def test_what_was_taken_back_is_listed_until_it_is_deleted(self, cast, house):
        referral = agreed(cast)
        case_work.withdraw(referral_id=referral.pk, by=make.by(cast.caseworker), at=NOW)
        shown = text(house.get("/inbox/"))
        assert "Delete what you hold about it." in shown
        assert referral.need.case.pseudonym not in shown
        house.post(f"/inbox/{referral.pk}/seen/")
        referral.refresh_from_db()
        assert referral.acknowledged_at == NOW
        assert "Delete what you hold about it." not in text(house.get("/inbox/"))
