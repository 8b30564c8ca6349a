"""The directory for machines: the rows of the pages, in bounded pages, by closed filters."""

from __future__ import annotations

import pytest

from providers.models import Service
from tests import factories as make
from tests.machines import Machine, code, told, wrong
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


def names(response) -> list[str]:
    return [one["name"] for one in told(response)["results"]]


class TestServices:
    @pytest.fixture(autouse=True)
    def others(self, cast):
        far = make.area("Yei", parent=make.area("Other", pcode="SS02"), pcode="SS0201")
        make.service("shelter", area_=far, name="Full House", free=0)
        make.service("education", area_=cast.county, name="School", free=None)

    @pytest.mark.parametrize(
        ("filters", "found"),
        [
            ({}, ["Hope Shelter", "Full House", "School"]),
            ({"area": "SS0101"}, ["Hope Shelter", "School"]),
            ({"area": "ss02"}, ["Full House"]),
            ({"help": "education"}, ["School"]),
            ({"now": "full"}, ["Full House"]),
            ({"now": "unknown"}, ["School"]),
            ({"kind": "un"}, []),
            ({"q": "hope"}, ["Hope Shelter"]),
            ({"q": "hope", "help": "education"}, []),
        ],
    )
    def test_are_filtered_as_on_the_page(self, worker, filters, found):
        assert names(worker.get("services/", **filters)) == found

    def test_come_in_pages(self, worker):
        first = told(worker.get("services/", page_size=2))
        assert (first["count"], len(first["results"])) == (3, 2)
        assert first["next"] == "/api/v1/services/?page_size=2&page=2"
        second = told(worker.get(first["next"]))
        assert [one["name"] for one in second["results"]] == ["School"]
        assert second["next"] is None
        assert second["previous"] == "/api/v1/services/?page_size=2&page=1"
        assert told(worker.get("services/", page=9))["results"] == []

    def test_ask_the_same_number_of_questions_for_any_number_of_rows(
        self, worker, cast, django_assert_num_queries
    ):
        def asked(rows: int) -> None:
            with django_assert_num_queries(10):
                assert told(worker.get("services/"))["count"] == rows

        asked(3)
        for _n in range(9):
            make.service(area_=cast.county, conditions=["fees"], languages=["pga"])
        asked(12)

    def test_a_confidential_one_tells_no_place_and_no_telephone(self, worker, cast):
        hidden = make.service(area_=cast.county, name="Hidden", exposure="redacted", phone="+211 1")
        one = told(worker.get(f"services/{hidden.pk}/"))
        assert (one["place"], one["phone"]) == (None, "")

    def test_people_of_an_authority_do_not_read_of_a_confidential_one(self, cast):
        hidden = make.service(area_=cast.county, name="Hidden", exposure="redacted")
        police = make.organization("Police", kind="state", authority="police")
        officer = Machine(make.user("coordinator", police))
        assert "Hidden" not in names(officer.get("services/"))
        assert code(officer.get(f"services/{hidden.pk}/"), 404) == "not_found"
        assert hidden.organization.name not in names(officer.get("organizations/"))

    def test_one_in_full(self, worker, cast, django_assert_max_num_queries):
        with django_assert_max_num_queries(16):
            one = told(worker.get(f"services/{cast.shelter.pk}/"))
        assert one["organization"]["name"] == "Hope House"
        assert one["free"] == 50


def test_areas_by_level_and_part(worker):
    assert names(worker.get("areas/", level="2")) == ["Juba"]
    assert names(worker.get("areas/", within="SS0101")) == ["Juba"]
    assert "level" in wrong(worker.get("areas/", level="7"))


def test_organizations_and_places(worker):
    assert "Hope House" in names(worker.get("organizations/"))
    assert names(worker.get("organizations/", q="hope")) == ["Hope House"]
    assert told(worker.get("places/", sort="located"))["count"] == 0


def test_without_a_role_the_directory_is_closed():
    nobody = Machine(make.user())
    for path in ("areas/", "organizations/", "services/", "places/", "availability/", "unmet/"):
        assert code(nobody.get(path), 403) == "permission_denied"
    assert told(nobody.get("me/"))["roles"] == []


class TestOwnNumbers:
    def row(self, cast) -> Service:
        return Service.objects.get(pk=cast.shelter.pk)

    def test_are_read_and_confirmed(self, house, cast):
        (one,) = told(house.get("availability/"))["results"]
        assert one["reported_free"] == 50
        told(house.post(f"availability/{cast.shelter.pk}/confirm/", free=7))
        assert self.row(cast).reported_free == 7
        told(house.post(f"availability/{cast.shelter.pk}/confirm/", free=None))
        assert self.row(cast).reported_free is None

    @pytest.mark.parametrize("free", [-1, 51, 10_000, 2**53, "7", True, 1.5, ""])
    def test_that_cannot_be_true_are_refused(self, house, cast, free):
        response = house.post(f"availability/{cast.shelter.pk}/confirm/", free=free)
        assert list(wrong(response)) == ["free"]
        assert self.row(cast).reported_free == 50

    def test_all_are_confirmed_at_once(self, house):
        assert told(house.post("availability/confirm-all/"))["number"] == 1

    def test_a_service_is_closed_and_opened(self, house, cast):
        path = f"availability/{cast.shelter.pk}/"
        assert told(house.post(f"{path}close/", cause="funding"))["state"] == "suspended"
        assert told(house.post(f"{path}reopen/"))["state"] == "functioning"

    def test_of_others_are_not_found(self, cast):
        other = Machine(cast.excluded)
        path = f"availability/{cast.shelter.pk}/confirm/"
        assert code(other.post(path, free=1), 404) == "not_found"

    def test_are_not_for_caseworkers(self, worker, cast):
        assert code(worker.get("availability/"), 403) == "permission_denied"
