"""Living availability for machines: what is told of places, and what one may say of one's own."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from providers import details, teams
from providers.hours import Line
from providers.models import Service
from tests import factories as make
from tests.factories import NOW
from tests.machines import Machine, told, wrong
from tests.people import gather

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]


@pytest.fixture
def cast(db):
    return gather()


@pytest.fixture
def worker(cast):
    return Machine(cast.caseworker)


@pytest.fixture
def house(cast):
    return Machine(cast.provider)


@pytest.fixture
def path(cast):
    return f"availability/{cast.shelter.pk}/"


def row(cast) -> Service:
    return Service.objects.get(pk=cast.shelter.pk)


class TestWhatIsTold:
    def test_hours_stops_and_numbers_of_one_in_full(self, worker, cast):
        service = cast.shelter
        details.set_hours(service_id=service.pk, lines=[Line((5, 6), time(22), time(2))], at=NOW)
        stop = teams.Planned(cast.county, NOW.date(), NOW.date() + timedelta(days=2))
        teams.set_stops(service_id=service.pk, stops=[stop], at=NOW)
        service.phones.create(number="116", short=True, note="children")
        one = told(worker.get(f"services/{service.pk}/"))
        assert one["hours"] == [
            {"days": [5, 6], "opens": "22:00", "closes": "02:00",
             "valid_from": None, "valid_until": None},
        ]  # fmt: skip
        assert [(s["area"]["pcode"], s["ends_on"]) for s in one["stops"]] == [
            ("SS0101", "2026-11-25")
        ]
        assert one["phones"] == [
            {"number": "116", "short": True, "note": "children", "languages": [], "all_day": False}
        ]

    def test_who_confirmed_a_number_is_never_a_name(self, worker, house, cast, path):
        assert told(worker.get("services/"))["results"][0]["confirmed_by"] == "list"
        told(house.post(f"{path}confirm/", free=3))
        (one,) = told(worker.get("services/"))["results"]
        assert one["confirmed_by"] == "own"

    def test_of_a_confidential_one_nothing_that_leads_there(self, worker, cast):
        hidden = make.service(
            area_=cast.county, exposure="redacted", short_code="4321", email="a@example.org",
            url="https://door.example.org",
        )  # fmt: skip
        hidden.phones.create(number="0987")
        hidden.texts.create(what="how_to_reach", language="eng", text="By the gate")
        one = told(worker.get(f"services/{hidden.pk}/"))
        names = ("phone", "short_code", "phones", "email", "url", "texts")
        assert [one[name] for name in names] == ["", "", [], "", "", []]


class TestWhatIsSaid:
    def test_a_waiting_list_and_a_closing_are_in_force_at_once(self, house, worker, cast, path):
        said = {"takes_waiting_list": True, "meets_first": False, "closed_until": "2026-12-03"}
        told(house.post(f"{path}more/", **said))
        (one,) = told(worker.get("services/"))["results"]
        assert {name: one[name] for name in said} == said
        assert one["state_now"] == "closed"

    @pytest.mark.parametrize("day", ["2026-11-23", "2030-01-01", "soon", 3])
    def test_a_day_that_cannot_be_is_refused(self, house, cast, path, day):
        said = {"takes_waiting_list": False, "meets_first": False, "closed_until": day}
        assert list(wrong(house.post(f"{path}more/", **said))) == ["closed_until"]
        assert row(cast).closed_until is None

    def test_the_places_are_counted_apart(self, house, cast, path):
        told(house.post(f"{path}split/", parts=["", "family"]))
        parts = told(house.get("availability/"))["results"]
        assert sorted(one["places_for"] for one in parts) == ["", "family"]
        assert list(wrong(house.post(f"{path}split/", parts=["family"]))) == ["parts"]

    def test_how_many_there_are_in_all_goes_with_the_number(self, house, cast, path):
        told(house.post(f"{path}confirm/", free=3, maximum=60))
        assert (row(cast).reported_free, row(cast).maximum) == (3, 60)
        told(house.post(f"{path}confirm/", free=4))
        assert row(cast).maximum == 60
        assert list(wrong(house.post(f"{path}confirm/", free=7, maximum=6))) == ["free"]
