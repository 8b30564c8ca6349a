"""What of a service leaves the directory, in whatever format."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from providers import listed
from providers.importers.listing import AreaTold, PlaceTold
from providers.models import Location, Service
from tests import factories as make

pytestmark = pytest.mark.django_db
JUBA = AreaTold("SS0101", "v03", names=("Central Equatoria", "Juba"))


@pytest.fixture
def county():
    state = make.area("Central Equatoria", pcode="SS01")
    return make.area("Juba", parent=state, pcode="SS0101")


@pytest.fixture
def place(county):
    return Location.objects.create(
        organization=make.organization("Refuge"),
        area=county,
        name="Blue house",
        kind="House",
        latitude=4.8333,
        longitude=31.6111,
    )


@pytest.fixture
def caseworker():
    return make.user("caseworker")


def told(service, user):
    [one] = listed.listings(Service.objects.filter(pk=service.pk), user=user)
    return one


def test_a_public_service_is_told_with_its_place(county, place, caseworker):
    service = make.service(area_=county, location=place, languages=["pga"], conditions=["fees"])
    for user in (caseworker, None, AnonymousUser()):
        one = told(service, user)
        assert one.place == PlaceTold("Blue house", str(place.pk), "House", 4.8333, 31.6111)
        assert (one.area, one.source_id) == (JUBA, str(service.pk))
        assert (one.languages, one.conditions) == (("pga",), ("fees",))


def test_a_place_at_0_0_has_no_point(county, place, caseworker):
    Location.objects.filter(pk=place.pk).update(
        area=None, unlocated="origin", latitude=0, longitude=0
    )
    one = told(make.service(area_=county, location=place), caseworker)
    assert (one.place.name, one.place.latitude, one.place.longitude) == ("Blue house", None, None)


def test_a_confidential_one_without_even_to_its_own_people(county, place, caseworker):
    service = make.service(
        area_=county, location=place, organization_=place.organization, exposure="redacted",
        phone="0920", reached_by="referral_only", source="list", source_id="house-7",
    )  # fmt: skip
    for user in (caseworker, make.user("provider", place.organization)):
        one = told(service, user)
        assert (one.place, one.area, one.phones) == (None, JUBA, ())
        assert not [word for word in ("Blue", "4.83", "31.61", "house-7") if word in repr(one)]


def test_nor_is_the_place_of_another_service_in_that_house(county, place, caseworker):
    open_one = make.service(area_=county, location=place)
    make.service(area_=county, location=place, exposure="redacted")
    assert told(open_one, caseworker).place is None


def test_the_public_is_whoever_has_no_role(county):
    for exposure in ("partners", "redacted"):
        make.service(area_=county, exposure=exposure)
    for user in (None, AnonymousUser(), make.user()):
        assert list(listed.listings(Service.objects.all(), user=user)) == []


def test_police_are_told_of_no_confidential_service(county):
    make.service(area_=county, exposure="redacted")
    officer = make.user("provider", make.organization(authority="police"))
    assert list(listed.listings(Service.objects.all(), user=officer)) == []


def test_the_relay_contact_is_told(county, caseworker):
    service = make.service(
        area_=county, exposure="redacted", phone="0920", reached_by="phone_first"
    )
    assert [one.number for one in told(service, caseworker).phones] == ["0920"]


def test_a_country_has_its_own_name():
    assert listed.area_told(make.area("South Sudan", level=0)).names == ("South Sudan",)


def test_more_services_take_no_more_queries(county, caseworker):
    counts = []
    for _n in range(2):
        for _m in range(5):
            make.service(area_=county, languages=["pga"], conditions=["fees"], covers=[county])
        with CaptureQueriesContext(connection) as queries:
            list(listed.listings(Service.objects.all(), user=caseworker))
        counts.append(len(queries))
    assert counts == [11, 11]  # hours, phones and texts are three of them
