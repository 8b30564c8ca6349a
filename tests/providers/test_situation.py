"""Something changed in an area: hidden at once, unknown at once, shown again by a person only."""

from __future__ import annotations

from datetime import timedelta

import pytest

from providers import capacity, situation, ways
from providers.models import AreaReport, PassabilityReport, Service
from providers.services import passability_version
from providers.situation import UnableToReport, UnableToReview
from routing import snapshot
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def coordinator():
    return make.user("coordinator")


def change(area, at=NOW, **told):
    told = {"inaccessible": True, "source": "OCHA", "expires_at": at + 9 * DAY, **told}
    return situation.something_changed(area=area, at=at, **told)


def exposure(service) -> str:
    return Service.objects.get(pk=service.pk).exposure


def accessible(area, at) -> bool:
    return snapshot.directory(at=at).terrain.areas[str(area.pk)].accessible


class TestTheOneAct:
    def test_hides_what_stands_there_and_remembers_what_it_was(self, shelter, county):
        partners = make.service(area_=county, exposure="partners")
        elsewhere = make.service(area_=make.area(parent=county.parent))
        change(county)
        assert (exposure(shelter), exposure(partners)) == ("redacted", "redacted")
        assert exposure(elsewhere) == "public"
        assert partners.reviews.get().exposure_before == "partners"

    def test_of_a_state_concerns_its_counties_too(self, shelter, state):
        change(state)
        assert exposure(shelter) == "redacted"

    def test_makes_numbers_unknown_until_somebody_confirms_anew(self, shelter, county, caseworker):
        change(county)
        week = capacity.week_of(shelter, NOW)
        assert Service.objects.with_free(NOW, week).get(pk=shelter.pk).free is None
        assert (
            snapshot.capacity(capability="shelter", week=week)[str(shelter.pk)].reported_free
            is None
        )
        capacity.confirm(service_id=shelter.pk, free=2, by=caseworker, at=NOW)
        assert Service.objects.with_free(NOW, week).get(pk=shelter.pk).free == 2

    def test_raises_revisions_and_the_version_of_all_ways(self, shelter, county):
        version, revision = passability_version(), shelter.revision
        change(county)
        assert passability_version() == version + 1
        assert Service.objects.get(pk=shelter.pk).revision > revision

    @pytest.mark.parametrize(
        "wrong",
        [{"inaccessible": False}, {"source": ""}, {"expires_at": NOW}],
        ids=["says nothing", "no source", "no time to come"],
    )
    def test_says_what_is_wrong_and_does_nothing(self, shelter, county, wrong):
        with pytest.raises(UnableToReport):
            change(county, **wrong)
        assert exposure(shelter) == "public"
        assert not AreaReport.objects.exists()


class TestAReview:
    def test_shows_again_what_was_public(self, shelter, county, coordinator):
        change(county)
        decide(shelter.reviews.get(), "shown_again", coordinator)
        assert exposure(shelter) == "public"

    def test_keeps_hidden_and_may_show_it_later(self, shelter, county, coordinator):
        change(county)
        one = shelter.reviews.get()
        decide(one, "kept_hidden", coordinator)
        assert exposure(shelter) == "redacted"
        decide(one, "shown_again", coordinator)
        assert exposure(shelter) == "public"

    def test_twice_is_once_and_another_decision_is_told(self, shelter, county, coordinator):
        change(county)
        one = shelter.reviews.get()
        decide(one, "shown_again", coordinator)
        decide(one, "shown_again", coordinator)
        with pytest.raises(UnableToReview):
            decide(one, "kept_hidden", coordinator)

    def test_after_two_changes_it_is_still_known_who_could_know_the_place(
        self, shelter, county, coordinator
    ):
        change(county)
        decide(shelter.reviews.get(), "kept_hidden", coordinator)
        change(county, at=NOW + DAY)
        newest = shelter.reviews.open().get()
        assert newest.exposure_before == "public"
        with pytest.raises(UnableToReview):
            decide(shelter.reviews.hiding().get(), "shown_again", coordinator)


def decide(review, outcome, by):
    situation.review(review_id=review.pk, outcome=outcome, by=by, at=NOW)


class TestAReportThatRunsOut:
    def test_blocks_no_more_raises_the_version_once_and_shows_nothing_again(self, shelter, county):
        change(county)
        later = NOW + 10 * DAY
        assert not accessible(county, NOW + DAY)
        before = passability_version()
        assert accessible(county, later)
        assert ways.expire(at=later) is False  # who looked first has raised it
        assert passability_version() == before + 1
        assert exposure(shelter) == "redacted"

    def test_is_asked_about_until_somebody_renews_or_ends_it(self, shelter, county, coordinator):
        report, later = change(county), NOW + 10 * DAY
        assert list(AreaReport.objects.run_out(later)) == [report]
        told = {"report_id": report.pk, "source": "", "by": coordinator, "at": later}
        situation.renew(expires_at=later + DAY, **told)
        assert situation.renew(expires_at=later + DAY, **told) is None
        assert not AreaReport.objects.run_out(later).exists()
        assert not accessible(county, later)

    def test_refuses_what_was_decided_before_it_ran_out(self, shelter, county):
        other = make.area(parent=county.parent)
        make.link(county, other)
        change(other, expires_at=NOW + DAY)
        seen = capacity.Seen(shelter.revision, passability_version())
        with pytest.raises(capacity.DirectoryChanged):
            capacity.hold(service=shelter, n=1, at=NOW + 2 * DAY, seen=seen)
        assert capacity.hold(service=shelter, n=1, at=NOW, seen=seen) == 1

    def test_that_was_ended_opens_the_way_but_shows_nothing(self, shelter, county, coordinator):
        report = change(county)
        assert situation.end(report_id=report.pk, by=coordinator, at=NOW + DAY)
        assert not situation.end(report_id=report.pk, by=coordinator, at=NOW + DAY)
        assert accessible(county, NOW + DAY)
        assert exposure(shelter) == "redacted"


class TestAWay:
    def test_a_front_line_stays_when_its_report_runs_out(self, county):
        link = make.link(county, make.area(parent=county.parent))
        ways.report_impassable(
            link_id=link.pk, source="OCHA", front_line=True, expires_at=NOW + DAY, at=NOW
        )
        ways.expire(at=NOW + 2 * DAY)
        link.refresh_from_db()
        assert link.front_line
        report = PassabilityReport.objects.run_out(NOW + 2 * DAY).get()
        ways.end_way_report(report_id=report.pk, at=NOW + 2 * DAY)
        link.refresh_from_db()
        assert not link.front_line
