"""The list to choose from, what a service will see, and the whole decision."""

from __future__ import annotations

import re
from datetime import time
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from providers import details
from providers import services as directory
from providers.hours import Line
from providers.models import Passability, Service
from referral import services as case_work
from referral.models import Need, Referral
from routing import rulesets
from routing import services as router
from routing.models import Decision
from tests import factories as make
from tests.factories import NOW
from tests.people import body, browser, open_case, proposed, text

pytestmark = [pytest.mark.once, pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]


@pytest.fixture
def far(cast):
    """A second shelter, of another organization in another county, reached by telephone."""
    place = make.area("Yei", parent=cast.state, latitude=4.1, longitude=30.7, pcode="SS0102")
    make.link(cast.county, place)
    return make.service(
        "shelter", area_=place, name="Far House", reached_by="phone_first", phone="000 555 1"
    )


@pytest.fixture
def decide(cast, far):
    """The router looks; the person chooses: there is no leave to offer on."""

    def look(*, offer_on: bool = False, urgency: str = "urgent", **facts) -> Decision:
        case = open_case(cast, **facts)
        make.consent(case, offer_on=offer_on)
        need = make.due_need(case, urgency=urgency)
        return router.route(need_id=need.pk, at=NOW)

    return look


@pytest.fixture
def worker(cast):
    return browser(cast.caseworker)


def choices(decision: Decision, *more) -> str:
    return "/".join(("", "needs", str(decision.need_id), "choices", *map(str, more), ""))


class TestWhatIsTrueOfThePlaces:
    def test_is_told_with_each_option(self, cast, decide, worker):
        Service.objects.filter(pk=cast.shelter.pk).update(meets_first=True)
        week = Line((0, 1, 2, 3, 4), time(8), time(16))
        details.set_hours(service_id=cast.shelter.pk, lines=[week], at=NOW)
        decision = decide()
        shown = text(worker.get(choices(decision)))
        assert "meets the person first · <span" in shown
        assert ">Open now until 16:00<" in shown
        shown = text(worker.get(choices(decision, cast.shelter.pk)))
        assert "Meets the person first" in shown

    def test_full_with_a_waiting_list_is_full(self, cast, far, decide, worker):
        Service.objects.filter(pk=far.pk).update(reported_free=0, takes_waiting_list=True)
        decision = decide()
        assert str(far.pk) not in {one["service_id"] for one in decision.options}
        shown = text(worker.get(choices(decision)))
        assert re.search(r"<option[^>]*>Far House, Yei: full, has a waiting list</option>", shown)


class TestTheShortlist:
    def test_reads_the_options_in_order_with_the_reason(self, cast, far, decide, worker):
        shown = text(worker.get(choices(decide())))
        assert "2 services to choose from" in shown
        assert shown.index("Hope Shelter") < shown.index("Far House")
        assert "First, because it is nearer than the next one." in shown

    def test_marks_what_decided(self, decide, worker):
        assert '<div class="decides"><dt>Distance · decided</dt>' in text(
            worker.get(choices(decide()))
        )

    def test_tells_room_confirmation_language_distance_and_open_requests(self, decide, worker):
        shown = text(worker.get(choices(decide())))
        for words in ("50 free", "within the last 7 days", "same county", "under 250 km, about"):
            assert words in shown
        assert "an interpreter is needed" in shown

    def test_shows_the_number_to_call_first(self, decide, worker):
        shown = text(worker.get(choices(decide())))
        assert "Call first:" in shown
        assert "000 555 1" in shown

    def test_tells_the_conditions_that_do_not_leave_a_service_out(self, far, decide, worker):
        directory.change_service(service_id=far.pk, at=NOW, conditions=["fees"])
        assert "asks for A fee" in text(worker.get(choices(decide())))

    def test_counts_who_was_left_out_why_and_what_would_change_it(self, cast, decide, worker):
        for n in range(2):
            make.service("shelter", area_=cast.county, name=f"Full {n}", free=0)
        shown = text(worker.get(choices(decide())))
        assert "2 left out, and why" in shown
        assert "A place coming free." in shown

    def test_names_the_rules_and_that_nobody_verified_them(self, decide, worker):
        pack = rulesets.PACKS / "protection.toml"
        stored = rulesets.put_in_force(text=pack.read_text(), at=NOW)
        shown = text(worker.get(choices(decide())))
        assert stored.digest[:12] in shown
        assert "Legal statements in the rules are not verified." in shown

    def test_waits_while_the_router_looks(self, cast, worker):
        case = open_case(cast)
        make.consent(case)
        need = make.due_need(case)
        assert "The router is looking for help." in text(worker.get(f"/needs/{need.pk}/choices/"))

    def test_never_runs_the_engine(self, decide, worker, monkeypatch):
        decision = decide()

        def fail(*_args, **_kwargs):
            raise AssertionError("the engine ran while somebody waited for a page")

        monkeypatch.setattr("routing.engine.match.match", fail)
        monkeypatch.setattr("routing.snapshot.directory", fail)
        for path in (choices(decision), f"/decisions/{decision.pk}/"):
            assert worker.get(path).status_code == 200

    def test_has_a_fixed_number_of_queries(self, cast, decide, worker):
        def count(decision) -> int:
            worker.get(choices(decision))
            with CaptureQueriesContext(connection) as seen:
                worker.get(choices(decision))
            return len(seen)

        make.service("shelter", area_=cast.county, name="Full", free=0)
        few = count(decide())
        for n in range(10):
            make.service("shelter", area_=cast.county, name=f"Full {n}", free=0)
        assert count(decide()) == few <= 16

    def test_shows_a_confidential_service_without_its_place(self, cast, decide, worker):
        secret = make.service(
            "shelter", area_=cast.county, name="Quiet House", exposure="redacted", free=9
        )
        shown = text(worker.get(choices(decide())))
        assert "Quiet House" in shown
        assert secret.location is None or str(secret.location.latitude) not in shown


class TestWhoMayCome:
    @pytest.mark.parametrize(
        "name", ["colleague", "supervisor", "provider", "stranger", "excluded", "coordinator"]
    )
    def test_others_meet_the_same_page_as_for_no_such_thing(self, cast, decide, name):
        decision, client = decide(), browser(getattr(cast, name))
        nothing = uuid4()
        pairs = [
            (choices(decision), f"/needs/{nothing}/choices/"),
            (choices(decision, "panel"), f"/needs/{nothing}/choices/panel/"),
            (choices(decision, cast.shelter.pk), f"/needs/{nothing}/choices/{cast.shelter.pk}/"),
            (f"/needs/{decision.need_id}/source/", f"/needs/{nothing}/source/"),
            (f"/decisions/{decision.pk}/", f"/decisions/{nothing}/"),
        ]
        for foreign, missing in pairs:
            answers = [client.get(path) for path in (foreign, missing)]
            assert [one.status_code for one in answers] == [404, 404]
            assert body(answers[0]).replace(foreign, "") == body(answers[1]).replace(missing, "")

    @pytest.mark.parametrize("name", ["colleague", "supervisor", "provider", "stranger"])
    def test_others_choose_nothing(self, cast, decide, name):
        decision, client = decide(urgency="immediate"), browser(getattr(cast, name))
        for path in (choices(decision, cast.shelter.pk, "offer"), choices(decision, "all")):
            assert client.post(path).status_code == 404
        assert not Referral.objects.exists()

    def test_a_get_offers_nothing(self, cast, decide, worker):
        decision = decide()
        assert worker.get(choices(decision, cast.shelter.pk, "offer")).status_code == 405
        assert worker.get(choices(decision, "all")).status_code == 405


class TestCheckingWhatTheyWillSee:
    def test_shows_the_very_card_and_what_is_not_on_it(self, cast, decide, worker):
        decision = decide(safe_contact="Text only")
        shown = text(worker.get(choices(decision, cast.shelter.pk)))
        assert "Check what Hope Shelter will see" in shown
        assert "1 person: Woman or girl, 18 to 59" in shown
        assert "Not shown" in shown
        assert "police or court matter" in shown
        assert "Text only" not in shown

    def test_says_what_is_held_back_because_it_was_not_agreed_to(self, cast, decide, worker):
        decision = decide()
        decision.need.case.consents.update(data=["basics"])
        shown = text(worker.get(choices(decision, cast.shelter.pk)))
        assert "name, contact and story" in shown
        assert "languages; the area; access needs" in shown

    def test_has_no_button_where_sharing_was_taken_back(self, cast, decide, worker):
        decision = decide()
        consent = decision.need.case.consents.get()
        by = make.by(cast.caseworker)
        case_work.withdraw_consent(consent_id=consent.pk, by=by, at=NOW)
        shown = text(worker.get(choices(decision, cast.shelter.pk)))
        assert "has not agreed to tell this service" in shown
        assert "/offer/" not in shown

    def test_is_there_only_for_what_is_on_the_list(self, cast, decide, worker):
        other = make.service("shelter", area_=cast.county, name="Full", free=0)
        assert worker.get(choices(decide(), other.pk)).status_code == 404


class TestChoosing:
    def test_asks_the_service_and_holds_the_place(self, cast, decide, worker):
        decision = decide()
        answer = worker.post(choices(decision, cast.shelter.pk, "offer"))
        referral = Referral.objects.get()
        assert answer.url == f"/needs/{decision.need_id}/"
        assert (referral.service, referral.held, referral.made_by) == (cast.shelter, 1, "choice")
        assert Decision.objects.get().chosen_by == cast.caseworker

    def test_when_it_filled_up_meanwhile_the_router_looks_again(self, cast, decide, worker):
        decision = decide()
        Service.objects.filter(pk=cast.shelter.pk).update(held=50)
        answer = worker.post(choices(decision, cast.shelter.pk, "offer"), follow=True)
        assert "Something changed meanwhile; nothing was sent." in text(answer)
        assert Need.objects.get(pk=decision.need_id).state == "due"
        assert not Referral.objects.exists()

    @pytest.mark.parametrize("change", ["service", "ways", "case"])
    def test_nothing_is_sent_on_what_is_no_longer_true(self, cast, decide, worker, change):
        decision = decide()
        if change == "service":
            directory.change_service(service_id=cast.shelter.pk, at=NOW, max_age=60)
        elif change == "ways":
            Passability.objects.update(version=99)
        else:
            by = make.by(cast.caseworker)
            case_work.set_facts(case_id=decision.need.case_id, by=by, at=NOW, together=False)
        worker.post(choices(decision, cast.shelter.pk, "offer"))
        assert not Referral.objects.exists()

    def test_twice_is_a_conflict(self, cast, decide, worker):
        decision = decide()
        worker.post(choices(decision, cast.shelter.pk, "offer"))
        assert worker.post(choices(decision, cast.shelter.pk, "offer")).status_code == 409

    def test_within_the_hour_all_can_be_asked_at_once(self, cast, far, decide, worker):
        decision = decide(urgency="immediate")
        assert "Ask all 2 at once" in text(worker.get(choices(decision)))
        worker.post(choices(decision, "all"))
        asked = Referral.objects.filter(state="offered").values_list("service", flat=True)
        assert set(asked) == {cast.shelter.pk, far.pk}

    def test_asks_those_that_still_have_room(self, cast, far, decide, worker):
        decision = decide(urgency="immediate")
        Service.objects.filter(pk=cast.shelter.pk).update(held=50)
        worker.post(choices(decision, "all"))
        assert Referral.objects.get().service == far

    def test_without_hurry_nobody_is_asked_all_at_once(self, decide, worker):
        decision = decide()
        assert "Ask all" not in text(worker.get(choices(decision)))
        assert worker.post(choices(decision, "all")).status_code == 404

    def test_another_can_be_chosen_with_a_reason(self, cast, decide, worker):
        full = make.service("shelter", area_=cast.county, name="Full House", free=0)
        decision = decide()
        assert "Full House, Juba: full" in text(worker.get(choices(decision)))
        data = {"service": full.pk, "reason": "They told me by phone that a bed came free"}
        worker.post(f"/needs/{decision.need_id}/by-hand/", data)
        override = router.route(need_id=decision.need_id, at=NOW)
        assert override.override["passed_over"] == ["capacity"]
        assert "They told me by phone" in text(worker.get(f"/decisions/{override.pk}/"))

    def test_none_is_wanted(self, decide, worker):
        decision = decide()
        assert f"/needs/{decision.need_id}/none/" in text(worker.get(choices(decision)))

    def test_a_walk_in_is_told_or_accompanied(self, cast, worker):
        clinic = make.service(
            "health_ongoing", area_=cast.county, name="Clinic", reached_by="walk_in"
        )
        need = make.due_need(open_case(cast), "health_ongoing")
        make.consent(need.case, capability="health_ongoing")
        decision = router.route(need_id=need.pk, at=NOW)
        assert "Told, or accompanied there" in text(worker.get(choices(decision)))
        worker.post(f"/needs/{need.pk}/told/", {"service": clinic.pk})
        assert need.referrals.get().mode == "walk_in"


class TestTheWholeDecision:
    def test_tells_every_line_and_why(self, cast, decide, worker):
        make.service("shelter", area_=cast.county, name="Full House", free=0)
        shown = text(worker.get(f"/decisions/{decide().pk}/"))
        assert "1. <bdi>Hope Shelter</bdi>" in shown
        assert "Left out: full" in shown

    def test_tells_when_nobody_was_found(self, cast, worker):
        case = open_case(cast)
        make.consent(case, capability="education")
        need = make.due_need(case, "education")
        decision = router.route(need_id=need.pk, at=NOW)
        assert "Nobody was found" in text(worker.get(choices(decision)))
        assert worker.get(f"/decisions/{decision.pk}/").status_code == 200


class TestThePanels:
    def test_the_panel_is_a_part_of_its_page(self, decide, worker):
        path = choices(decide(), "panel")
        part = text(worker.get(path, headers={"HX-Request": "true"}))
        assert part
        assert part in text(worker.get(path))

    def test_a_proposal_tells_its_source_and_that_nobody_verified_it(self, cast, worker):
        pack = rulesets.PACKS / "protection.toml"
        rulesets.put_in_force(text=pack.read_text(), at=NOW)
        need = proposed(open_case(cast))
        shown = text(worker.get(f"/needs/{need.pk}/source/"))
        assert "Source: ECAT art. 12(1)(a), not binding here." in shown
        assert "Not verified." in shown
