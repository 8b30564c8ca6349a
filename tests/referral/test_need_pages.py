"""One need: where it stands, referring by hand, and all that is recorded about a referral."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from providers import capacity
from providers.models import Service
from referral import services as case_work
from referral.models import Need, Referral, UnmetNeed
from tests import factories as make
from tests.factories import NOW
from tests.people import agreed, asked, body, browser, open_case, text

pytestmark = [pytest.mark.once, pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]
FORBIDDEN = ["colleague", "supervisor", "provider", "stranger", "excluded", "coordinator"]


@pytest.fixture
def worker(cast):
    return browser(cast.caseworker)


class TestTheNeedPage:
    def test_says_who_was_asked_and_that_nobody_saw_it_yet(self, cast, worker):
        referral = asked(cast)
        shown = text(worker.get(f"/needs/{referral.need_id}/"))
        assert "Hope Shelter" in shown
        assert "Not seen yet." in shown

    def test_says_what_a_service_said(self, cast, worker):
        referral = asked(cast)
        case_work.decline(referral_id=referral.pk, reason="full", by=make.provider(), at=NOW)
        assert "Said no: Full." in text(worker.get(f"/needs/{referral.need_id}/"))

    def test_shows_a_wait_without_a_value_while_the_router_works(self, cast, worker):
        case = open_case(cast)
        make.consent(case)
        shown = text(worker.get(f"/needs/{make.due_need(case).pk}/"))
        assert "You can leave this page" in shown
        assert "<progress aria-label=" in shown
        assert "Load again" in shown

    def test_gives_htmx_the_state_alone(self, cast, worker):
        case = open_case(cast)
        make.consent(case)
        need = make.due_need(case)
        part = text(worker.get(f"/needs/{need.pk}/", headers={"HX-Request": "true"}))
        assert part.startswith('<div class="note" id="working"')
        Need.objects.filter(pk=need.pk).update(state="with_human", due_at=None)
        part = text(worker.get(f"/needs/{need.pk}/", headers={"HX-Request": "true"}))
        assert "The router has looked." in part

    def test_tells_the_cause_where_nobody_was_found(self, cast, worker):
        need = make.need(open_case(cast))
        Need.objects.filter(pk=need.pk).update(state="unmet")
        UnmetNeed.objects.create(need=need, cause="reach", opened_at=NOW, tried_at=NOW)
        assert "Nobody within reach" in text(worker.get(f"/needs/{need.pk}/"))

    def test_a_place_that_is_gone_is_told_in_the_language_of_the_page(
        self, cast, worker, monkeypatch
    ):
        def full(**_how):
            raise capacity.UnableToHold("Hope Shelter has no place for 1 now.")

        monkeypatch.setattr("referral.services.find_help", full)
        answer = worker.post(f"/needs/{make.need(open_case(cast)).pk}/look/")
        assert answer.status_code == 409
        assert "Choose another, or ask anyway with a reason." in text(answer)
        assert "no place for 1" not in text(answer)

    def test_offers_only_the_moves_that_are_open(self, cast, worker):
        placed = agreed(cast).need
        shown = text(worker.get(f"/needs/{placed.pk}/"))
        assert "wants none of these" not in shown
        assert "Look for help" not in shown
        assert "Close this need" in shown

    def test_looks_for_help(self, cast, worker):
        case = open_case(cast)
        make.consent(case)
        need = make.need(case)
        worker.post(f"/needs/{need.pk}/look/")
        assert Need.objects.get(pk=need.pk).state == "due"

    def test_wants_none_and_it_is_counted(self, cast, worker):
        case = open_case(cast)
        need = make.due_need(case, "psychosocial")
        worker.post(f"/needs/{need.pk}/none/")
        assert UnmetNeed.objects.get().cause == "wanted_none"

    def test_closes(self, cast, worker):
        need = make.need(open_case(cast))
        worker.post(f"/needs/{need.pk}/close/")
        assert Need.objects.get(pk=need.pk).state == "closed"

    def test_a_move_that_is_not_open_is_a_conflict_that_names_those_that_are(self, cast, worker):
        need = agreed(cast).need
        answer = worker.post(f"/needs/{need.pk}/none/")
        assert answer.status_code == 409
        assert "Nothing was changed." in text(answer)
        assert "<li>Close</li>" in text(answer)


class TestWhoMayComeToANeed:
    @pytest.mark.parametrize("name", FORBIDDEN)
    def test_others_meet_the_same_page_as_for_no_such_need(self, cast, name):
        need = asked(cast).need
        client = browser(getattr(cast, name))
        foreign, missing = client.get(f"/needs/{need.pk}/"), client.get(f"/needs/{uuid4()}/")
        assert foreign.status_code == missing.status_code == 404
        assert neutral(foreign) == neutral(missing)

    @pytest.mark.parametrize("path", ["look", "by-hand", "told", "none", "close"])
    @pytest.mark.parametrize("name", FORBIDDEN)
    def test_others_change_nothing(self, cast, name, path):
        need = asked(cast).need
        assert browser(getattr(cast, name)).post(f"/needs/{need.pk}/{path}/").status_code == 404

    @pytest.mark.parametrize("path", ["told", "question", "handover", "arrived", "step"])
    @pytest.mark.parametrize("name", FORBIDDEN)
    def test_others_move_no_referral(self, cast, name, path):
        referral = asked(cast)
        answer = browser(getattr(cast, name)).post(f"/referrals/{referral.pk}/{path}/")
        assert answer.status_code == 404

    @pytest.mark.parametrize("path", ["look", "told", "none", "close"])
    def test_a_get_changes_nothing(self, cast, worker, path):
        assert worker.get(f"/needs/{asked(cast).need_id}/{path}/").status_code == 405


def neutral(response) -> str:
    return body(response).replace(response.wsgi_request.path, "")


class TestReferringByHand:
    @pytest.fixture
    def need(self, cast):
        case = open_case(cast)
        make.consent(case)
        return make.need(case)

    def page(self, worker, need, query="") -> str:
        return text(worker.get(f"/needs/{need.pk}/by-hand/?q={query}"))

    def test_finds_services_of_this_help_by_name_organization_or_area(self, cast, worker, need):
        make.service("psychosocial", area_=cast.county, name="Hope Talks")
        for word in ("hope", "house", "juba", "central"):
            assert "Hope Shelter" in self.page(worker, need, word)
        assert "Hope Talks" not in self.page(worker, need, "hope")

    def test_says_plainly_why_a_service_cannot_be_asked(self, cast, worker, need):
        by = make.by(cast.caseworker)
        case_work.exclude(case_id=need.case_id, organization=cast.house, by=by, at=NOW)
        shown = self.page(worker, need)
        assert "The person asked to keep away from this service" in shown
        assert f'value="{cast.shelter.pk}"' not in shown

    def test_asks_with_a_reason_through_the_router(self, cast, worker, need):
        data = {"service": cast.shelter.pk, "reason": "Knows the place"}
        answer = worker.post(f"/needs/{need.pk}/by-hand/", data)
        need.refresh_from_db()
        assert answer.url == f"/needs/{need.pk}/"
        assert (need.wanted_service, need.wanted_reason) == (cast.shelter, "Knows the place")

    @pytest.mark.usefixtures("no_router")
    def test_asks_at_once_where_no_router_listens(self, cast, worker, need):
        data = {"service": cast.shelter.pk, "reason": "Knows the place"}
        worker.post(f"/needs/{need.pk}/by-hand/", data)
        assert need.referrals.get().state == "offered"

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            ({"reason": "x"}, "Choose a service."),
            ({"service": "x", "reason": "x"}, "Choose a service from the list."),
            ({"service": "of-shelter"}, "Write why this one is chosen."),
        ],
    )
    def test_needs_a_service_and_a_reason(self, cast, worker, need, data, said):
        if data.get("service") == "of-shelter":
            data = {**data, "service": cast.shelter.pk}
        answer = worker.post(f"/needs/{need.pk}/by-hand/", data)
        assert answer.status_code == 422
        assert said in text(answer)

    @pytest.mark.parametrize("how", ["excluded", "consent"])
    def test_is_refused_whatever_the_reason(self, cast, worker, need, how):
        by = make.by(cast.caseworker)
        if how == "excluded":
            case_work.exclude(case_id=need.case_id, organization=cast.house, by=by, at=NOW)
        else:
            consent = need.case.consents.get()
            case_work.withdraw_consent(consent_id=consent.pk, by=by, at=NOW)
        data = {"service": cast.shelter.pk, "reason": "We must"}
        answer = worker.post(f"/needs/{need.pk}/by-hand/", data)
        assert answer.status_code == 422
        assert not Referral.objects.exists()
        assert Need.objects.get(pk=need.pk).wanted_service is None

    def test_records_a_walk_in_without_consent(self, cast, worker):
        clinic = make.service(
            "health_ongoing", area_=cast.county, name="Clinic", reached_by="walk_in"
        )
        need = make.need(open_case(cast), "health_ongoing")
        shown = self.page(worker, need)
        assert "told of it, or accompanied there" in shown
        worker.post(f"/needs/{need.pk}/told/", {"service": clinic.pk})
        assert (need.referrals.get().state, need.referrals.get().mode) == ("accepted", "walk_in")

    def test_tells_who_is_closed_until_when_and_who_has_a_waiting_list(self, cast, worker, need):
        reopens = NOW.date() + timedelta(days=9)
        Service.objects.filter(pk=cast.shelter.pk).update(closed_until=reopens, meets_first=True)
        make.service("shelter", area_=cast.county, free=0, takes_waiting_list=True)
        shown = self.page(worker, need)
        assert "Closed until 2 December" in shown
        assert "meets the person first" in shown
        assert "Full, has a waiting list" in shown

    def test_searches_with_a_fixed_number_of_queries(self, cast, worker, need):
        def count() -> int:
            with CaptureQueriesContext(connection) as seen:
                self.page(worker, need)
            return len(seen)

        count()
        few = count()
        for n in range(12):
            make.service("shelter", area_=cast.county, name=f"Another {n}")
        assert count() == few <= 16


class TestTheReferralPage:
    def send(self, worker, referral, path, **data):
        return worker.post(f"/referrals/{referral.pk}/{path}/", data)

    def test_shows_the_sender_what_is_true_of_the_places(self, cast, worker):
        referral = asked(cast)
        Service.objects.filter(pk=cast.shelter.pk).update(meets_first=True)
        for address in (f"/referrals/{referral.pk}/", f"/needs/{referral.need_id}/"):
            assert "meets the person first" in text(worker.get(address))

    def test_shows_what_the_service_sees(self, cast, worker):
        shown = text(worker.get(f"/referrals/{asked(cast).pk}/"))
        assert "What the service sees" in shown
        assert "1 person: Woman or girl" in shown

    @pytest.mark.parametrize(
        ("answer", "state"),
        [
            ({"answer": "accept"}, "accepted"),
            ({"answer": "decline", "reason": "full"}, "declined"),
            ({"answer": "waitlist"}, "waitlisted"),
            ({"answer": "assess"}, "assessing"),
            ({"answer": "onward"}, "referred_onward"),
            ({"answer": "accept_from", "available_from": "2026-11-24T09:00"}, "accepted"),
        ],
    )
    def test_records_any_answer_as_told_by_phone(self, cast, worker, answer, state):
        referral = asked(cast)
        self.send(worker, referral, "told", **answer)
        referral.refresh_from_db()
        assert (referral.state, referral.told_by_phone) == (state, True)
        assert referral.answered_by == cast.caseworker

    def test_reads_times_as_they_are_told_at_the_place(self, cast, worker):
        referral = asked(cast)
        told = {"answer": "accept_from", "available_from": "2026-11-24T09:00"}
        self.send(worker, referral, "told", **told)
        referral.refresh_from_db()
        assert referral.available_from.isoformat() == "2026-11-24T07:00:00+00:00"

    @pytest.mark.parametrize(
        ("answer", "said"),
        [
            ({}, "Choose an answer."),
            ({"answer": "maybe"}, "Choose an answer."),
            ({"answer": "decline"}, "Choose why not. One is enough."),
            ({"answer": "accept_from"}, "Write from when there is room."),
            ({"answer": "accept_from", "available_from": "2026-11-01T00:00"}, "a time to come"),
            ({"answer": "accept_some", "people": "1"}, "Write a number from 1"),
            ({"answer": "question"}, "Write the question."),
            ({"answer": "onward", "named": "No such place"}, "No service here has this name."),
        ],
    )
    def test_says_which_field_an_answer_needs(self, cast, worker, answer, said):
        referral = asked(cast)
        response = self.send(worker, referral, "told", **answer)
        referral.refresh_from_db()
        assert response.status_code == 422
        assert said in text(response)
        assert referral.state == "offered"

    def test_a_late_yes_is_written_down_and_a_conflict(self, cast, worker):
        referral = asked(cast)
        late = NOW + timedelta(days=2)
        case_work.time_out(referral_id=referral.pk, by=case_work.SWEEP, at=late)
        answer = self.send(worker, referral, "told", answer="accept")
        assert answer.status_code == 409
        assert referral.turns.open().get().kind == "late_yes"

    def test_answers_a_question_onto_the_card(self, cast, worker):
        referral = asked(cast)
        case_work.ask_question(
            referral_id=referral.pk, question="From when?", by=make.provider(), at=NOW
        )
        assert "From when?" in text(worker.get(f"/referrals/{referral.pk}/"))
        assert self.send(worker, referral, "question").status_code == 422
        self.send(worker, referral, "question", answer="From tonight")
        referral.refresh_from_db()
        assert referral.card["answers"] == ["From tonight"]

    def test_agrees_on_the_way_and_seals_it(self, cast, worker):
        referral = agreed(cast)
        way = {"expected_at": "2026-11-23T18:00", "where": "At the gate", "sign": "Green scarf"}
        self.send(worker, referral, "handover", **way)
        referral.refresh_from_db()
        assert referral.handover["where"] == "At the gate"
        assert b"gate" not in bytes(referral.handover_sealed)
        assert "At the gate" in text(worker.get(f"/referrals/{referral.pk}/"))

    def test_a_way_without_a_time_is_asked_for(self, cast, worker):
        answer = self.send(worker, agreed(cast), "handover", where="At the gate")
        assert answer.status_code == 422
        assert "Write when they come." in text(answer)
        assert 'value="At the gate"' in text(answer)

    def test_records_the_arrival_and_who_says_so(self, cast, worker):
        referral = agreed(cast)
        assert self.send(worker, referral, "arrived").status_code == 422
        later = {"said_by": "person", "happened_at": "2027-01-01T00:00"}
        assert self.send(worker, referral, "arrived", **later).status_code == 422
        self.send(worker, referral, "arrived", said_by="person")
        referral.refresh_from_db()
        assert (referral.state, referral.arrived_said_by) == ("in_service", "person")

    @pytest.mark.parametrize(
        ("move", "state"),
        [("cancel", "cancelled"), ("withdraw", "withdrawn"), ("not_arrive", "not_arrived")],
    )
    def test_records_what_became_of_an_agreement(self, cast, worker, move, state):
        referral = agreed(cast)
        self.send(worker, referral, "step", move=move)
        referral.refresh_from_db()
        assert referral.state == state

    @pytest.mark.parametrize(
        ("move", "state"), [("complete", "completed"), ("interrupt", "interrupted")]
    )
    def test_records_how_help_ended(self, cast, worker, move, state):
        referral = agreed(cast)
        by = make.by(cast.caseworker)
        case_work.arrive(
            referral_id=referral.pk, said_by="person", by=by, at=NOW + timedelta(minutes=1)
        )
        self.send(worker, referral, "step", move=move, said_by="provider")
        referral.refresh_from_db()
        assert referral.state == state

    def test_a_step_that_is_not_open_is_a_conflict(self, cast, worker):
        answer = self.send(worker, asked(cast), "step", move="complete")
        assert answer.status_code == 409
        assert "Take back for the person" in text(answer)

    def test_a_step_that_does_not_exist_is_not_found(self, cast, worker):
        assert self.send(worker, asked(cast), "step", move="explode").status_code == 404
