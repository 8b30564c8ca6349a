"""Cover for absence: cases are the colleague's too while it lasts, and go back by themselves."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from providers import services as directory
from referral import access
from referral import services as case_work
from referral.models import Case, Cover
from referral.services.covers import UnableToCover
from referral.services.moments import UnableToBelieve
from referral.sweep import sweep
from tests import day
from tests import factories as make
from tests.factories import NOW
from tests.journeys.crowd import at_once
from tests.people import browser, open_case, text

DAY = timedelta(days=1)


@pytest.fixture
def colleague(caseworker):
    return make.user("caseworker", caseworker.memberships.get().organization)


def works(user, case) -> bool:
    return access.works_on(user).filter(pk=case.pk).exists()


@pytest.mark.django_db
class TestCover:
    def test_begins_at_once_where_the_period_has_begun(self, case, colleague):
        day.cover(case, colleague=colleague)
        assert works(colleague, case)
        assert works(case.assigned_to, case)
        assert case.events.filter(kind="cover_began").count() == 1

    def test_begins_and_ends_by_itself_to_the_second(self, case, colleague):
        day.cover(case, colleague=colleague, starts=NOW + DAY, days=2)
        for at, covered in (
            (NOW + DAY - timedelta(seconds=1), False),
            (NOW + DAY, True),
            (NOW + 2 * DAY - timedelta(seconds=1), True),
            (NOW + 2 * DAY, False),  # half-open
        ):
            sweep(at=at)
            assert works(colleague, case) == covered, at
        assert Cover.objects.get().ended_at == NOW + 2 * DAY

    def test_takes_in_what_is_opened_or_assigned_meanwhile(self, case, colleague):
        day.cover(case, colleague=colleague)
        new = make.case(case.assigned_to, area_=case.area)
        sweep(at=NOW)
        assert works(colleague, new)
        other = make.user("caseworker", case.organization)
        case_work.reassign(case_id=new.pk, to=other, by=make.by(other), at=NOW)
        sweep(at=NOW)
        assert not works(colleague, new)

    def test_ends_early_and_twice_is_once(self, case, colleague):
        cover = day.cover(case, colleague=colleague)
        for _n in range(2):
            case_work.end_cover(cover_id=cover.pk, by=case.assigned_to, at=NOW)
        assert not works(colleague, case)
        assert case.events.filter(kind="cover_ended").count() == 1
        sweep(at=NOW)
        assert not works(colleague, case)

    def test_opens_no_case_to_somebody_of_an_excluded_organization(self, case, colleague):
        supervisor = make.user("supervisor", case.organization)
        house = make.organization()
        directory.add_membership(user=colleague, organization=house, role="provider")
        case_work.exclude(case_id=case.pk, organization=house, by=make.by(case.assigned_to), at=NOW)
        day.cover(case, colleague=colleague)
        sweep(at=NOW + DAY)
        assert Case.objects.get(pk=case.pk).covered_by is None
        assert not Case.objects.visible_to(colleague).exists()
        assert case.turns.open().get(kind="uncovered").owner == supervisor

    @pytest.mark.parametrize("who", ["oneself", "of another office", "who supervises only"])
    def test_is_by_a_caseworker_of_the_same_office(self, case, who):
        chosen = {
            "oneself": case.assigned_to,
            "of another office": make.user("caseworker"),
            "who supervises only": make.user("supervisor", case.organization),
        }[who]
        with pytest.raises(UnableToCover):
            day.cover(case, colleague=chosen)

    def test_is_not_by_somebody_who_is_away_as_well(self, case, colleague):
        third = make.user("caseworker", case.organization)
        theirs = make.case(colleague, area_=case.area)
        day.cover(theirs, colleague=third)
        with pytest.raises(UnableToCover):
            day.cover(case, colleague=colleague)

    @pytest.mark.parametrize(("starts", "days"), [(NOW + 3 * DAY, 2), (NOW - 3 * DAY, -1)])
    def test_has_a_period_that_can_be_meant(self, case, colleague, starts, days):
        with pytest.raises(UnableToCover):
            day.cover(case, colleague=colleague, starts=starts, days=days)
        with pytest.raises(UnableToBelieve):
            day.cover(case, colleague=colleague, days=900)

    def test_puts_what_is_due_on_the_colleagues_caseload(self, case, colleague):
        make.need(case)
        day.cover(case, colleague=colleague)
        assert case.reference in text(browser(colleague).get("/cases/"))


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_set_a_cover_for_one_worker_and_one_stands(self, case):
        colleagues = [make.user("caseworker", case.organization) for _n in range(2)]
        results = at_once([partial(day.cover, case, colleague=one) for one in colleagues])
        assert sum(isinstance(one, UnableToCover) for one in results) == 1
        assert Cover.objects.count() == 1

    def test_sweeps_begin_it_once(self, case, colleague):
        day.cover(case, colleague=colleague, starts=NOW + DAY)
        at_once([partial(sweep, at=NOW + DAY)] * 3)
        assert case.events.filter(kind="cover_began").count() == 1


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.usefixtures("at_nine")
class TestThePage:
    TOLD = {"first": "2026-11-23", "last": "2026-11-25", "reason": "Training"}

    def test_sets_one_for_oneself_that_ends_with_the_last_day(self, cast):
        case = open_case(cast)
        told = self.TOLD | {"colleague": cast.colleague.pk}
        assert browser(cast.caseworker).post("/cover/", told).status_code == 302
        cover = Cover.objects.get()
        assert (cover.absent, cover.starts_at) == (cast.caseworker, NOW)
        assert cover.ends_at.astimezone().date().isoformat() >= "2026-11-25"
        assert works(cast.colleague, case)

    def test_a_supervisor_sets_it_for_others_and_sees_all(self, cast):
        told = self.TOLD | {"colleague": cast.colleague.pk, "absent": cast.caseworker.pk}
        client = browser(cast.supervisor)
        assert client.post("/cover/", told).status_code == 302
        assert "Training" in text(client.get("/cover/"))
        assert "Training" in text(browser(cast.colleague).get("/cover/"))
        assert "Training" not in text(browser(cast.stranger).get("/cover/"))

    def test_a_caseworker_sets_none_for_others(self, cast):
        told = self.TOLD | {"colleague": cast.caseworker.pk, "absent": cast.colleague.pk}
        assert browser(cast.caseworker).post("/cover/", told).status_code == 422
        assert not Cover.objects.exists()

    def test_is_ended_by_who_is_back_and_not_by_who_covers(self, cast):
        cover = day.cover(open_case(cast), colleague=cast.colleague)
        path = f"/cover/{cover.pk}/end/"
        assert browser(cast.colleague).post(path).status_code == 404
        assert browser(cast.stranger).post(path).status_code == 404
        assert browser(cast.caseworker).post(path).status_code == 302
        assert Cover.objects.get().ended_at == NOW

    def test_says_at_the_field_what_is_wrong(self, cast):
        client = browser(cast.caseworker)
        for told in ({}, self.TOLD | {"first": "2026-11-01"}, self.TOLD | {"last": "2026-11-22"}):
            assert client.post("/cover/", told).status_code == 422
