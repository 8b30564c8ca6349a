"""Every parameter of the specification: what it finds, and what is told of a bad value."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from providers.hsds.asked import LISTS
from providers.hsds.terms import TAXONOMIES, all_terms, term
from tests.factories import NOW
from tests.providers.hsds.test_visibility import body

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]

PUBLIC = ["Escort", "Morning clinic", "Night line", "Talks"]


def found(client, path="services", **asked) -> list[str]:
    response = client.get(f"/hsds/{path}", asked)
    assert response.status_code == 200, response.content.decode()
    return [one["name"] for one in response.json()["contents"]]


# ------------------------------------------------------------------------- pages
def test_a_page_says_where_it_stands(client, directory):
    told = client.get("/hsds/services?page=2&per_page=3").json()
    names = [one["name"] for one in told.pop("contents")]
    assert names == ["Talks"]
    assert told == {
        "total_items": 4, "total_pages": 2, "page_number": 2, "size": 1,
        "first_page": False, "last_page": True, "empty": False,
    }  # fmt: skip


def test_a_page_after_the_last_one_is_empty(client, directory):
    told = client.get("/hsds/services?page=9").json()
    assert (told["empty"], told["last_page"], told["contents"]) == (True, True, [])


def test_what_nothing_fits_is_one_empty_page(client, directory):
    told = client.get("/hsds/services?search=zzz").json()
    assert (told["total_items"], told["total_pages"], told["empty"]) == (0, 1, True)


# ------------------------------------------------------------------------- what is found
WORDS = {
    "clinic morning": ["Morning clinic"],
    "refuge": ["Talks"],
    "counselling": ["Talks"],
    "yei": ["Escort"],
    "river": [],
}


def test_every_word_is_searched_for(client, directory):
    assert {words: found(client, search=words) for words in WORDS} == WORDS


TERMS = {
    ("capabilities", "psychosocial"): ["Talks"],
    ("capabilities", "pillar_1"): ["Night line"],
    ("conditions", "fees"): ["Morning clinic"],
    ("conditions", "none"): ["Escort", "Night line", "Talks"],
    ("reached", "phone_first"): ["Night line", "Talks"],
    ("reports", "police"): ["Talks"],
    ("access", "step_free"): ["Morning clinic"],
    ("people", "men"): PUBLIC,
    ("facts", "remote"): ["Night line"],
    ("facts", "mobile"): ["Escort"],
    ("facts", "synthetic"): ["Escort"],
    ("facts", "languages"): ["Escort", "Night line", "Talks"],
}


def test_a_term_finds_what_is_written_with_it(client, directory):
    assert {key: found(client, taxonomy_term_id=term(*key).id) for key in TERMS} == TERMS


def test_so_it_does_among_services_at_locations(client, directory):
    key = term("reached", "phone_first").id
    [at] = client.get(f"/hsds/service_at_locations?taxonomy_term_id={key}").json()["contents"]
    assert at["service"]["name"] == "Talks"


def test_no_term_makes_an_error_and_an_unknown_one_finds_nothing(client, directory):
    for key in all_terms():
        found(client, taxonomy_term_id=key)
    assert found(client, taxonomy_term_id=uuid4()) == []


def test_a_taxonomy_finds_what_has_any_of_its_terms(client, directory):
    assert found(client, taxonomy_id=TAXONOMIES["access"].id) == ["Morning clinic"]
    assert found(client, taxonomy_id=TAXONOMIES["capabilities"].id) == PUBLIC
    assert found(client, taxonomy_id=uuid4()) == []


def test_services_of_one_organization(client, directory):
    assert found(client, organization_id=directory.refuge.pk) == ["Talks"]


def test_organizations_by_what_they_do(client, directory):
    key = term("capabilities", "psychosocial").id
    assert found(client, "organizations", taxonomy_term_id=key) == ["Refuge"]
    assert found(client, "organizations", search="clin") == ["Clinic"]


def test_what_changed_since(client, directory):
    type(directory.walk).objects.filter(pk=directory.walk.pk).update(
        changed_at=NOW + timedelta(hours=2)
    )
    for moment in ("2026-11-23T11:00:00Z", "2026-11-23T13:00:00+02:00", "2026-11-23T11:00:00"):
        assert found(client, modified_after=moment) == ["Morning clinic"]
    assert found(client, modified_after="2026-11-24") == []
    assert found(client, modified_after="2026-11-23") == PUBLIC


def test_a_plus_that_was_not_escaped_is_still_an_offset(client, directory):
    told = client.get("/hsds/services?modified_after=2026-11-23T13:00:00+02:00")
    assert told.json()["contents"] == []


def test_the_shortest_form_of_all_services_in_one_call(client, crowd):
    told = client.get("/hsds/services?minimal=true").json()
    assert told["size"] == told["total_items"] == 34
    assert set(told["contents"][0]) == {"id", "name", "status", "last_modified", "modified_date"}


CODES = {
    "SS0101": ["Escort", "Morning clinic", "Night line", "Talks"],
    "ss0106": ["Escort", "Night line"],
    "SS01": PUBLIC,
}


def test_a_p_code_stands_for_a_postcode(client, directory):
    assert {code: found(client, postcode=code) for code in CODES} == CODES


def test_proximity_is_between_the_centres_of_areas(client, directory):
    assert found(client, postcode="SS0106", proximity="0") == ["Escort"]
    assert found(client, postcode="SS0106", proximity="131000") == ["Escort"]
    assert found(client, postcode="SS0106", proximity="133000") == [
        "Escort", "Morning clinic", "Talks",
    ]  # fmt: skip


# ------------------------------------------------------------------------- full, and streams
def test_a_stream_holds_everything_one_to_a_line(client, directory):
    path = f"/hsds/services?format=ndjson&full=true&organization_id={directory.clinic.pk}"
    response = client.get(path, headers={"accept": "application/x-ndjson"})
    assert response["Content-Type"] == "application/x-ndjson"
    told = [json.loads(line) for line in body(response).splitlines()]
    assert [one["name"] for one in told] == ["Escort", "Morning clinic", "Night line"]
    assert told[1] == client.get(f"/hsds/services/{directory.walk.pk}").json()


@pytest.mark.parametrize("kind", LISTS)
def test_every_list_can_be_a_stream(client, directory, kind):
    pages = client.get(f"/hsds/{kind}?per_page=100").json()["contents"]
    lines = body(client.get(f"/hsds/{kind}?format=ndjson")).splitlines()
    assert [json.loads(one) for one in lines] == pages


def test_an_organization_with_its_services_in_short_and_in_full(client, directory):
    address = f"/hsds/organizations/{directory.clinic.pk}"
    short, full = (client.get(address + query).json() for query in ("", "?full_service=true"))
    assert [set(one) for one in short["services"]] == [{"id", "name", "status"}] * 3
    [walk] = [one for one in full["services"] if one["name"] == "Morning clinic"]
    assert walk == client.get(f"/hsds/services/{directory.walk.pk}").json()
    assert [one["name"] for one in short["locations"]] == ["Gate clinic"]


def test_terms_by_taxonomy_parent_and_top(client, directory):
    capabilities = TAXONOMIES["capabilities"].id
    top = found(client, "taxonomy_terms", taxonomy_id=capabilities, top_only="true")
    assert top == ["Identification and protection", "Individual support", "Social inclusion",
                   "Justice and redress"]  # fmt: skip
    pillar = term("capabilities", "pillar_3").id
    assert "Work and income" in found(client, "taxonomy_terms", parent_id=pillar)
    assert found(client, "taxonomy_terms", search="going out") == ["No phone, or no going out"]


# ------------------------------------------------------------------------- POST
@pytest.mark.parametrize("kind", LISTS)
def test_a_post_asks_the_same_and_changes_nothing(client, directory, partner, kind):
    asked = client.get(f"/hsds/{kind}?per_page=2&page=1", headers=partner).json()
    with CaptureQueriesContext(connection) as queries:
        in_address = client.post(f"/hsds/{kind}?per_page=2&page=1", headers=partner)
        as_form = client.post(
            f"/hsds/{kind}",
            "per_page=2&page=1",
            headers=partner,
            content_type="application/x-www-form-urlencoded",
        )
        as_json = client.post(
            f"/hsds/{kind}", {"per_page": 2, "page": "1"}, headers=partner,
            content_type="application/json",
        )  # fmt: skip
    assert [one.json() for one in (in_address, as_form, as_json)] == [asked] * 3
    assert not [one for one in queries if not one["sql"].lstrip().startswith("SELECT")]


def test_a_post_needs_no_token_of_a_form(directory):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/hsds/services", {}, content_type="application/json").status_code == 200


# ------------------------------------------------------------------------- bad values
BAD = [
    ("page", "0"), ("page", "x"), ("per_page", "101"), ("per_page", "-1"), ("format", "xml"),
    ("taxonomy_term_id", "fees"), ("taxonomy_id", "1"), ("organization_id", "Refuge"),
    ("modified_after", "yesterday"), ("modified_after", "2026-13-01"), ("minimal", "perhaps"),
    ("full", "2"), ("postcode", "XX9999"), ("proximity", "10"), ("search", "x" * 101),
    ("profile", "other"), ("nothing", "1"), ("top_only", "true"),
]  # fmt: skip


def refused(response) -> str:
    """The parameter that is named; with a sentence that says what is wrong with it."""
    assert response.status_code == 400
    [error] = response.json()["errors"]
    assert error["detail"]
    return error["attr"]


def test_a_bad_value_is_named(client, directory):
    for name, value in BAD:
        json_ = {"content_type": "application/json"}
        assert refused(client.get("/hsds/services", {name: value})) == name
        assert refused(client.post("/hsds/services", {name: value}, **json_)) == name


CONTRADICTIONS = {
    "postcode=SS0101&proximity=near": "proximity",
    "postcode=SS0101&proximity=nan": "proximity",
    "postcode=SS0101&proximity=-1": "proximity",
    "page=1&page=2": "page",
    "minimal=true&full=true": "minimal",
    "format=ndjson&page=2": "page",
}


def test_so_is_what_contradicts_itself(client, directory):
    told = {query: refused(client.get(f"/hsds/services?{query}")) for query in CONTRADICTIONS}
    assert told == CONTRADICTIONS


def test_organizations_with_their_services_come_ten_to_a_page(client, directory):
    for query in ("full=true", "full_service=true"):
        response = client.get(f"/hsds/organizations?{query}&per_page=11")
        assert response.json()["errors"][0]["attr"] == "per_page"


@pytest.mark.parametrize("value", [[1], {"a": 1}])
def test_a_value_is_one_value(client, directory, value):
    response = client.post("/hsds/services", {"search": value}, content_type="application/json")
    assert response.json()["errors"][0]["attr"] == "search"


def test_what_is_no_id_and_what_is_no_address_are_told_alike(client, directory):
    for path in ("services/1", "services/", "nothing", f"taxonomies/{uuid4()}"):
        response = client.get(f"/hsds/{path}")
        assert (response.status_code, response.json()["errors"][0]["code"]) == (404, "not_found")


# ------------------------------------------------------------------------- what it says of itself
def test_the_root_leads_to_the_profile_and_the_description(client, directory):
    told = client.get("/hsds/").json()
    assert told["version"] == "3.1"
    profile = client.get(told["profile"]).json()
    assert {client.get(one).status_code for one in profile["patches"].values()} == {200}
    description = client.get(told["openapi_url"]).json()
    assert set(description["paths"]) == {
        "/", *(f"/{one}" for one in LISTS), *(f"/{one}/{{id}}" for one in LISTS),
    }  # fmt: skip
    for name, allowed in LISTS.items():
        for method in ("get", "post"):
            told = description["paths"][f"/{name}"][method]["parameters"]
            assert [one["$ref"].rpartition("/")[2] for one in told] == list(allowed)


# ------------------------------------------------------------------------- how many queries
QUERIES = {
    "services": 13,
    "services?full=true": 13,
    "services?format=ndjson&full=true": 15,
    "organizations": 6,
    "organizations?full_service=true": 17,
    "service_at_locations?full=true": 13,
    "taxonomies": 1,
}


@pytest.mark.parametrize("path", QUERIES)
def test_more_services_take_no_more_queries(client, crowd, partner, path):
    with CaptureQueriesContext(connection) as queries:
        body(client.get(f"/hsds/{path}", headers=partner))
    assert len(queries) == QUERIES[path], "\n".join(one["sql"][:200] for one in queries)
