"""The caseload: whose turn it is, in words and times; and a bounded number of queries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from referral import services as case_work
from referral.models import UnmetNeed
from referral.models.turns import TurnKind
from tests import factories as make
from tests.factories import NOW
from tests.people import asked, browser, open_case, text

pytestmark = [pytest.mark.once, pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]


@pytest.fixture
def page(cast):
    """The caseload as the caseworker sees it."""
    return lambda query="": browser(cast.caseworker).get(f"/cases/{query}")


class TestTheCaseload:
    def test_says_what_to_do_when_there_is_no_case(self, page):
        assert "You need no name and no document to begin." in text(page())

    def test_shows_a_pseudonym_a_reference_and_what_is_due_in_words(self, cast, page):
        case = open_case(cast)
        make.need(case)
        shown = text(page())
        assert case.pseudonym in shown
        assert case.reference in shown
        assert "Shelter: look for it, or say that it is not wanted" in shown

    def test_puts_the_most_pressing_case_first(self, cast, page):
        calm, pressing = open_case(cast), open_case(cast)
        make.need(calm, urgency="routine")
        make.need(pressing, urgency="immediate")
        shown = text(page())
        assert shown.index(pressing.pseudonym) < shown.index(calm.pseudonym)

    def test_says_since_when_a_turn_is_overdue(self, cast, page):
        case = open_case(cast)
        make.need(case, urgency="immediate", at=NOW - timedelta(hours=2))
        shown = text(page())
        assert "1 overdue" in shown
        assert "since today 10:00" in shown

    def test_lists_who_is_awaited_under_waiting_for_others(self, cast, page):
        asked(cast)
        shown = text(page())
        assert "Shelter: Hope Shelter is to answer" in shown
        assert "Not seen yet." in shown
        assert "1 waits for others" in shown

    def test_lists_a_gap_under_nobody_found(self, cast, page):
        need = make.need(open_case(cast))
        nobody_found(need)
        assert "Shelter: nobody found" in text(page())

    def test_counts_a_case_once(self, cast, page):
        case = asked(cast).need.case
        make.need(case, "psychosocial")
        counts = page().context["counts"]
        assert (counts["you"], counts["others"], counts["nobody"], counts["rest"]) == (1, 0, 0, 0)

    def test_shows_one_group_whole_on_its_own_page(self, cast, page):
        case = asked(cast).need.case
        assert case.pseudonym in text(page("?group=others"))
        assert case.pseudonym not in text(page("?group=nobody"))

    def test_ignores_a_group_that_does_not_exist(self, page):
        assert page("?group=whatever").status_code == 200

    def test_asks_the_database_as_often_for_many_cases_as_for_one(self, cast):
        client = browser(cast.caseworker)
        one_of_each(cast)
        client.get("/cases/")
        with CaptureQueriesContext(connection) as few:
            client.get("/cases/")
        for _n in range(4):
            one_of_each(cast)
        with CaptureQueriesContext(connection) as many:
            client.get("/cases/")
        assert len(many) == len(few) <= 20


def one_of_each(cast) -> None:
    """A case for each group of the page."""
    make.need(asked(cast).need.case, "psychosocial")
    nobody_found(make.need(open_case(cast), "legal_information"))
    asked(cast)


def nobody_found(need) -> None:
    """As the router leaves a need for which nobody was found."""
    type(need).objects.filter(pk=need.pk).update(state="unmet")
    need.turns.open().update(done_at=NOW)
    UnmetNeed.objects.create(need=need, cause="reach", opened_at=NOW, tried_at=NOW)


class TestSearch:
    def test_a_whole_reference_opens_the_case(self, cast, page):
        case = open_case(cast)
        answer = page(f"?q={case.reference.lower()}")
        assert answer.url == f"/cases/{case.pk}/"

    def test_part_of_a_pseudonym_lists_what_fits(self, cast, page):
        case = open_case(cast)
        assert case.reference in text(page(f"?q={case.pseudonym[:3]}"))

    def test_finds_no_case_of_others(self, cast):
        case = open_case(cast)
        answer = browser(cast.stranger).get(f"/cases/?q={case.reference}")
        assert "Nothing with these words" in text(answer)


class TestWhoSeesWhat:
    def test_a_colleague_sees_no_case_that_is_not_theirs(self, cast):
        case = open_case(cast)
        make.need(case)
        assert case.pseudonym not in text(browser(cast.colleague).get("/cases/"))

    def test_whoever_covers_a_case_sees_it(self, cast):
        case = open_case(cast, covered_by=cast.colleague)
        make.need(case)
        assert case.pseudonym in text(browser(cast.colleague).get("/cases/"))

    def test_a_supervisor_sees_what_waits_for_them(self, cast):
        case = open_case(cast)
        case_work.open_turn(
            case=case, kind=TurnKind.MISSED_ARRIVAL_AGAIN, at=NOW, due_at=NOW,
            owner=cast.supervisor,
        )  # fmt: skip
        assert case.pseudonym in text(browser(cast.supervisor).get("/cases/"))

    @pytest.mark.parametrize("name", ["provider", "coordinator"])
    def test_whoever_has_no_cases_has_no_caseload(self, cast, name):
        assert browser(getattr(cast, name)).get("/cases/").status_code == 403

    def test_nobody_unknown_sees_it(self, client):
        assert client.get("/cases/").url.startswith("/accounts/login/")


class TestTheSupervisorsList:
    def test_shows_all_cases_of_the_organization_and_who_works_on_them(self, cast):
        case = open_case(cast)
        shown = text(browser(cast.supervisor).get("/cases/all/"))
        assert case.pseudonym in shown
        assert "rose" in shown

    def test_is_for_supervisors_only(self, cast):
        assert browser(cast.caseworker).get("/cases/all/").status_code == 403

    def test_hands_a_case_to_a_colleague_with_every_open_turn(self, cast):
        case = make.need(open_case(cast)).case
        answer = browser(cast.supervisor).post(
            f"/cases/{case.pk}/reassign/", {"to": cast.colleague.pk}
        )
        case.refresh_from_db()
        assert answer.url == "/cases/all/"
        assert case.assigned_to == cast.colleague
        assert case.turns.open().get().owner == cast.colleague

    def test_hands_no_case_to_somebody_of_another_organization(self, cast):
        case = open_case(cast)
        answer = browser(cast.supervisor).post(
            f"/cases/{case.pk}/reassign/", {"to": cast.stranger.pk}
        )
        case.refresh_from_db()
        assert answer.status_code == 422
        assert case.assigned_to == cast.caseworker

    def test_a_caseworker_reassigns_nothing(self, cast):
        case = open_case(cast)
        assert browser(cast.caseworker).get(f"/cases/{case.pk}/reassign/").status_code == 404
