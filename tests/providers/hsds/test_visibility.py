"""Who reads what at /hsds/: nothing by default, the public what is public, partners the area."""

from __future__ import annotations

import json
from itertools import product

import pytest
from django.test import override_settings

from providers.models import Membership
from tests import factories as make
from tests.providers.hsds.conftest import token_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]

LISTS = ("services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms")
EVERYTHING = [
    "services", "services?full=true", "services?minimal=true", "services?format=ndjson&full=true",
    "organizations", "organizations?full=true", "organizations?full_service=true",
    "organizations?full_service=true&format=ndjson", "service_at_locations",
    "service_at_locations?full=true", "service_at_locations?full=true&format=ndjson",
    "services?full=true&profile=opennrm",
]  # fmt: skip
SECRETS = ("Blue house", "4.8333", "31.6111", "920 999 999")


def body(response) -> str:
    if response.streaming:
        return b"".join(response.streaming_content).decode()
    return response.content.decode()


def names(client, path="services", **headers) -> list[str]:
    found = json.loads(body(client.get(f"/hsds/{path}", headers=headers)))
    return sorted(one["name"] for one in found["contents"])


@override_settings(HSDS_API="off")
def test_off_is_like_an_address_that_is_none(client, directory, partner):
    paths = ["", "profile/", "openapi.json", *LISTS, "nothing"]
    for path, headers in product(paths, ({}, partner)):
        response = client.get(f"/hsds/{path}", headers=headers)
        assert response.status_code == 404
        assert response.json()["errors"][0]["code"] == "not_found"


@override_settings(HSDS_API="partners")
def test_partners_come_by_token_alone(client, directory, partner):
    assert client.get("/hsds/services").status_code == 401
    client.force_login(make.user("caseworker"))
    assert client.get("/hsds/services").status_code == 401, "a page's cookie opens nothing"
    assert client.get("/hsds/services", headers=partner).status_code == 200


@override_settings(HSDS_API="partners")
def test_without_a_role_a_token_opens_nothing(client, directory):
    user = make.user("caseworker")
    headers = token_of(user)
    Membership.objects.filter(user=user).update(ended_at=directory.walk.created_at)
    assert client.get("/hsds/services", headers=headers).status_code == 403


def test_the_public_reads_what_is_public(client, directory):
    assert names(client) == ["Escort", "Morning clinic", "Night line", "Talks"]


def test_a_partner_reads_of_confidential_services_too(client, directory, partner):
    assert names(client, **partner) == [
        "Escort", "House of the river", "Law desk", "Morning clinic", "Night line", "Talks",
    ]  # fmt: skip


def test_people_of_the_police_do_not(client, directory):
    police = make.organization(authority="police", is_security_actor=True)
    headers = token_of(make.user("provider", police))
    assert "House of the river" not in names(client, **headers)


def test_where_everyone_may_read_a_token_without_a_role_is_the_public(client, directory):
    assert names(client, **token_of(make.user())) == names(client)


def test_a_token_that_opens_nothing_is_refused_where_all_may_read(client, directory):
    headers = {"authorization": "Token nrm_" + "f" * 64}
    assert client.get("/hsds/services", headers=headers).status_code == 401


def test_for_whom_it_is_absent_it_cannot_be_asked_for(client, directory, partner):
    for path in ("services", "service_at_locations"):
        address = f"/hsds/{path}/{directory.house.pk}"
        assert client.get(address).status_code == 404
        assert client.get(address, headers=partner).status_code == 200


def test_an_organization_with_nothing_but_what_is_hidden_is_absent(client, directory, partner):
    directory.next_door.delete()
    address = f"/hsds/organizations/{directory.refuge.pk}"
    assert client.get(address).status_code == 404
    assert "Refuge" not in names(client, "organizations")
    assert client.get(address, headers=partner).status_code == 200


def test_no_answer_tells_where_a_confidential_service_is(client, directory, partner):
    secrets = (*SECRETS, str(directory.secret.pk))
    for path, headers in product(EVERYTHING, ({}, partner)):
        said = body(client.get(f"/hsds/{path}", headers=headers))
        assert [(path, secret) for secret in secrets if secret in said] == []


def test_nor_does_the_place_of_another_service_in_the_same_house(client, directory):
    found = client.get(f"/hsds/services/{directory.next_door.pk}").json()
    [at] = found["service_at_locations"]
    assert at["location"]["location_type"] == "virtual"
    assert "latitude" not in at["location"]


def test_its_own_people_do_not_read_the_place_here_either(client, directory):
    headers = token_of(make.user("provider", directory.refuge))
    said = body(client.get("/hsds/services?full=true", headers=headers))
    assert "House of the river" in said
    assert "4.8333" not in said


def test_the_relay_contact_of_a_confidential_service_is_told_to_partners(
    client, directory, partner
):
    type(directory.house).objects.filter(pk=directory.house.pk).update(reached_by="phone_first")
    found = client.get(f"/hsds/services/{directory.house.pk}", headers=partner).json()
    assert [one["number"] for one in found["phones"]] == ["+211 920 999 999"]


def test_no_distance_finds_more_than_the_area(client, directory, partner):
    """From the centre of the area beside it, by every metre that could tell two places apart: the
    house is 132.1 km from there, the clinic 132.5, the centre of their area 132.3."""
    in_juba = {"House of the river", "Morning clinic", "Talks"}
    answers = [
        in_juba & set(names(client, f"services?postcode=SS0106&proximity={metres}", **partner))
        for metres in range(131_800, 132_800, 25)
    ]
    assert {len(found) for found in answers} == {0, 3}, "an area comes as a whole"
