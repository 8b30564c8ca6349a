"""Three facts: what the provider reports, what we hold, what we placed since."""

from __future__ import annotations

from datetime import timedelta

import pytest

from providers import capacity, services
from providers.models import Service
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    return make.area("Juba", parent=make.area("Central Equatoria"))


def again(service: Service) -> Service:
    return Service.objects.get(pk=service.pk)


def agree(service: Service, n: int, *, at=NOW) -> None:
    held = capacity.hold(service=service, n=n, at=at)
    capacity.settle(service=service, held=held, placed=n, at=at)


class TestHold:
    def test_takes_all_places_of_a_group_at_once(self, county):
        shelter = make.service(area_=county, free=4)
        assert capacity.hold(service=shelter, n=4, at=NOW) == 4
        assert (again(shelter).held, again(shelter).open_asks) == (4, 1)

    def test_refuses_a_group_that_does_not_fit_and_takes_nothing(self, county):
        shelter = make.service(area_=county, free=3)
        with pytest.raises(capacity.UnableToHold):
            capacity.hold(service=shelter, n=4, at=NOW)
        assert (again(shelter).held, again(shelter).open_asks) == (0, 0)

    def test_counts_what_is_held_and_placed(self, county):
        shelter = make.service(area_=county, free=3)
        agree(shelter, 1)
        capacity.hold(service=shelter, n=1, at=NOW)
        capacity.hold(service=shelter, n=1, at=NOW)
        with pytest.raises(capacity.UnableToHold):
            capacity.hold(service=shelter, n=1, at=NOW)

    def test_asks_without_a_hold_where_the_number_is_unknown_five_times_at_most(self, county):
        shelter = make.service(area_=county, free=None)
        assert [capacity.hold(service=shelter, n=2, at=NOW) for _ in range(5)] == [0] * 5
        with pytest.raises(capacity.UnableToHold):
            capacity.hold(service=shelter, n=2, at=NOW)

    def test_treats_a_number_older_than_thirty_days_as_unknown(self, county):
        shelter = make.service(area_=county, free=0)
        later = NOW + timedelta(days=31)
        assert capacity.hold(service=shelter, n=1, at=later) == 0

    def test_never_fails_where_nothing_is_counted(self, county):
        hotline = make.service("hotline", area_=county, free=None)
        for _ in range(7):
            assert capacity.hold(service=hotline, n=1, at=NOW) == 0

    def test_refuses_a_service_that_changed_since_it_was_seen(self, county):
        shelter = make.service(area_=county, free=3)
        seen = capacity.Seen(shelter.revision, services.passability_version())
        services.change_service(service_id=shelter.pk, at=NOW, min_age=18)
        with pytest.raises(capacity.DirectoryChanged):
            capacity.hold(service=shelter, n=1, at=NOW, seen=seen)
        assert again(shelter).held == 0

    def test_refuses_when_a_way_changed_since_it_was_seen(self, county):
        shelter = make.service(area_=county, free=3)
        seen = capacity.Seen(shelter.revision, services.passability_version())
        services.ways_changed(at=NOW)
        with pytest.raises(capacity.DirectoryChanged):
            capacity.hold(service=shelter, n=1, at=NOW, seen=seen)

    def test_does_not_mind_that_only_numbers_changed(self, county):
        shelter = make.service(area_=county, free=3)
        seen = capacity.Seen(shelter.revision, services.passability_version())
        capacity.confirm(service_id=shelter.pk, free=1, by=make.user(), at=NOW)
        assert capacity.hold(service=shelter, n=1, at=NOW, seen=seen) == 1


class TestConfirm:
    def test_zeroes_what_was_placed_and_keeps_what_is_held(self, county):
        shelter = make.service(area_=county, free=5)
        agree(shelter, 2)
        capacity.hold(service=shelter, n=1, at=NOW)
        capacity.confirm(service_id=shelter.pk, free=2, by=make.user(), at=NOW)
        found = again(shelter)
        assert (found.reported_free, found.held, found.placed_since) == (2, 1, 0)

    def test_may_lower_the_number_below_what_is_held(self, county):
        shelter = make.service(area_=county, free=2)
        capacity.hold(service=shelter, n=2, at=NOW)
        capacity.confirm(service_id=shelter.pk, free=0, by=make.user(), at=NOW)
        with pytest.raises(capacity.UnableToHold):
            capacity.hold(service=shelter, n=1, at=NOW)

    def test_refuses_more_than_there_are_places_and_says_how_many_there_are(self, county):
        shelter = make.service(area_=county, free=3, maximum=12)
        with pytest.raises(capacity.UnableToConfirm, match="12 or less"):
            capacity.confirm(service_id=shelter.pk, free=13, by=make.user(), at=NOW)

    def test_all_still_correct_keeps_what_is_shown(self, county):
        owner = make.organization()
        shelter = make.service(area_=county, organization_=owner, free=5)
        unknown = make.service(area_=county, organization_=owner, free=None)
        agree(shelter, 2)
        later = NOW + timedelta(hours=2)
        done = capacity.confirm_all(
            services=Service.objects.of_organizations([owner]), by=make.user(), at=later
        )
        found = again(shelter)
        assert done == 2
        assert (found.reported_free, found.placed_since, found.confirmed_at) == (3, 0, later)
        assert again(unknown).reported_free is None
        assert again(unknown).confirmed_at == later

    def test_never_raises_the_revision(self, county):
        shelter = make.service(area_=county)
        capacity.confirm(service_id=shelter.pk, free=1, by=make.user(), at=NOW)
        assert again(shelter).revision == shelter.revision


class TestAppointments:
    def test_count_the_current_week_only(self, county):
        talk = make.service("psychosocial", area_=county, free=1)
        agree(talk, 1)
        with pytest.raises(capacity.UnableToHold):
            capacity.hold(service=talk, n=1, at=NOW)
        assert capacity.hold(service=talk, n=1, at=NOW + timedelta(days=7)) == 1


class TestFreePlace:
    def test_gives_back_a_place_of_somebody_who_did_not_come(self, county):
        shelter = make.service(area_=county, free=2)
        agree(shelter, 2)
        capacity.free_place(service=shelter, placed=2, since=NOW, at=NOW)
        assert again(shelter).placed_since == 0

    def test_does_nothing_when_the_provider_has_counted_anew_since(self, county):
        shelter = make.service(area_=county, free=2)
        agree(shelter, 1)
        later = NOW + timedelta(hours=1)
        capacity.confirm(service_id=shelter.pk, free=1, by=make.user(), at=later)
        agree(shelter, 1, at=later)
        capacity.free_place(service=shelter, placed=1, since=NOW, at=later)
        assert again(shelter).placed_since == 1


class TestChangingTheDirectory:
    def test_raises_the_revision_with_every_filter_relevant_change(self, county):
        shelter = make.service(area_=county)
        services.change_service(service_id=shelter.pk, at=NOW, conditions=["documents"])
        assert again(shelter).revision == shelter.revision + 1

    def test_closing_an_area_raises_its_services_and_the_ways(self, county):
        shelter = make.service(area_=county)
        before = services.passability_version()
        services.set_area_accessible(area_id=county.pk, accessible=False, at=NOW)
        assert again(shelter).revision == shelter.revision + 1
        assert services.passability_version() == before + 1

    def test_a_change_of_the_organization_raises_all_its_services(self, county):
        shelter = make.service(area_=county)
        services.change_organization(
            organization_id=shelter.organization_id, at=NOW, authority="police"
        )
        assert again(shelter).revision == shelter.revision + 1

    def test_names_a_field_that_is_none(self, county):
        shelter = make.service(area_=county)
        with pytest.raises(services.UnableToChangeService, match="held"):
            services.change_service(service_id=shelter.pk, at=NOW, held=3)
