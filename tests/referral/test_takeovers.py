"""A caseload is handed over in one act, all or none; each case with a note to be acknowledged."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import connection

from referral import access
from referral import services as case_work
from referral.errors import CaseChanged, UnableToReassign
from referral.models import Case, Takeover, Turn
from referral.services.takeovers import Give
from tests import day
from tests import factories as make
from tests.factories import NOW
from tests.journeys.crowd import at_once
from tests.people import browser, open_case, text


def due(user) -> set[str]:
    return set(Turn.objects.open().filter(owner=user).values_list("kind", flat=True))


@pytest.fixture
def office(caseworker):
    return caseworker.memberships.get().organization


@pytest.fixture
def supervisor(office):
    return make.user("supervisor", office)


@pytest.fixture
def colleague(office):
    return make.user("caseworker", office)


@pytest.mark.django_db
class TestHandingOverACaseload:
    def test_moves_cases_and_every_turn_with_an_event_for_each(
        self, case, colleague, supervisor, caseworker
    ):
        make.need(case)
        other = make.case(caseworker, area_=case.area)
        gives = [Give(case.pk, colleague, "Likes tea"), Give(other.pk, colleague)]
        case_work.hand_over_caseload(giver=caseworker, gives=gives, by=make.by(supervisor), at=NOW)
        assert set(access.works_on(colleague)) == {case, other}
        assert not access.works_on(caseworker).exists()
        assert not Turn.objects.open().filter(owner=caseworker).exists()
        for one in (case, other):
            assert one.events.filter(kind="taken_over").count() == 1

    def test_seals_the_note(self, case, colleague, supervisor):
        day.taken_over(case, colleague, make.by(supervisor), note="Likes tea")
        assert Takeover.objects.get().note == "Likes tea"
        with connection.cursor() as cursor:
            cursor.execute("SELECT note_sealed FROM referral_takeover")
            assert b"tea" not in bytes(cursor.fetchone()[0])

    def test_stays_due_for_both_until_it_is_acknowledged(self, case, colleague, supervisor):
        one = day.taken_over(case, colleague, make.by(supervisor))
        assert due(colleague) == {"taken_over"}
        assert due(supervisor) == {"not_read"}
        for _n in range(2):
            case_work.acknowledge_takeover(takeover_id=one.pk, by=make.by(colleague), at=NOW)
        assert due(colleague) == due(supervisor) == set()
        assert case.events.filter(kind="takeover_read").count() == 1

    def test_given_on_before_it_was_read_waits_for_the_last_one_only(
        self, case, colleague, supervisor, office
    ):
        third = make.user("caseworker", office)
        day.taken_over(case, colleague, make.by(supervisor))
        case.refresh_from_db()
        day.taken_over(case, third, make.by(supervisor))
        assert due(colleague) == set()
        assert due(third) == {"taken_over"}
        assert Takeover.objects.unread().get().receiver == third

    def test_is_all_or_nothing(self, case, colleague, supervisor, caseworker):
        foreign = make.case(colleague, area_=case.area)
        gives = [Give(case.pk, colleague), Give(foreign.pk, colleague)]
        with pytest.raises(CaseChanged):
            case_work.hand_over_caseload(
                giver=caseworker, gives=gives, by=make.by(supervisor), at=NOW
            )
        assert Case.objects.get(pk=case.pk).assigned_to == caseworker

    def test_gives_nothing_to_another_office_nor_to_whom_the_person_keeps_away_from(
        self, case, colleague, supervisor, caseworker
    ):
        with pytest.raises(UnableToReassign):
            day.taken_over(case, make.user("caseworker"), make.by(supervisor))
        house = make.organization()
        make.directory.add_membership(user=colleague, organization=house, role="provider")
        case_work.exclude(case_id=case.pk, organization=house, by=make.by(caseworker), at=NOW)
        with pytest.raises(UnableToReassign):
            day.taken_over(case, colleague, make.by(supervisor))


@pytest.mark.django_db(transaction=True)
def test_two_supervisors_at_once_hand_each_case_over_once(case, office, caseworker):
    people = [make.user("caseworker", office) for _n in range(2)]
    bosses = [make.by(make.user("supervisor", office)) for _n in range(2)]
    more = [make.case(caseworker, area_=case.area) for _n in range(3)]
    results = at_once(
        partial(
            case_work.hand_over_caseload, giver=caseworker, by=boss, at=NOW,
            gives=[Give(one.pk, to) for one in (case, *more)],
        )
        for to, boss in zip(people, bosses, strict=True)
    )  # fmt: skip
    assert sum(isinstance(one, CaseChanged) for one in results) == 1
    assert len(set(Case.objects.values_list("assigned_to", flat=True))) == 1
    assert Takeover.objects.count() == 4


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.usefixtures("at_nine")
class TestThePages:
    def path(self, cast) -> str:
        return f"/cases/hand-over/{cast.caseworker.pk}/"

    def test_show_who_gets_what_before_anything_is_changed(self, cast):
        cases = [open_case(cast) for _n in range(40)]
        for one in cases[:3]:
            make.need(one, urgency="immediate", at=NOW - 2 * day.HOUR)
        third = make.user("caseworker", cast.office)
        client = browser(cast.supervisor)
        assert client.get("/cases/hand-over/").status_code == 200
        answer = client.get(f"/cases/hand-over/?worker={cast.caseworker.pk}")
        assert answer.url == self.path(cast)
        shown = text(client.get(self.path(cast)))
        assert all(one.reference in shown for one in cases)
        chosen = {"cases": [one.pk for one in cases], "receivers": [cast.colleague.pk, third.pk]}
        look = client.post(self.path(cast), chosen)
        assert look.status_code == 200
        assert {(one["more"], one["now"]) for one in look.context["counts"]} == {(20, 0)}
        assert sum(one["due"] for one in look.context["counts"]) == 3
        assert not Takeover.objects.exists()
        told = chosen | {"step": "do"}
        for one, to, note in look.context["form"].rows():
            told |= {to.html_name: to.value(), note.html_name: f"note of {one.reference}"}
        assert client.post(self.path(cast), told).status_code == 302
        assert Takeover.objects.unread().count() == 40
        assert Takeover.objects.get(case=cases[7]).note == f"note of {cases[7].reference}"

    def test_keep_the_note_for_who_works_on_it(self, cast):
        case = open_case(cast)
        day.taken_over(case, cast.colleague, make.by(cast.supervisor), note="Likes tea")
        path = f"/cases/{case.pk}/taken-over/"
        for who in (cast.supervisor, cast.caseworker, cast.stranger):
            assert browser(who).get(path).status_code == 404
        client = browser(cast.colleague)
        assert "Likes tea" in text(client.get(path))
        assert client.post(path).status_code == 302
        assert not Takeover.objects.unread().exists()

    def test_are_no_page_for_a_caseworker_nor_of_another_office(self, cast):
        assert browser(cast.caseworker).get(self.path(cast)).status_code == 403
        foreign = f"/cases/hand-over/{cast.stranger.pk}/"
        assert browser(cast.supervisor).get(foreign).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_an_act_in_a_case_that_changes_hands_meanwhile_finds_the_case(case, colleague, caseworker):
    """A row that is joined while it is waited for is the one of before."""
    by = make.by(caseworker)
    acts = [
        partial(case_work.reassign, case_id=case.pk, to=colleague, by=by, at=NOW),
        *[partial(case_work.say_no_visit, case_id=case.pk, because="own_wish", by=by, at=NOW)] * 4,
    ]
    assert not [one for one in at_once(acts) if isinstance(one, Exception)]
