"""What stands in a document, without a database."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from providers.hsds import documents
from providers.importers.listing import (
    AreaTold,
    HoursTold,
    Listing,
    OrganizationTold,
    PlaceTold,
    Where,
)
from tests.providers.hsds.listings import as_listed

pytestmark = pytest.mark.once
JUBA = AreaTold("SS0101", "v03", names=("Central Equatoria", "Juba"))
TOLD = Listing(
    where=Where(1),
    source_id="5b0f3c1e-7a55-4f0e-9d0b-0f7a1b2c3d41",
    name="House",
    organization=OrganizationTold("Refuge", "0d0a8b2e-90a4-4c58-8a38-1d0e9f2a7b10"),
    place=PlaceTold("Blue door", "e1f3a5b7-9c1d-4e3f-8a5b-7c9d1e3f5a0b", "house", 4.8333, 31.6111),
    area=JUBA,
)


def document(**changes) -> dict:
    return documents.service(as_listed(replace(TOLD, **changes)))


def test_an_area_is_told_by_its_p_code():
    told = document()
    [at] = told["service_at_locations"]
    assert at["location"]["external_identifier"] == "SS0101"
    assert at["location"]["external_identifier_type"] == "OCHA P-code v03"
    [area] = told["service_areas"]
    assert area["uri"] == "urn:ocha:pcode:SS0101:v03"
    assert at["service_areas"] == [area]


@pytest.mark.parametrize("made", [documents.service, documents.service_at_location])
@pytest.mark.parametrize("profile", [True, False])
def test_a_confidential_place_is_never_written_whoever_made_the_listing(made, profile):
    said = json.dumps(made(as_listed(replace(TOLD, exposure="redacted")), profile=profile))
    assert not [one for one in ("Blue door", "4.8333", "31.6111", "e1f3a5b7") if one in said]
    assert "SS0101" in said


def test_nor_among_the_places_of_its_organization():
    hidden = as_listed(replace(TOLD, exposure="redacted"))
    assert "locations" not in documents.organization([hidden])
    assert len(documents.organization([hidden, as_listed(TOLD)])["locations"]) == 1


@pytest.mark.parametrize(
    ("operating", "status"),
    [
        ("functioning", "active"), ("partly", "active"), ("suspended", "temporarily closed"),
        ("closed", "inactive"), ("destroyed", "defunct"), (None, "active"),
        ("displaced", "temporarily closed"), ("a state to come", "inactive"),
    ],
)  # fmt: skip
def test_a_state_is_one_of_the_four_that_hsds_has(operating, status):
    assert document(operating=operating)["status"] == status


def test_hours_carry_the_offset_of_the_place():
    hours = (HoursTold((5, 6, 0), time(8, 30), time(17)),)
    [told] = document(hours=hours)["schedules"]
    assert (told["opens_at"], told["closes_at"]) == ("08:30+02:00", "17:00+02:00")
    assert (told["byday"], told["wkst"], told["timezone"]) == ("SA,SU,MO", "SA", 2)


def test_the_offset_may_be_half_an_hour_or_to_the_west():
    at = datetime(2026, 1, 1, tzinfo=UTC)
    for zone, offset, number in (("Asia/Kolkata", "+05:30", 5.5), ("America/Lima", "-05:00", -5)):
        hours = (HoursTold((0,), time(8), time(9)),)
        one = replace(as_listed(replace(TOLD, hours=hours)), zone=ZoneInfo(zone), changed_at=at)
        [told] = documents.service(one)["schedules"]
        assert (told["opens_at"], told["timezone"]) == (f"08:00{offset}", number)


def test_day_and_night_is_from_midnight_to_the_last_minute():
    [told] = document(hours=(HoursTold((0,), time(0), time(0)),))["schedules"]
    assert (told["opens_at"], told["closes_at"]) == ("00:00+02:00", "23:59+02:00")


def test_who_does_not_know_the_terms_reads_sentences():
    told = document(
        serves_women=True, serves_men=False, max_son_age=12, min_age=12, max_age=17,
        conditions=("documents", "fees"), reports_to={"police": "law"}, reached_by="phone_first",
    )  # fmt: skip
    assert told["eligibility_description"] == (
        "For: Women and girls. Not for: Men and boys. Sons up to age 12. From age 12 to 17. "
        "Asks first for: Identity papers; A fee. Reports to: Police (by law)."
    )
    assert told["application_process"] == "Phone first."
    assert told["fees_description"] == "A fee is asked for."
    assert [one["document"] for one in told["required_documents"]] == ["Identity papers"]


def test_capacity_is_what_the_provider_said():
    at = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
    [told] = document(unit="bed", reported_free=2, maximum=12, confirmed_at=at)["capacities"]
    assert (told["available"], told["maximum"], told["unit"]["name"]) == (2, 12, "bed")
    assert told["updated"] == "2026-11-23T06:30:00.000+00:00"


def test_what_is_invented_or_doubted_says_so():
    one = as_listed(TOLD)
    assert "alert" not in documents.service(one)
    alert = documents.service(replace(one, synthetic=True, doubted=True))["alert"]
    assert alert == f"{documents.SYNTHETIC} {documents.DOUBTED}"


def test_what_is_only_by_telephone_is_at_no_location():
    told = document(place=None, area=AreaTold(), remote=True)
    assert "service_at_locations" not in told
