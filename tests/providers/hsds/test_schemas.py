"""Every answer is valid HSDS 3.1 by its own schemas, wherever these are at hand."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from providers.hsds import documents, patches
from tests.providers.hsds import schemas
from tests.providers.hsds.listings import as_listed, listings
from tests.providers.hsds.test_round_trip import TRIED
from tests.providers.hsds.test_visibility import body

pytestmark = [schemas.needed, pytest.mark.once]
SINGLE = {
    "services": "service",
    "organizations": "organization",
    "service_at_locations": "service_at_location",
    "taxonomies": "taxonomy",
    "taxonomy_terms": "taxonomy_term",
}
INSIDE = {  # what stands in a list that was asked for in full
    "services?full=true": "service",
    "organizations?full=true": "organization",
    "organizations?full_service=true": "organization",
    "service_at_locations?full=true": "service_at_location",
}


def answers(client, path: str, headers):
    """Of everybody who may ask: the public, and a partner."""
    for told in ({}, headers):
        yield json.loads(body(client.get(f"/hsds/{path}", headers=told)))


@pytest.mark.django_db
@pytest.mark.parametrize("kind", SINGLE)
def test_every_list_and_every_record_is_valid(client, directory, partner, kind):
    for page in answers(client, kind, partner):
        assert schemas.faults_of_page(kind, page) == []
        for one in page["contents"]:
            told = client.get(f"/hsds/{kind}/{one['id']}", headers=partner).json()
            assert schemas.faults(SINGLE[kind], told) == []


@pytest.mark.django_db
@pytest.mark.parametrize("path", INSIDE)
def test_so_is_a_list_in_full(client, directory, partner, path):
    for page in answers(client, path, partner):
        assert page["contents"]
        assert schemas.faults_of_page(path.partition("?")[0], page) == []
        assert [x for one in page["contents"] for x in schemas.faults(INSIDE[path], one)] == []


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["services?minimal=true", "services?search=nothing+of+the+kind"])
def test_so_is_a_short_one_and_an_empty_one(client, directory, partner, path):
    for page in answers(client, path, partner):
        assert schemas.faults_of_page("services", page) == []


@pytest.mark.django_db
def test_the_specification_calls_a_service_at_a_location_a_service(client, directory):
    told = client.get(f"/hsds/service_at_locations/{directory.walk.pk}").json()
    assert schemas.faults("service", told) == []


@TRIED
@given(told=listings())
def test_so_is_whatever_a_listing_may_say(told):
    one = as_listed(told)
    assert schemas.faults("service", documents.service(one)) == []
    assert schemas.faults("service_list", documents.service_row(one)) == []
    assert schemas.faults("organization", documents.organization([one], full_service=True)) == []


def patched(name: str) -> dict:
    return patches.apply(schemas.plain(name), patches.all_patches()[name])


def test_every_patch_is_of_a_schema_that_there_is():
    assert [name for name in patches.all_patches() if not schemas.plain(name)["properties"]] == []


@pytest.mark.django_db
def test_a_place_that_is_withheld_is_valid_by_the_profile_and_not_without_it(
    client, directory, partner
):
    path = f"/hsds/services/{directory.house.pk}?profile=opennrm"
    told = client.get(path, headers=partner).json()
    [at] = told["service_at_locations"]
    assert at["location"]["location_type"] == "redacted"
    assert schemas.faults("location", at["location"]) != []
    assert schemas.faults("location", at["location"], patched=patched("location")) == []
    pointed = at["location"] | {"latitude": 4.8, "longitude": 31.6}
    assert len(schemas.faults("location", pointed, patched=patched("location"))) == 2


@TRIED
@given(told=listings())
def test_whatever_a_listing_may_say_is_valid_by_the_profile(told):
    document = documents.service(as_listed(told), profile=True)
    parts = {
        "service": [document],
        "location": [one["location"] for one in document.get("service_at_locations", ())],
        "attribute": document["attributes"],
        "service_capacity": document.get("capacities", ()),
        "service_area": [one for one in document.get("service_areas", ()) if "uri" in one],
    }
    assert set(parts) == set(patches.all_patches())
    for name, inside in parts.items():
        found = [x for one in inside for x in schemas.faults(name, one, patched=patched(name))]
        assert [one for one in found if "'redacted' is not one of" not in one] == []
