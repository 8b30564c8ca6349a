"""A supervisor's review: by what may be lost from sight, in ticks, without identity."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from referral import access, risks
from referral import services as case_work
from referral.models import CaseReview, Turn
from referral.services.reviews import UnableToReview
from tests import day
from tests import factories as make
from tests.factories import NOW
from tests.journeys.crowd import at_once
from tests.people import asked, browser, cast, open_case, text  # noqa: F401

DAY = timedelta(days=1)


@pytest.fixture
def supervisor(caseworker):
    return make.user("supervisor", caseworker.memberships.get().organization)


def flags(supervisor, case, at) -> set[str]:
    rows = risks.with_risks(access.supervises(supervisor), at)
    one = rows.get(pk=case.pk)
    return {name for name in risks.RISKS if getattr(one, name)}


@pytest.mark.django_db
class TestWhatMayBeLost:
    def test_nothing_stands_out_in_a_fresh_case(self, case, supervisor):
        assert flags(supervisor, case, NOW) == set()

    def test_no_contact_counts_from_the_last_visit_or_arrival(self, case, supervisor, caseworker):
        by = make.by(caseworker)
        assert flags(supervisor, case, NOW + 14 * DAY) == {"no_contact"}
        one = day.visit(case, by, hours=1)
        case_work.visit_happened(visit_id=one.pk, by=by, at=NOW + 10 * DAY)
        assert flags(supervisor, case, NOW + 23 * DAY) == set()
        assert flags(supervisor, case, NOW + 24 * DAY) == {"no_contact"}

    def test_an_act_without_consent_that_nobody_looked_at_for_a_day(
        self, case, supervisor, caseworker
    ):
        need = make.need(case, "health_ongoing", urgency="immediate")
        act = case_work.act_in_vital_interest(
            need_id=need.pk, service_id=make.service("health_ongoing", area_=case.area).pk,
            reason="injury", note="Bleeds.", by=make.by(caseworker), at=NOW,
        )  # fmt: skip
        assert "vital" not in flags(supervisor, case, NOW + DAY / 2)
        assert "vital" in flags(supervisor, case, NOW + DAY)
        act.refresh_from_db()
        case_work.review_vital_act(
            act_id=act.pk, confirmed=True, by=make.by(supervisor), at=NOW + DAY
        )
        assert "vital" not in flags(supervisor, case, NOW + DAY)

    def test_a_call_that_was_not_possible_is_no_contact(self, case, supervisor, caseworker):
        by = make.by(caseworker)
        one = day.visit(case, by, hours=1)
        case_work.visit_not_possible(
            visit_id=one.pk, why_not="not_reached", by=by, at=NOW + 10 * DAY
        )
        assert flags(supervisor, case, NOW + 14 * DAY) == {"no_contact"}

    def test_what_is_late_for_a_day_handed_over_unread_or_found_for_nobody(self, case, supervisor):
        need = make.need(case, urgency="immediate")
        assert flags(supervisor, case, NOW + 2 * DAY) == {"late"}
        day.taken_over(case, make.user("caseworker", case.organization), make.by(supervisor))
        type(need).objects.filter(pk=need.pk).update(state="unmet", due_at=None)
        assert flags(supervisor, case, NOW) == {"not_read", "unmet"}

    def test_a_place_that_was_lost_comes_before_everything_else(
        self, agreed, case, supervisor, caseworker
    ):
        quiet = make.case(caseworker, area_=case.area, at=NOW - 30 * DAY)
        make.need(quiet, urgency="immediate", at=NOW - 20 * DAY)
        case_work.open_turn(
            case=case, need=agreed.need, referral=agreed, kind="evacuated", at=NOW, due_at=NOW
        )
        rows = risks.most_at_risk_first(risks.with_risks(access.supervises(supervisor), NOW))
        assert list(rows) == [case, quiet]
        assert risks.words_of(rows[0]) == [str(risks.RISKS["place_lost"][1])]

    def test_the_weights_put_no_two_risks_on_one_level(self):
        weights = [weight for weight, _words in risks.RISKS.values()]
        assert weights == sorted(weights, reverse=True)
        assert all(one > sum(weights[n + 1 :]) for n, one in enumerate(weights))


@pytest.mark.django_db
class TestAReview:
    def test_makes_its_asks_due_to_the_worker_and_its_day_to_the_supervisor(
        self, case, supervisor, caseworker
    ):
        day.review(case, make.by(supervisor))
        due = {turn.kind: turn.owner for turn in Turn.objects.open()}
        assert due == {"review": supervisor, "asked_in_review": caseworker}

    def test_takes_the_place_of_the_one_before(self, case, supervisor):
        day.review(case, make.by(supervisor))
        day.review(case, make.by(supervisor), asks=(), days=60)
        assert [turn.kind for turn in Turn.objects.open()] == ["review"]
        assert CaseReview.objects.count() == 2

    @pytest.mark.parametrize(
        "wrong",
        [{"answers": {}}, {"next_on": NOW.date()}, {"next_on": (NOW + 500 * DAY).date()}],
    )
    def test_that_says_nothing_or_has_no_next_day_is_none(self, case, supervisor, wrong):
        told = {"answers": {"safety": "no"}, "asks": [], "next_on": (NOW + DAY).date()} | wrong
        with pytest.raises(UnableToReview):
            case_work.review_case(case_id=case.pk, by=make.by(supervisor), at=NOW, **told)

    @pytest.mark.parametrize(
        "wrong", [{"answers": {"name": "yes"}}, {"answers": {"safety": "A."}}, {"asks": ["x"]}]
    )
    def test_holds_codes_and_no_words(self, case, supervisor, wrong):
        told = {"answers": {"safety": "no"}, "asks": [], "next_on": (NOW + DAY).date()} | wrong
        with pytest.raises(ValueError, match="is not a valid"):
            case_work.review_case(case_id=case.pk, by=make.by(supervisor), at=NOW, **told)


@pytest.mark.django_db(transaction=True)
def test_two_supervisors_at_once_leave_one_next_day(case, supervisor):
    other = make.user("supervisor", case.organization)
    acts = [partial(day.review, case, make.by(one)) for one in (supervisor, other)]
    assert all(isinstance(one, CaseReview) for one in at_once(acts))
    assert Turn.objects.open().filter(kind="review").count() == 1


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.usefixtures("at_nine")
class TestThePages:
    def test_show_no_sealed_word_and_no_contact(self, cast):  # noqa: F811
        case = open_case(cast, safe_contact="Text after six")
        day.visit(case, make.by(cast.caseworker), place="Secret hill")
        day.taken_over(case, cast.colleague, make.by(cast.supervisor), note="Likes tea")
        client = browser(cast.supervisor)
        for path in ("/cases/review/", f"/cases/{case.pk}/review/", f"/cases/{case.pk}/reviews/"):
            shown = text(client.get(path))
            for secret in ("Text after six", "Secret hill", "Likes tea"):
                assert secret not in shown
        assert "Handed over, and not acknowledged" in text(client.get("/cases/review/"))

    def test_write_one_down_and_show_it_to_the_worker(self, cast):  # noqa: F811
        case = open_case(cast)
        client = browser(cast.supervisor)
        path = f"/cases/{case.pk}/review/"
        assert client.post(path, {"next_on": "2026-12-01"}).status_code == 422
        told = {"safety": "no", "asks": ["talk_with_me"], "next_on": "2026-12-01"}
        assert client.post(path, told).status_code == 302
        worker = browser(cast.caseworker)
        assert "Talk with me" in text(worker.get(f"/cases/{case.pk}/reviews/"))
        assert worker.get(path).status_code == 403

    def test_the_list_costs_the_same_for_forty(self, cast):  # noqa: F811
        client = browser(cast.supervisor)
        asked(cast)
        client.get("/cases/review/")
        with CaptureQueriesContext(connection) as few:
            client.get("/cases/review/")
        for _n in range(39):
            asked(cast)
        with CaptureQueriesContext(connection) as many:
            client.get("/cases/review/")
        assert len(many) == len(few) <= 9
